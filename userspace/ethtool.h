// SPDX-License-Identifier: Apache-2.0
// The few device features that the switch depends on, by ethtool's netlink.
//
// Each acts on a netdev of the calling thread's network namespace, by its ifindex: a name may be
// somebody else's by now. Setting what the netdev cannot change is an error, unless it is so
// already.
#ifndef XSW_USERSPACE_ETHTOOL_H_
#define XSW_USERSPACE_ETHTOOL_H_

#include <string>

#include "absl/status/statusor.h"

namespace xsw {

// GRO makes a veth end run NAPI, without which it loses every frame that XDP redirects into its
// peer.
absl::Status SetGro(int ifindex, bool on);

// Hardware VLAN tag stripping: a stripped tag is not in the data that XDP sees.
absl::StatusOr<bool> GetRxVlan(int ifindex);
absl::Status SetRxVlan(int ifindex, bool on);

// "igb", "veth".
absl::StatusOr<std::string> DriverOf(const std::string& netdev);

// Whether a feature is on, by its name in `ethtool -k`: "rx-vlan-filter".
absl::StatusOr<bool> HasFeature(int ifindex, const std::string& feature);

// Frames to and from it are finished: checksummed, segmented, their VLAN tags in the data.
absl::Status SetOffloadsOff(int ifindex);

// NAPI of the netdev in a kernel thread of its own: what comes in batches is then polled in
// batches, not in one softirq a frame. Exists once a program or GRO has made the netdev poll. By
// name, as sysfs has it; FailedPrecondition: the name is another netdev's than ifindex.
absl::Status SetThreadedNapi(const std::string& netdev, int ifindex);

}  // namespace xsw

#endif  // XSW_USERSPACE_ETHTOOL_H_
