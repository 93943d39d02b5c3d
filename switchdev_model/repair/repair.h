// SPDX-License-Identifier: Apache-2.0
// Mends what changed under the eswitch since the last command.
#ifndef XSW_SWITCHDEV_MODEL_REPAIR_REPAIR_H_
#define XSW_SWITCHDEV_MODEL_REPAIR_REPAIR_H_

#include "absl/status/status.h"
#include "switchdev_model/eswitch/eswitch.h"

namespace xsw {

// A function's namespace that dies takes both ends of the veth pair with it: the pair is made anew
// with the same names, addresses, MTU, bridge and programs, in a new namespace of the same name if
// there is one, else parked. What a command that was killed has begun is finished or taken back.
// Programs that were taken off, and a parking namespace that is gone, come back. With Mend::kAll,
// renamed representors and functions moved by hand are followed. Run by every writing command,
// under the lock.
absl::Status Repair(Eswitch& eswitch, Mend mend);

// A port whose netdevs the kernel is taking away, because its function's namespace has ended since
// Repair(): waits until they are gone, and makes them anew. False: they are not going.
bool MendDying(Eswitch& eswitch, uint32_t port);

// Whether it would find a port to bring home, to make anew or to finish. Reads only. A port that
// waits for a namespace which is not there is no work.
bool HasWork(Eswitch& eswitch);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_REPAIR_REPAIR_H_
