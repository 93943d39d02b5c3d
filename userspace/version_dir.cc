// SPDX-License-Identifier: Apache-2.0
#include "userspace/version_dir.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "abi.h"
#include "userspace/bpffs.h"
#include "userspace/own_abi.h"
#include "userspace/state_table.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr char kCurrent[] = "/current";

bool IsVersion(const std::string& name) {
  return name.size() > 1 && name[0] == 'v' && name[1] >= '0' && name[1] <= '9';
}

// A map or a program.
bool IsOfState(const std::string& name) { return name.starts_with("xsw_"); }

}  // namespace

std::string CaptureDir(const std::string& eswitch_dir) { return eswitch_dir + "/capture"; }

std::string StateIn(const std::string& eswitch_dir) {
  return CurrentVersion(eswitch_dir).empty() ? eswitch_dir : eswitch_dir + kCurrent;
}

std::string CurrentVersion(const std::string& eswitch_dir) {
  std::error_code error;
  return std::filesystem::read_symlink(eswitch_dir + kCurrent, error).string();
}

absl::Status SetCurrentVersion(const std::string& eswitch_dir, const std::string& version) {
  const std::string there = eswitch_dir + kCurrent, made = there + "_new";
  // One that a killed command has left.
  if (unlink(made.c_str()) && errno != ENOENT) return ErrnoStatus(errno, "remove " + made);
  if (version.empty() && unlink(there.c_str()) && errno != ENOENT)
    return ErrnoStatus(errno, "remove " + there);
  if (version.empty()) return absl::OkStatus();
  if (symlink(version.c_str(), made.c_str()) || std::rename(made.c_str(), there.c_str()))
    return ErrnoStatus(errno, absl::StrCat("write ", there));
  return absl::OkStatus();
}

// Programs of the same version that take the place of others have a directory with another name.
absl::StatusOr<std::string> MakeVersion(const std::string& eswitch_dir) {
  std::string name = absl::StrCat("v", OwnAbi());
  if (CurrentVersion(eswitch_dir) == name) name += "b";
  const std::string path = absl::StrCat(eswitch_dir, "/", name);
  if (mkdir(path.c_str(), 0700)) return ErrnoStatus(errno, absl::StrCat("create ", path));
  return name;
}

std::vector<std::string> OtherStates(const std::string& eswitch_dir) {
  const std::string current = CurrentVersion(eswitch_dir);
  bool flat = false;
  std::vector<std::string> states;
  for (const std::string& name : ListDir(eswitch_dir)) {
    if (IsVersion(name) && name != current) states.push_back(absl::StrCat(eswitch_dir, "/", name));
    flat |= IsOfState(name) && !current.empty();
  }
  if (flat) states.push_back(eswitch_dir);
  return states;
}

// Programs and the map with the version first: what is cut off there cannot be read as a state any
// more, and before that it is whole but for programs.
absl::Status RemoveState(const std::string& eswitch_dir, const std::string& state) {
  std::vector<std::string> names;
  for (const ProgramRow& row : ProgramTable()) names.push_back(row.name);
  names.push_back(kEswitchMap);
  for (const std::string& name : ListDir(state))
    if (IsOfState(name)) names.push_back(name);
  for (const std::string& name : names)
    XSW_RETURN_IF_ERROR(RemoveTree(absl::StrCat(state, "/", name)));
  return state == eswitch_dir ? absl::OkStatus() : RemoveTree(state);
}

}  // namespace xsw
