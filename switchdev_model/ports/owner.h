// SPDX-License-Identifier: Apache-2.0
// USER[:GROUP], by name or number.
#ifndef XSW_SWITCHDEV_MODEL_PORTS_OWNER_H_
#define XSW_SWITCHDEV_MODEL_PORTS_OWNER_H_

#include <string>

#include "absl/status/statusor.h"
#include "switchdev_model/ports/function_change.h"

namespace xsw {

// Without a group, the user's own; a user's number without an account has the group of that number.
absl::StatusOr<Owner> ParseOwner(const std::string& text);
std::string FormatOwner(const Owner& owner);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_PORTS_OWNER_H_
