// SPDX-License-Identifier: Apache-2.0
// Where frames go whose address the eswitch does not know.
#ifndef XSW_SWITCHDEV_MODEL_ESWITCH_MISS_H_
#define XSW_SWITCHDEV_MODEL_ESWITCH_MISS_H_

#include "absl/status/status.h"
#include "switchdev_model/eswitch/eswitch.h"

namespace xsw {

// FailedPrecondition: `miss uplink`, or what comes to the same in mode legacy, and a representor's
// bridge has a vxlan netdev, behind which such addresses are. They would go to the wire without its
// header, into whatever network is there.
absl::Status CheckMiss(Eswitch& eswitch, const EswitchSettings& settings);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_ESWITCH_MISS_H_
