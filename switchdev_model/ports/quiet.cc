// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/ports/quiet.h"

#include "switchdev_model/ports/port.h"
#include "switchdev_model/ports/representor.h"
#include "userspace/quiet.h"
#include "userspace/status.h"

namespace xsw {

bool IsQuiet(Eswitch& eswitch) { return eswitch.config().mode == XSW_MODE_LEGACY; }

absl::Status SyncQuiet(Eswitch& eswitch) {
  if (!(eswitch.config().flags & XSW_ESWITCH_MODE_CHANGES)) return absl::OkStatus();
  absl::Status first;
  for (uint32_t port : PortIndices(eswitch)) {
    const absl::StatusOr<Link> representor = RepresentorOf(eswitch, port);
    // One that is gone is made as the mode wants it.
    if (absl::IsNotFound(representor.status())) continue;
    first.Update(representor.status());
    if (!representor.ok()) continue;
    first.Update(SetQuiet(eswitch.nl(), representor->ifindex, IsQuiet(eswitch), representor->name));
  }
  if (first.ok()) eswitch.config().flags &= ~XSW_ESWITCH_MODE_CHANGES;
  return first;
}

}  // namespace xsw
