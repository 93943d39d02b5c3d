// SPDX-License-Identifier: Apache-2.0
// A command whose output is read while the user may interrupt.
#ifndef XSW_TOOLS_XSW_DEMO_FABRIC_SHELL_H_
#define XSW_TOOLS_XSW_DEMO_FABRIC_SHELL_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/xsw/demo/signals.h"
#include "userspace/fd.h"

namespace xsw {

class FabricShell {
 public:
  // dies_with_us: it is killed when this process ends, however that comes.
  static absl::StatusOr<FabricShell> Start(const std::vector<std::string>& argv, bool dies_with_us);

  // What it says, stderr too, until it has ended; or until it has said the last line, if one is
  // given, and goes on. Internal: it has ended with an error, or without that line.
  absl::StatusOr<std::string> Read(const HeldSignals& signals, int limit_ms,
                                   const std::string& last_line = "");

 private:
  FabricShell(pid_t pid, Fd out) : pid_(pid), out_(std::move(out)) {}
  absl::StatusOr<std::string> Ended(std::string said);

  pid_t pid_;
  Fd out_;
};

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_DEMO_FABRIC_SHELL_H_
