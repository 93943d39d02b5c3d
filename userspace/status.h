// SPDX-License-Identifier: Apache-2.0
// Statuses from errno, and the two macros that Debian 12's Abseil lacks.
//
// A Status is made where the syscall is and names operation and object; it goes up unchanged and main
// prints it once.
#ifndef XSW_USERSPACE_STATUS_H_
#define XSW_USERSPACE_STATUS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

namespace xsw {

// "attach xsw_uplink_rx to eth0: Device or resource busy". err is positive, as errno is. EPERM and
// EACCES also name the capabilities that xsw needs.
absl::Status ErrnoStatus(int err, const std::string& what);

}  // namespace xsw

#define XSW_CONCAT_(a, b) a##b
#define XSW_CONCAT(a, b) XSW_CONCAT_(a, b)
#define XSW_RETURN_IF_ERROR(expr)                       \
  do {                                                  \
    absl::Status xsw_status_ = (expr);                  \
    if (!xsw_status_.ok()) return xsw_status_;          \
  } while (0)
#define XSW_ASSIGN_OR_RETURN(lhs, expr) \
  XSW_ASSIGN_OR_RETURN_(XSW_CONCAT(xsw_or_, __LINE__), lhs, expr)
#define XSW_ASSIGN_OR_RETURN_(tmp, lhs, expr) \
  auto tmp = (expr);                          \
  if (!tmp.ok()) return tmp.status();         \
  lhs = *std::move(tmp)

#endif  // XSW_USERSPACE_STATUS_H_
