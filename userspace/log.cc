// SPDX-License-Identifier: Apache-2.0
#include "userspace/log.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "userspace/fd.h"

namespace xsw {
namespace {

// A pipe that is writable takes a whole line (PIPE_BUF).
bool HasRoom() {
  pollfd log = {.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
  return poll(&log, 1, 0) == 1 && (log.revents & POLLOUT);
}

}  // namespace

void Log(Severity severity, const std::string& line) {
  static const bool journal = std::getenv("JOURNAL_STREAM") != nullptr;
  static int lost = 0;
  if (!HasRoom()) {
    lost++;
    return;
  }
  const std::string prefix = journal ? absl::StrCat("<", static_cast<int>(severity), ">") : "";
  const std::string name = absl::StrCat(prefix, program_invocation_short_name);
  if (lost) std::fprintf(stderr, "%s: %d lines found no room here\n", name.c_str(), lost);
  lost = 0;
  std::fprintf(stderr, "%s: %s\n", name.c_str(), line.c_str());
}

void NotifySystemd(const std::string& state) {
  const char* path = std::getenv("NOTIFY_SOCKET");
  sockaddr_un address = {.sun_family = AF_UNIX};
  if (!path || std::strlen(path) >= sizeof(address.sun_path)) return;
  std::strcpy(address.sun_path, path);
  if (path[0] == '@') address.sun_path[0] = '\0';
  const socklen_t length = offsetof(sockaddr_un, sun_path) + std::strlen(path);
  Fd sock(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sendto(sock.get(), state.data(), state.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
         reinterpret_cast<sockaddr*>(&address), length);
}

}  // namespace xsw
