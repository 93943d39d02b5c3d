// SPDX-License-Identifier: Apache-2.0
// Which netdevs can be an uplink, and what kind of uplink each is.
#ifndef XSW_SWITCHDEV_MODEL_ESWITCH_UPLINK_KIND_H_
#define XSW_SWITCHDEV_MODEL_ESWITCH_UPLINK_KIND_H_

#include "absl/status/status.h"
#include "userspace/link.h"

namespace xsw {

// Made by software, with a far end whose stack hands frames over unfinished: on these XDP costs the
// far end its GSO, misses accelerated tags and sees partial checksums. Nothing filters what they
// receive.
bool IsVirtual(const Link& link);

// InvalidArgument says why it cannot be an uplink. ours: its eswitch is the one that an interrupted
// command of this namespace has left.
absl::Status CheckUplink(Netlink& nl, const Link& link, bool ours);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_ESWITCH_UPLINK_KIND_H_
