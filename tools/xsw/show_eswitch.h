// SPDX-License-Identifier: Apache-2.0
// An eswitch as it is shown.
#ifndef XSW_TOOLS_XSW_SHOW_ESWITCH_H_
#define XSW_TOOLS_XSW_SHOW_ESWITCH_H_

#include "absl/status/statusor.h"
#include "switchdev_model/eswitch/eswitch.h"
#include "tools/xsw/fields.h"

namespace xsw {

Fields EswitchFields(Eswitch& eswitch, bool json);
// How much of what is limited is in use.
absl::StatusOr<Fields> UseFields(Eswitch& eswitch, bool json);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_SHOW_ESWITCH_H_
