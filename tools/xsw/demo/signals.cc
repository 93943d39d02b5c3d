// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/demo/signals.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>

#include "userspace/status.h"

namespace xsw {
namespace {

constexpr int kEnding[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
constexpr int kSliceMs = 20;  // how late a signal may be seen

bool IsIgnored(int signal) {  // as nohup sets it
  struct sigaction action = {};
  sigaction(signal, nullptr, &action);
  return action.sa_handler == SIG_IGN;
}

}  // namespace

HeldSignals::HeldSignals() {
  sigset_t held;
  sigemptyset(&held);
  for (int signal : kEnding) {
    if (!IsIgnored(signal)) sigaddset(&held, signal);
  }
  // A reader of our output that goes away must not keep us from cleaning up either.
  sigaddset(&held, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &held, &before_);
}

HeldSignals::~HeldSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

absl::Status HeldSignals::Check() const {
  sigset_t pending;
  sigpending(&pending);
  for (int signal : kEnding) {
    if (sigismember(&pending, signal)) return absl::CancelledError("demo: interrupted");
  }
  return absl::OkStatus();
}

absl::Status HeldSignals::WaitFor(int fd, short events, int timeout_ms) const {
  pollfd wanted{.fd = fd, .events = events};
  for (int left = timeout_ms; left > 0; left -= kSliceMs) {
    XSW_RETURN_IF_ERROR(Check());
    int ready = poll(&wanted, 1, std::min(left, kSliceMs));
    if (ready > 0) return absl::OkStatus();
    if (ready < 0 && errno != EINTR) return ErrnoStatus(errno, "wait for traffic");
  }
  return absl::DeadlineExceededError(absl::StrCat("nothing came within ", timeout_ms, " ms"));
}

}  // namespace xsw
