// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/ports/expedited.h"

#include "userspace/grace_period.h"

namespace xsw {

// Filters of a qdisc, before tcx, wait for nothing.
Expedited::Expedited(Eswitch& eswitch)
    : eswitch_(eswitch),
      ours_(eswitch.tc() == XSW_TC_TCX && !(eswitch.config().flags & XSW_ESWITCH_EXPEDITED) &&
            CanExpediteGracePeriods()) {
  if (!ours_) return;
  eswitch.config().flags |= XSW_ESWITCH_EXPEDITED;
  // Without it the same takes longer.
  ExpediteGracePeriods(true).IgnoreError();
}

Expedited::~Expedited() {
  if (ours_) EndExpedited(eswitch_);
}

void EndExpedited(Eswitch& eswitch) {
  if (!(eswitch.config().flags & XSW_ESWITCH_EXPEDITED)) return;
  // A want of memory or of descriptors may be over. While it cannot be written the flag says so to
  // the next command.
  if (ExpediteGracePeriods(false).ok() || ExpediteGracePeriods(false).ok())
    eswitch.config().flags &= ~XSW_ESWITCH_EXPEDITED;
}

}  // namespace xsw
