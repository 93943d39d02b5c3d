// SPDX-License-Identifier: Apache-2.0
// Another class for a port that exists, or queues of another number or kind: other netdevs behind
// the same port.
#ifndef XSW_SWITCHDEV_MODEL_PORTS_CLASS_CHANGE_H_
#define XSW_SWITCHDEV_MODEL_PORTS_CLASS_CHANGE_H_

#include <string>

#include "absl/status/status.h"
#include "switchdev_model/eswitch/eswitch.h"
#include "switchdev_model/ports/function_change.h"
#include "switchdev_model/ports/undo.h"

namespace xsw {

// FailedPrecondition: the port is active. AlreadyExists: the function's name is taken where it is
// to be. NotFound: that namespace is not there; other netdevs are made at once, or not at all.
absl::Status CheckClassChange(Eswitch& eswitch, uint32_t port, const Link& representor,
                              const FunctionChange& change, const std::string& what);

// Makes the netdevs anew as the change's class, netns and ifname want them; the port is inactive
// before and after. Index, sfnum, representor's name, address and bridge, hw_addr, policy,
// addresses and counters stay. Killed in between, the next command goes on.
absl::Status ChangeClass(Eswitch& eswitch, uint32_t port, const FunctionChange& change, Undo& undo);

// Takes the netdevs away and makes those of the class that the port's user wants, in the bridge of
// before.
absl::Status RemakePort(Eswitch& eswitch, uint32_t port);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_PORTS_CLASS_CHANGE_H_
