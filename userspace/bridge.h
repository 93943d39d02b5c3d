// SPDX-License-Identifier: Apache-2.0
// What the kernel says of its bridges (net/bridge) in nl's namespace, all of it at once.
#ifndef XSW_USERSPACE_BRIDGE_H_
#define XSW_USERSPACE_BRIDGE_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "userspace/mac.h"
#include "userspace/netlink.h"

namespace xsw {

// A port of a bridge in one VLAN.
struct BridgeVlan {
  bool pvid = false;
  bool untagged = false;    // leaves so
  bool forwarding = false;  // its spanning tree state
};

struct BridgePort {
  int bridge = 0;
  uint32_t mtu = 0;
  bool forwarding = false;  // its spanning tree state; no carrier: not
  bool isolated = false;
  bool suppresses = false;  // the bridge answers ARP or ND for others there
  bool tunnels = false;     // VLANs are mapped to a tunnel's
  std::map<uint16_t, BridgeVlan> vlans;
};

struct BridgeDev {
  bool up = false;
  bool promisc = false;
  bool vlan_filtering = false;
  uint16_t vlan_protocol = 0;  // ethertype, host byte order
  uint64_t ageing_ns = 0;      // 0: addresses are forgotten at once
  bool calls_iptables = false;
  bool mst = false;  // multiple spanning trees, of whose states there is no news
};

// A unicast address of the FDB that is behind a port; the bridge's own are left out.
struct BridgeAddress {
  int port = 0;
  int bridge = 0;
  Mac mac{};
  uint16_t vlan = 0;    // 0 in a bridge that is not VLAN-aware
  bool locked = false;  // seen on a locked port, and not let in
  bool ages = false;    // learned, or its activity is watched: the bridge must see its frames

  auto operator<=>(const BridgeAddress&) const = default;
};

struct Bridges {
  std::map<int, BridgeDev> devs;    // by ifindex
  std::map<int, BridgePort> ports;  // by ifindex
  // Netdevs of this namespace on top of which there is another (a VLAN, a macvlan) beside a bridge.
  std::set<int> with_uppers;
};

// Aborted, of both: it changed meanwhile; read it again.
absl::StatusOr<Bridges> ReadBridges(Netlink& nl);
// Of 60,000 the kernel tells in 0.2 s: it looks for each piece of its answer from the front.
absl::StatusOr<std::vector<BridgeAddress>> ReadBridgeAddresses(Netlink& nl);

}  // namespace xsw

#endif  // XSW_USERSPACE_BRIDGE_H_
