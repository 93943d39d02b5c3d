// SPDX-License-Identifier: Apache-2.0
// Netdevs over rtnetlink: read, make, change, move, remove.
//
// A netdev is named by its ifindex in the namespace of the Netlink; `what` or the name is only for
// errors.
#ifndef XSW_USERSPACE_LINK_H_
#define XSW_USERSPACE_LINK_H_

#include <net/if.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "userspace/fd.h"
#include "userspace/mac.h"
#include "userspace/netlink.h"

namespace xsw {

// A netdev as the kernel reports it.
struct Link {
  int ifindex = 0;
  std::string name;
  std::string kind;  // "veth"; empty for a device made by a driver, a real NIC
  Mac mac{};
  uint32_t mtu = 0;
  uint32_t flags = 0;        // IFF_*
  uint32_t promiscuity = 0;  // how many want all frames: its user, sockets, a bridge, its driver
  uint16_t type = 0;         // ARPHRD_*
  uint32_t group = 0;
  int master = 0;
  uint32_t xdp_program = 0;       // id of its native XDP program
  int peer = 0;                   // veth: ifindex of the other end, in that end's namespace
  std::optional<int> peer_netns;  // nsid of the other end's namespace; none: the same as ours
  uint64_t rx_packets = 0;
  uint64_t tx_packets = 0;
  uint64_t rx_bytes = 0;
  uint64_t tx_bytes = 0;
  uint64_t rx_dropped = 0;

  bool up() const { return flags & IFF_UP; }
};

// A name that a netdev can have: fit for a path, and no pattern of which the kernel makes another
// name.
bool IsNetdevName(const std::string& name);

// NotFound: there is none. By name or by altname, of which there are longer ones. target_nsid: look
// in that namespace, as seen from nl's own.
absl::StatusOr<Link> GetLink(Netlink& nl, const std::string& name);
absl::StatusOr<Link> GetLink(Netlink& nl, int ifindex, std::optional<int> target_nsid = {});
// All, without IPv6's counters.
absl::StatusOr<std::vector<Link>> DumpLinks(Netlink& nl);

// One end of a veth pair that is to be made.
struct VethEnd {
  std::string name;
  Mac mac{};
  const Fd* netns = nullptr;  // where it is born; null: nl's own
  int ifindex = 0;            // 0: the kernel chooses. For a peer the kernel does in any case
  uint32_t queues = 0;        // rx and tx queues; 0: the kernel's default
};

// Both ends get mtu and are down.
absl::Status MakeVeth(Netlink& nl, const VethEnd& end, const VethEnd& peer, uint32_t mtu);

// Only what is set changes, in one request: all or nothing.
struct LinkChange {
  std::optional<Mac> mac;
  std::optional<uint32_t> mtu;
  std::optional<bool> up;
  std::optional<bool> promisc;
  std::optional<bool> allmulti;
  std::optional<int> master;  // 0: none
  std::string name;           // empty: stays
  const Fd* netns = nullptr;  // null: stays
};
absl::Status ChangeLink(Netlink& nl, int ifindex, const LinkChange& change,
                        const std::string& what);

absl::Status AddAltName(Netlink& nl, int ifindex, const std::string& name);
absl::Status DeleteLink(Netlink& nl, int ifindex, const std::string& what);
absl::Status DeleteLink(Netlink& nl, const std::string& name, const std::string& what);

// All in one request, so that the kernel waits for the end of their use once and not for each
// (link_group.cc). Those that are gone already are no error. On any other nothing is removed, and
// they may be left in a group of their own, which has no effect.
absl::Status DeleteLinks(Netlink& nl, const std::vector<int>& ifindices, const std::string& what);

// The nsid by which nl's namespace knows another one; none if it has none for it.
std::optional<int> NetnsId(Netlink& nl, const Fd& netns);

// Addresses that a netdev accepts beside its own (`bridge fdb show dev X self`), kept by the kernel
// without a process of ours. Adding one that is there, removing one that is not: OK.
absl::Status AddSelfAddress(Netlink& nl, int ifindex, const Mac& mac);
absl::Status RemoveSelfAddress(Netlink& nl, int ifindex, const Mac& mac);
// Those of a netdev of the caller's namespace, also what others have added.
absl::StatusOr<std::set<Mac>> SelfAddresses(int ifindex);

}  // namespace xsw

#endif  // XSW_USERSPACE_LINK_H_
