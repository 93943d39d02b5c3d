// SPDX-License-Identifier: Apache-2.0
// The eswitch's hold on its uplink: programs, addresses that it accepts, and the host behind it.
#ifndef XSW_SWITCHDEV_MODEL_UPLINK_H_
#define XSW_SWITCHDEV_MODEL_UPLINK_H_

#include <string>

#include "absl/status/status.h"
#include "switchdev_model/eswitch.h"

namespace xsw {

// Made by software, with a far end whose stack hands frames over unfinished: on these XDP costs the
// far end its GSO, misses accelerated tags and sees partial checksums. Nothing filters what they
// receive.
bool IsVirtual(const Link& link);

// The tc programs, ingress and egress, and multicast.
absl::Status AttachUplink(Eswitch& eswitch);
// All programs, and the settings of the netdev that we changed.
absl::Status DetachUplink(Eswitch& eswitch);

// FailedPrecondition: `rx_path xdp` where xdp is or will be off.
absl::Status CheckRxPath(const Link& uplink, const xsw_eswitch& config);

// Makes XDP program and steering what config's xdp and rx_path say. Unavailable: another program is
// on the uplink. FailedPrecondition: `rx_path xdp` without XDP.
absl::Status ApplyXdp(Eswitch& eswitch);
bool XdpIsAttached(Eswitch& eswitch);
// What a command that was killed, or somebody else, has changed of `xdp shared`.
void SyncShared(Eswitch& eswitch);
// What the uplink's XDP program steers follows from rx_path and the classes of the ports.
void SyncSteering(Eswitch& eswitch);
// Why the state is other than a user may expect; empty if it is not.
std::string XdpNote(Eswitch& eswitch);

// Makes the uplink accept frames for an address that is not its own: an entry in its address list,
// or promiscuous mode when that is full.
absl::Status AcceptAddress(Eswitch& eswitch, const Mac& mac);
absl::Status StopAccepting(Eswitch& eswitch, const Mac& mac);

// The FDB entry of the host follows the uplink's address.
absl::Status SyncHostAddress(Eswitch& eswitch);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_UPLINK_H_
