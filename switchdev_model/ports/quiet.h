// SPDX-License-Identifier: Apache-2.0
// Representors that say nothing by themselves, and those that are netdevs like any other.
//
// In mode legacy xsw alone decides what comes to a function: what the host's stack says by itself
// when a netdev appears is not for a container. In mode switchdev a representor is the kernel's: a
// port of a bridge, or of a router, which answers ARP and has the IPv6 address that the system
// gives each netdev.
#ifndef XSW_SWITCHDEV_MODEL_PORTS_QUIET_H_
#define XSW_SWITCHDEV_MODEL_PORTS_QUIET_H_

#include "absl/status/status.h"
#include "switchdev_model/eswitch/eswitch.h"

namespace xsw {

// Whether this eswitch's representors are quiet.
bool IsQuiet(Eswitch& eswitch);

// Makes each as the mode wants it, where the mode has changed (XSW_ESWITCH_MODE_CHANGES) and not
// all are yet. What their users do to them by hand in between stays.
absl::Status SyncQuiet(Eswitch& eswitch);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_PORTS_QUIET_H_
