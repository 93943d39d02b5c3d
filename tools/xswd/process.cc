// SPDX-License-Identifier: Apache-2.0
#include "tools/xswd/process.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>

#include "userspace/status.h"

namespace xsw {
namespace {

void CloseAllBut(std::vector<int> keep) {
  std::sort(keep.begin(), keep.end());
  unsigned first = STDERR_FILENO + 1;
  for (int fd : keep) {
    const unsigned number = static_cast<unsigned>(fd);
    if (number > first) close_range(first, number - 1, 0);
    first = number + 1;
  }
  close_range(first, UINT_MAX, 0);
}

}  // namespace

absl::StatusOr<pid_t> StartProcess(const std::vector<int>& keep,
                                   const std::function<void()>& work) {
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid < 0) return ErrnoStatus(errno, "start a process");
  if (pid > 0) return pid;
  // The parent may have ended before it could be asked for.
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent) _exit(1);
  CloseAllBut(keep);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  work();
  // Without destructors: what the parent's objects stand for is the parent's.
  _exit(0);
}

}  // namespace xsw
