// SPDX-License-Identifier: Apache-2.0
// The eswitch's hold on its uplink: programs, addresses that it accepts, and the host behind it.
#ifndef XSW_SWITCHDEV_MODEL_ESWITCH_UPLINK_H_
#define XSW_SWITCHDEV_MODEL_ESWITCH_UPLINK_H_

#include <string>

#include "absl/status/statusor.h"
#include "switchdev_model/eswitch/eswitch.h"

namespace xsw {

// The tc programs, ingress and egress, and multicast. Where they are already, nothing changes: also
// what was taken off by hand is attached again. True: a program was not there.
absl::StatusOr<bool> AttachUplink(Eswitch& eswitch);
absl::StatusOr<bool> UplinkHasPrograms(Eswitch& eswitch);

// FailedPrecondition: `rx_path xdp` where xdp is or will be off.
absl::Status CheckRxPath(const Link& uplink, const xsw_eswitch& config);

// Makes XDP program and steering what config's xdp and rx_path say. Unavailable: another program is
// on the uplink. FailedPrecondition: `rx_path xdp` without XDP.
absl::Status ApplyXdp(Eswitch& eswitch);
// Asked of the netdev, whatever we remember.
absl::StatusOr<bool> XdpIsAttached(Eswitch& eswitch);
// Mends what a command that was killed, or somebody else, has changed of the XDP program. True:
// that is on the uplink again.
absl::StatusOr<bool> SyncXdp(Eswitch& eswitch);
// What the uplink's XDP program steers follows from rx_path and the classes of the ports.
absl::Status SyncSteering(Eswitch& eswitch);
// Why the state is other than a user may expect; empty if it is not.
std::string XdpNote(Eswitch& eswitch);

// The FDB entry of the host follows the uplink's address.
absl::Status SyncHostAddress(Eswitch& eswitch);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_ESWITCH_UPLINK_H_
