// SPDX-License-Identifier: Apache-2.0
// Processes of xswd's own, which live no longer than their parent.
#ifndef XSW_TOOLS_XSWD_PROCESS_H_
#define XSW_TOOLS_XSWD_PROCESS_H_

#include <sys/types.h>

#include <functional>
#include <vector>

#include "absl/status/statusor.h"

namespace xsw {

// Runs work in a new process, which ends with it and has, beside 0 to 2, only these file
// descriptors of the parent's: neither its lock nor its listeners, which one that never ends would
// hold. It dies with its parent, unless the kernel cannot kill it.
absl::StatusOr<pid_t> StartProcess(const std::vector<int>& keep, const std::function<void()>& work);

}  // namespace xsw

#endif  // XSW_TOOLS_XSWD_PROCESS_H_
