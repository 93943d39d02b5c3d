// SPDX-License-Identifier: Apache-2.0
// The function side of a port: its attributes and its state machine.
//
//   inactive: the function end waits in the eswitch's private namespace (place.h)
//   active:   it is in its namespace under its name; attached once that namespace's user sets it up
#ifndef XSW_SWITCHDEV_MODEL_PORTS_FUNCTION_H_
#define XSW_SWITCHDEV_MODEL_PORTS_FUNCTION_H_

#include "absl/status/status.h"
#include "switchdev_model/eswitch/eswitch.h"
#include "switchdev_model/ports/function_change.h"

namespace xsw {

// What SetFunction would refuse before it changes anything.
absl::Status CheckSetFunction(Eswitch& eswitch, uint32_t port, const FunctionChange& change);

// All or nothing, live under traffic.
absl::Status SetFunction(Eswitch& eswitch, uint32_t port, const FunctionChange& change);

// Opens the port for traffic, or closes it: broadcast, and how the programs reach it. What its user
// wants is in xsw_port_conf.active, and is written before.
void OpenPort(Eswitch& eswitch, uint32_t port, bool peer);
void ClosePort(Eswitch& eswitch, uint32_t port);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_PORTS_FUNCTION_H_
