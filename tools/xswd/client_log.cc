// SPDX-License-Identifier: Apache-2.0
#include "tools/xswd/client_log.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "userspace/status.h"

namespace xsw {
namespace {

constexpr int kLinesPerSecond = 10;
constexpr int kReadsPerRound = 256;  // more than wait at a time; then others have their turn

template <size_t kSize>
void CopyText(const std::string& from, char (&to)[kSize]) {
  const size_t length = from.copy(to, kSize - 1);
  to[length] = '\0';
}

void Say(const ClientLine& line, const std::string& more = "") {
  Log(line.severity, absl::StrCat(line.port, ": ", line.text, more));
}

}  // namespace

ClientLine MakeClientLine(Severity severity, uid_t uid, const std::string& port,
                          const std::string& text) {
  ClientLine line{.severity = severity, .uid = uid};
  CopyText(port, line.port);
  CopyText(text, line.text);
  return line;
}

absl::StatusOr<ClientLog> ClientLog::Open() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
    return ErrnoStatus(errno, "make the way of log lines");
  ClientLog log;
  log.in_ = Fd(ends[0]);
  log.out_ = Fd(ends[1]);
  return log;
}

void ClientLog::Read() {
  ClientLine line;
  for (int i = 0; i < kReadsPerRound; i++) {
    if (recv(out_.get(), &line, sizeof(line), MSG_DONTWAIT) != sizeof(line)) return;
    Add(line);
  }
}

void ClientLog::SayRepeated(Share& share) {
  if (share.repeated) Say(share.last, absl::StrCat(" (", share.repeated, " times more)"));
  share.repeated = 0;
}

void ClientLog::Add(const ClientLine& line) {
  Share& share = shares_[{line.port, line.uid}];
  if (std::strcmp(share.last.text, line.text) == 0) {
    share.repeated++;
    return;
  }
  if (share.lines >= kLinesPerSecond) {
    share.left_out++;
    return;
  }
  SayRepeated(share);
  Say(line);
  share.last = line;
  share.lines++;
}

void ClientLog::Tick() {
  for (auto entry = shares_.begin(); entry != shares_.end();) {
    auto& [key, share] = *entry;
    const bool idle = !share.lines && !share.repeated && !share.left_out;
    SayRepeated(share);
    if (share.left_out)
      Log(Severity::kWarning, absl::StrCat(key.first, ": ", share.left_out, " lines more of uid ",
                                           key.second, " were left out"));
    share.lines = share.left_out = 0;
    entry = idle ? shares_.erase(entry) : std::next(entry);
  }
}

}  // namespace xsw
