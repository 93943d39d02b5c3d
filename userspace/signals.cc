// SPDX-License-Identifier: Apache-2.0
#include "userspace/signals.h"

#include <sys/signalfd.h>

#include <cerrno>
#include <csignal>

#include "userspace/status.h"

namespace xsw {

absl::StatusOr<Fd> WatchSignals(std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (int signal : signals) sigaddset(&set, signal);
  Fd fd(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd || sigprocmask(SIG_BLOCK, &set, nullptr)) return ErrnoStatus(errno, "watch signals");
  return fd;
}

}  // namespace xsw
