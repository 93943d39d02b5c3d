// SPDX-License-Identifier: Apache-2.0
// Filters and queueing disciplines that others have put in the way of frames, in the calling
// thread's network namespace, which is nl's.
#ifndef XSW_USERSPACE_FILTERS_H_
#define XSW_USERSPACE_FILTERS_H_

#include <map>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "userspace/netlink.h"

namespace xsw {

// The kinds of each netdev's qdiscs: {"noqueue"}, {"fq_codel", "clsact"}.
absl::StatusOr<std::map<int, std::set<std::string>>> ReadQdiscs(Netlink& nl);

// Whether its clsact or ingress qdisc has a filter that is not ours.
absl::StatusOr<bool> HasForeignFilter(Netlink& nl, int ifindex);

// Who may look at frames that a bridge forwards: any base chain is enough.
struct BridgeFilters {
  bool frames = false;   // ebtables; nftables' families bridge and netdev
  bool packets = false;  // iptables and nftables' other families: where a bridge calls them
  bool called = false;   // every bridge does (net.bridge.bridge-nf-call-*), which has its own rules
};
absl::StatusOr<BridgeFilters> ReadBridgeFilters();

}  // namespace xsw

#endif  // XSW_USERSPACE_FILTERS_H_
