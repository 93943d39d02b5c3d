// SPDX-License-Identifier: Apache-2.0
#include "userspace/xswd/log.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "userspace/fd.h"

namespace xsw {
namespace {

constexpr int kLinesPerSecond = 50;

bool MayLog() {
  static time_t second;
  static int lines;
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  if (now.tv_sec != second) {
    if (lines > kLinesPerSecond)
      std::fprintf(stderr, "xswd: %d lines more were left out\n", lines - kLinesPerSecond);
    second = now.tv_sec;
    lines = 0;
  }
  return ++lines <= kLinesPerSecond;
}

}  // namespace

void Log(Severity severity, const std::string& line) {
  static const bool journal = std::getenv("JOURNAL_STREAM") != nullptr;
  if (!MayLog()) return;
  if (journal) std::fprintf(stderr, "<%d>", static_cast<int>(severity));
  std::fprintf(stderr, "xswd: %s\n", line.c_str());
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
