// SPDX-License-Identifier: Apache-2.0
// The versions of the state in an eswitch's directory:
//
//   current -> v6     the one that is in force
//   v6/               its maps and programs
//   capture/          the programs of `xsw capture`
//   uplink, link_*, ports/    what has no version: the uplink's name, links, XSKMAPs
//
// A second version directory is what an upgrade makes; there is one only while an upgrade is at
// work, or was cut off. Before ABI version 6 maps and programs stood in the eswitch's directory
// itself.
#ifndef XSW_USERSPACE_VERSION_DIR_H_
#define XSW_USERSPACE_VERSION_DIR_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace xsw {

// Beside them, while a capture lives or has been cut off, is the directory of its programs, which are
// attached instead of those in force. Who captures holds a lock on it.
std::string CaptureDir(const std::string& eswitch_dir);

// Where the maps and programs in force are.
std::string StateIn(const std::string& eswitch_dir);

// Of the version in force, "v6"; empty: it stands in the eswitch's directory itself, or there is
// none.
std::string CurrentVersion(const std::string& eswitch_dir);
// In one step.
absl::Status SetCurrentVersion(const std::string& eswitch_dir, const std::string& version);

// Makes a directory for a state of this program's own ABI version, beside whatever there is.
// Returns its name.
absl::StatusOr<std::string> MakeVersion(const std::string& eswitch_dir);

// The states that are there and not in force: their directories, the eswitch's own among them if it
// holds one of before version 6.
std::vector<std::string> OtherStates(const std::string& eswitch_dir);

// Removes one of them, and nothing but it.
absl::Status RemoveState(const std::string& eswitch_dir, const std::string& state);

}  // namespace xsw

#endif  // XSW_USERSPACE_VERSION_DIR_H_
