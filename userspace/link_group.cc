// SPDX-License-Identifier: Apache-2.0
// Removing many netdevs by their group: the last part of link.h.
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <sys/socket.h>

#include <algorithm>
#include <random>

#include "userspace/link.h"
#include "userspace/status.h"

namespace xsw {
namespace {

NlMsg GroupMessage(int type, int ifindex, uint32_t group) {
  NlMsg msg = NewMessage(type, 0, ifinfomsg{.ifi_family = AF_UNSPEC, .ifi_index = ifindex});
  nla_put_u32(msg.get(), IFLA_GROUP, group);
  return msg;
}

// A number that nobody hands out by hand, and that no netdev of the namespace has.
absl::StatusOr<uint32_t> FreshGroup(Netlink& nl) {
  std::random_device random;
  XSW_ASSIGN_OR_RETURN(const std::vector<Link> links, DumpLinks(nl));
  for (;;) {
    const uint32_t group = 0x40000000 | (random() & 0x3fffffff);
    const auto has_it = [&](const Link& link) { return link.group == group; };
    if (std::none_of(links.begin(), links.end(), has_it)) return group;
  }
}

}  // namespace

absl::Status DeleteLinks(Netlink& nl, const std::vector<int>& ifindices, const std::string& what) {
  if (ifindices.empty()) return absl::OkStatus();
  XSW_ASSIGN_OR_RETURN(const uint32_t group, FreshGroup(nl));
  for (const int ifindex : ifindices) {
    absl::Status status = nl.Send(GroupMessage(RTM_SETLINK, ifindex, group), what);
    if (!status.ok() && !absl::IsNotFound(status)) return status;
  }
  // Without an ifindex: all of the group.
  absl::Status status = nl.Send(GroupMessage(RTM_DELLINK, 0, group), what);
  return absl::IsNotFound(status) ? absl::OkStatus() : status;
}

}  // namespace xsw
