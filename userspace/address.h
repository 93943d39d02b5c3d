// SPDX-License-Identifier: Apache-2.0
// IP addresses and routes of netdevs over rtnetlink.
#ifndef XSW_USERSPACE_ADDRESS_H_
#define XSW_USERSPACE_ADDRESS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "userspace/netlink.h"

namespace xsw {

// An address of IPv4 (4 bytes) or IPv6 (16 bytes), in wire order.
struct IpAddress {
  std::vector<uint8_t> bytes;

  bool is_v4() const { return bytes.size() == 4; }
  bool operator==(const IpAddress&) const = default;
};
absl::StatusOr<IpAddress> ParseIp(const std::string& text);
std::string FormatIp(const IpAddress& ip);

// With the length of its network's prefix: "192.0.2.1/24".
struct IpPrefix {
  IpAddress ip;
  uint8_t length = 0;

  bool operator==(const IpPrefix&) const = default;
};
absl::StatusOr<IpPrefix> ParsePrefix(const std::string& text);
std::string FormatPrefix(const IpPrefix& prefix);

// In nl's namespace, as the next two. One that is there: OK.
absl::Status AddAddress(Netlink& nl, int ifindex, const IpPrefix& address);
absl::StatusOr<std::vector<IpPrefix>> AddressesOf(Netlink& nl, int ifindex);

struct Route {
  IpPrefix to;
  IpAddress via;                 // empty: on the link
  uint32_t mtu = 0;              // 0: the netdev's
  uint32_t advmss = 0;           // 0: what follows from the MTU
  std::optional<uint8_t> scope;  // RT_SCOPE_*; none: of a link if there is no gateway, else of all
  uint32_t metric = 0;
  uint32_t table = 0;  // 0: main
};
// One that is there: OK.
absl::Status AddRoute(Netlink& nl, int ifindex, const Route& route);

// Of the main table and others, by their way out; destination and gateway alone.
absl::StatusOr<std::vector<Route>> RoutesOf(Netlink& nl, int ifindex);

}  // namespace xsw

#endif  // XSW_USERSPACE_ADDRESS_H_
