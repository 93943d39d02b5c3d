// SPDX-License-Identifier: Apache-2.0
// What this process may do.
#ifndef XSW_USERSPACE_CAPABILITIES_H_
#define XSW_USERSPACE_CAPABILITIES_H_

#include "absl/status/status.h"

namespace xsw {

// PermissionDenied names the first that is missing of CAP_SYS_ADMIN, CAP_NET_ADMIN and CAP_BPF. For work
// that must not stop half-way for want of one.
absl::Status CheckCapabilities();

}  // namespace xsw

#endif  // XSW_USERSPACE_CAPABILITIES_H_
