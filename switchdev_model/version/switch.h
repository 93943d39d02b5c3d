// SPDX-License-Identifier: Apache-2.0
// The programs in force, wherever programs of an eswitch are attached.
#ifndef XSW_SWITCHDEV_MODEL_VERSION_SWITCH_H_
#define XSW_SWITCHDEV_MODEL_VERSION_SWITCH_H_

#include <string>

#include "absl/status/status.h"
#include "switchdev_model/eswitch/eswitch_dir.h"

namespace xsw {

// Puts them in place of those that are attached: each frame meets the one or the other. What is not
// attached stays so.
absl::Status SwitchPrograms(const EswitchDir& dir);
// The same with programs that are pinned elsewhere, but for a member of libxdp's dispatcher.
absl::Status SwitchPrograms(const EswitchDir& dir, const std::string& programs);

// Waits until no program runs that was replaced before.
void WaitForPrograms();

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_VERSION_SWITCH_H_
