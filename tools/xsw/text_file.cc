// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/text_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "userspace/fd.h"
#include "userspace/status.h"

namespace xsw {

absl::Status WriteAll(int fd, absl::string_view text, const std::string& what) {
  while (!text.empty()) {
    const ssize_t length = write(fd, text.data(), text.size());
    if (length >= 0) {
      text.remove_prefix(static_cast<size_t>(length));
    } else if (errno == EAGAIN) {
      pollfd ready = {fd, POLLOUT, 0};
      poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      return ErrnoStatus(errno, absl::StrCat("write ", what));
    }
  }
  return absl::OkStatus();
}

absl::Status ReplaceFile(const std::string& path, const std::string& text) {
  const std::string made = absl::StrCat(path, ".new");
  if (unlink(made.c_str()) && errno != ENOENT)
    return ErrnoStatus(errno, absl::StrCat("remove ", made));
  const Fd fd(open(made.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0644));
  if (!fd) return ErrnoStatus(errno, absl::StrCat("create ", made));
  absl::Status status = WriteAll(fd.get(), text, made);
  if (status.ok() && fchmod(fd.get(), 0644))
    status = ErrnoStatus(errno, absl::StrCat("make readable ", made));
  if (status.ok() && rename(made.c_str(), path.c_str()))
    status = ErrnoStatus(errno, absl::StrCat("rename ", made, " to ", path));
  if (!status.ok()) unlink(made.c_str());  // where that fails too, the next one does it
  return status;
}

}  // namespace xsw
