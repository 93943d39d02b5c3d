// SPDX-License-Identifier: Apache-2.0
#include "tools/xswd/turn.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

#include "userspace/status.h"

namespace xsw {
namespace {

// libxswq waits 5 s for an answer.
constexpr int kTries = 400;
constexpr useconds_t kPause = 5000;

}  // namespace

absl::StatusOr<Fd> MakeTurns() {
  Fd turns(memfd_create("xswd-turns", MFD_CLOEXEC));
  if (!turns) return ErrnoStatus(errno, "make the file of turns");
  return turns;
}

absl::Status TakeTurn(const Fd& turns, uid_t uid) {
  struct flock turn = {};
  turn.l_type = F_WRLCK;
  turn.l_whence = SEEK_SET;
  turn.l_start = uid;
  turn.l_len = 1;
  for (int i = 0; i < kTries; i++) {
    if (!fcntl(turns.get(), F_SETLK, &turn)) return absl::OkStatus();
    if (errno != EAGAIN && errno != EACCES) return ErrnoStatus(errno, "wait for a turn");
    usleep(kPause);
  }
  return absl::AbortedError(
      absl::StrCat("another open of uid ", uid, " does not come to its end: try again"));
}

}  // namespace xsw
