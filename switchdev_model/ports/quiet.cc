// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/ports/quiet.h"

#include <vector>

#include "switchdev_model/ports/port.h"
#include "switchdev_model/ports/representor.h"
#include "userspace/quiet.h"
#include "userspace/status.h"

namespace xsw {

bool IsQuiet(Eswitch& eswitch) { return eswitch.config().mode == XSW_MODE_LEGACY; }

absl::Status SyncQuiet(Eswitch& eswitch) {
  if (!(eswitch.config().flags & XSW_ESWITCH_MODE_CHANGES)) return absl::OkStatus();
  std::vector<Link> representors;
  for (uint32_t port : PortIndices(eswitch)) {
    absl::StatusOr<Link> representor = RepresentorOf(eswitch, port);
    // One that is gone is made as the mode wants it.
    if (absl::IsNotFound(representor.status())) continue;
    if (!representor.ok()) return representor.status();
    representors.push_back(*std::move(representor));
  }
  if (IsQuiet(eswitch)) {
    XSW_RETURN_IF_ERROR(Quieten(eswitch.nl(), representors));
  } else {
    for (const Link& link : representors) XSW_RETURN_IF_ERROR(LetSpeak(eswitch.nl(), link));
  }
  eswitch.config().flags &= ~XSW_ESWITCH_MODE_CHANGES;
  return absl::OkStatus();
}

}  // namespace xsw
