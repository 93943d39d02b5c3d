// SPDX-License-Identifier: Apache-2.0
// Another version's eswitch, or another build's of this version, becomes this one's while it
// forwards.
//
// The steps, each of which a command may die before or after:
//
//   1. This version's programs are loaded, and its maps are filled, in a version directory of their
//      own. An error, or a kill: the old version is in force, the directory goes.
//   2. The directory is in force (version_dir.h). From here on the next writing command completes.
//   3. Each program is replaced where it is attached: in its link, its filter, libxdp's dispatcher.
//      An error: the old version is in force again, and its programs are put back.
//   4. When no old program runs any more, what they have counted is added; then the old version
//      goes.
#ifndef XSW_SWITCHDEV_MODEL_VERSION_UPGRADE_H_
#define XSW_SWITCHDEV_MODEL_VERSION_UPGRADE_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "switchdev_model/eswitch/eswitch_dir.h"
#include "userspace/link.h"
#include "userspace/older.h"

namespace xsw {

enum class Upgraded {
  kNothing,   // this very version and build was in force
  kPrograms,  // another build of this version
  kState,     // an older version
  kFinished,  // this version was in force, of an upgrade that was cut off, and what was left is
              // done
};

absl::StatusOr<Upgraded> UpgradeEswitch(const std::string& bpffs, const std::string& uplink);
// What it would refuse before it loads anything.
absl::Status CheckUpgrade(const std::string& bpffs, const std::string& uplink);

// The state in force, as the converters of an older version need it.
absl::StatusOr<Older> OlderIn(const EswitchDir& dir, uint32_t abi, const Link& uplink);

// Completes, or takes back, what an upgrade has left that was cut off: afterwards the version in
// force is the only one. The caller holds the eswitch's lock. Nothing is left: OK.
absl::Status SettleVersion(const EswitchDir& dir);

// The version of an eswitch that this one cannot even read.
std::optional<uint32_t> UnreadableVersion(const std::string& bpffs, const std::string& uplink);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_VERSION_UPGRADE_H_
