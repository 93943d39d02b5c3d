// SPDX-License-Identifier: Apache-2.0
#include "userspace/status.h"

#include <cerrno>
#include <cstring>

namespace xsw {
namespace {

absl::StatusCode CodeOf(int err) {
  switch (err) {
    case EPERM:
    case EACCES:
      return absl::StatusCode::kPermissionDenied;
    case ENOENT:
    case ENODEV:
    case ENXIO:
    case EADDRNOTAVAIL:
      return absl::StatusCode::kNotFound;
    case EEXIST:
      return absl::StatusCode::kAlreadyExists;
    case EBUSY:
    case EAGAIN:
      return absl::StatusCode::kUnavailable;
    case EOPNOTSUPP:
    case EAFNOSUPPORT:
    case ENOSYS:
      return absl::StatusCode::kUnimplemented;
    case EINVAL:
      return absl::StatusCode::kInvalidArgument;
    case ENOSPC:
    case ENOMEM:
    case E2BIG:
      return absl::StatusCode::kResourceExhausted;
    default:
      return absl::StatusCode::kInternal;
  }
}

}  // namespace

absl::Status ErrnoStatus(int err, const std::string& what) {
  std::string text = absl::StrCat(what, ": ", std::strerror(err));
  if (err == EPERM || err == EACCES)
    absl::StrAppend(&text, " (xsw needs CAP_SYS_ADMIN, CAP_NET_ADMIN and CAP_BPF: run it as root)");
  return absl::Status(CodeOf(err), text);
}

}  // namespace xsw
