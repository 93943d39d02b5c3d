// SPDX-License-Identifier: Apache-2.0
// The few device features that the switch depends on, by ethtool's ioctl.
//
// Each acts on a netdev of the calling thread's network namespace.
#ifndef XSW_USERSPACE_ETHTOOL_H_
#define XSW_USERSPACE_ETHTOOL_H_

#include <string>

#include "absl/status/statusor.h"

namespace xsw {

// GRO makes a veth end run NAPI, without which it loses every frame that XDP redirects into its peer.
absl::Status SetGro(const std::string& netdev, bool on);

// Hardware VLAN tag stripping: a stripped tag is not in the data that XDP sees.
absl::StatusOr<bool> GetRxVlan(const std::string& netdev);
absl::Status SetRxVlan(const std::string& netdev, bool on);

// Whether a feature is on, by its name in `ethtool -k`: "rx-vlan-filter".
absl::StatusOr<bool> HasFeature(const std::string& netdev, const std::string& feature);

// Frames to and from it are finished: checksummed, segmented, their VLAN tags in the data.
absl::Status SetOffloadsOff(const std::string& netdev);

// NAPI of the netdev in a kernel thread of its own: what comes in batches is then polled in batches,
// not in one softirq a frame. Exists once a program or GRO has made the netdev poll.
absl::Status SetThreadedNapi(const std::string& netdev);

}  // namespace xsw

#endif  // XSW_USERSPACE_ETHTOOL_H_
