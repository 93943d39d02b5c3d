// SPDX-License-Identifier: Apache-2.0
// An eswitch taken apart, whatever state it is in: whole, half made, half removed, with pins
// missing, or of another version. It is found by what every version has: the head of xsw_eswitch,
// the devmaps, the links, and the addresses in the FDB.
#ifndef XSW_SWITCHDEV_MODEL_REPAIR_REMAINS_H_
#define XSW_SWITCHDEV_MODEL_REPAIR_REMAINS_H_

#include <string>

#include "absl/status/status.h"
#include "userspace/netlink.h"

namespace xsw {

class EswitchDir;

// Removes netdevs, programs, private namespaces and what was changed of the uplink. The directory
// stays: the caller holds its lock. The eswitch is not XSW_ESWITCH_READY from the first step on.
// That step, the netdevs, fails whole, and the eswitch is ready again; behind it each step is
// tried, and the first error returned: said again, the command goes on. Nothing to remove is no
// error.
//
// While ports are removed the grace periods of the whole machine are expedited
// (XSW_ESWITCH_EXPEDITED).
absl::Status RemoveRemains(Netlink& nl, const EswitchDir& dir);

// What a RemoveRemains() that was killed may have left of it.
absl::Status RestoreGracePeriods(const std::string& state);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_REPAIR_REMAINS_H_
