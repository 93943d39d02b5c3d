// SPDX-License-Identifier: Apache-2.0
// Ctrl-C that waits until the demo has cleaned up.
#ifndef XSW_TOOLS_XSW_DEMO_SIGNALS_H_
#define XSW_TOOLS_XSW_DEMO_SIGNALS_H_

#include <signal.h>

#include "absl/status/status.h"

namespace xsw {

// Keeps the signals that would end us blocked, in this thread and those it starts. At destruction a
// signal that came meanwhile does what it always does. Not for code that waits without WaitFor().
class HeldSignals {
 public:
  HeldSignals();
  ~HeldSignals();
  HeldSignals(const HeldSignals&) = delete;

  // Cancelled: one is waiting, the user wants an end.
  absl::Status Check() const;

  // Until fd is ready for events (poll.h). DeadlineExceeded; Cancelled, as Check().
  absl::Status WaitFor(int fd, short events, int timeout_ms) const;

 private:
  sigset_t before_;
};

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_DEMO_SIGNALS_H_
