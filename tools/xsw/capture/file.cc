// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/capture/file.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/string_view.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// Anew, so that who shares it with us keeps its flags. Of what cannot be opened (a socket) a second
// descriptor does.
Fd OpenStandardOutput() {
  Fd fd(open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_APPEND));
  return fd ? std::move(fd) : Fd(fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0));
}

}  // namespace

absl::StatusOr<CaptureFile> CaptureFile::Open(const std::string& path) {
  const bool standard = path == "-";
  Fd fd = standard ? OpenStandardOutput()
                   : Fd(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!fd) return ErrnoStatus(errno, absl::StrCat("write ", standard ? "standard output" : path));
  return CaptureFile(standard ? "standard output" : path, std::move(fd));
}

absl::Status CaptureFile::WaitForReader(int stop) const {
  pollfd events[] = {{fd_.get(), POLLOUT, 0}, {stop, POLLIN, 0}};
  if (poll(events, 2, -1) < 0 && errno != EINTR) return ErrnoStatus(errno, "wait for a reader");
  return events[1].revents ? absl::CancelledError("told to end") : absl::OkStatus();
}

absl::Status CaptureFile::Write(const std::string& blocks, int stop) {
  const off_t start = lseek(fd_.get(), 0, SEEK_END);
  for (absl::string_view left = blocks; !left.empty();) {
    const ssize_t written = write(fd_.get(), left.data(), left.size());
    if (written >= 0) {
      left.remove_prefix(static_cast<size_t>(written));
    } else if (errno == EAGAIN) {
      XSW_RETURN_IF_ERROR(WaitForReader(stop));
    } else if (errno == EPIPE) {
      return absl::CancelledError("the reader has gone");
    } else if (errno != EINTR) {
      const absl::Status status = ErrnoStatus(errno, absl::StrCat("write ", name_));
      // What is cut off is not worth another error.
      if (start >= 0 && ftruncate(fd_.get(), start)) return status;
      return status;
    }
  }
  return absl::OkStatus();
}

}  // namespace xsw
