// SPDX-License-Identifier: Apache-2.0
// What `xsw health recover` does.
#ifndef XSW_SWITCHDEV_MODEL_HEALTH_RECOVER_H_
#define XSW_SWITCHDEV_MODEL_HEALTH_RECOVER_H_

#include <string>

#include "absl/status/status.h"
#include "switchdev_model/eswitch/eswitch.h"

namespace xsw {

// Unimplemented: only what is taken out makes a full table emptier.
absl::Status CheckRecover(const std::string& uplink, xsw_reporter reporter);

// Of an eswitch that is open to write, which has mended what Repair() mends: the rest of it; of
// lost frames, that they are no news any more. FailedPrecondition: something is wrong still, and
// the first such thing.
absl::Status Recover(Eswitch& eswitch, xsw_reporter reporter);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_HEALTH_RECOVER_H_
