// SPDX-License-Identifier: Apache-2.0
// A multicast group as `bridge mdb` takes it.
#ifndef XSW_SWITCHDEV_MODEL_TABLES_GROUP_H_
#define XSW_SWITCHDEV_MODEL_TABLES_GROUP_H_

#include <string>

#include "absl/status/statusor.h"
#include "userspace/mac.h"

namespace xsw {

// "239.1.2.3", "ff05::2" or the MAC address that such a group's frames have. InvalidArgument: none
// of these, no group, or one that every node hears and that nobody joins (224.0.0.0/24, ff01::/16,
// ff02::1).
absl::StatusOr<Mac> ParseGroup(const std::string& text);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_TABLES_GROUP_H_
