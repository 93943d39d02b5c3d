// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/ports/owner.h"

#include <grp.h>
#include <pwd.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "userspace/status.h"

namespace xsw {
namespace {

absl::StatusOr<Owner> ParseUser(const std::string& text) {
  Owner owner;
  if (const passwd* user = getpwnam(text.c_str())) return Owner{user->pw_uid, user->pw_gid};
  if (!absl::SimpleAtoi(text, &owner.uid))
    return absl::NotFoundError(absl::StrCat("owner: no user \"", text, "\""));
  const passwd* user = getpwuid(owner.uid);
  owner.gid = user ? user->pw_gid : owner.uid;
  return owner;
}

}  // namespace

absl::StatusOr<Owner> ParseOwner(const std::string& text) {
  const size_t colon = text.find(':');
  XSW_ASSIGN_OR_RETURN(Owner owner, ParseUser(text.substr(0, colon)));
  if (colon == std::string::npos) return owner;
  const std::string name = text.substr(colon + 1);
  if (const group* group = getgrnam(name.c_str())) {
    owner.gid = group->gr_gid;
  } else if (!absl::SimpleAtoi(name, &owner.gid)) {
    return absl::NotFoundError(absl::StrCat("owner: no group \"", name, "\""));
  }
  return owner;
}

std::string FormatOwner(const Owner& owner) {
  const passwd* user = getpwuid(owner.uid);
  const group* group = getgrgid(owner.gid);
  return absl::StrCat(user ? user->pw_name : absl::StrCat(owner.uid), ":",
                      group ? group->gr_name : absl::StrCat(owner.gid));
}

}  // namespace xsw
