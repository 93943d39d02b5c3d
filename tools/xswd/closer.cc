// SPDX-License-Identifier: Apache-2.0
#include "tools/xswd/closer.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <csignal>
#include <string>
#include <utility>

#include "tools/xswd/message.h"
#include "tools/xswd/process.h"

namespace xsw {
namespace {

// Until the parent is gone.
void CloseAllThatComes(int number) {
  const Fd socket(number);
  Message message;
  while (Receive(socket, &message, /*wait=*/true) == Received::kMessage) {
    HangUp(message.fd);
    message.fd = Fd();
  }
}

}  // namespace

void Closer::Start() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends)) return;
  socket_ = Fd(ends[0]);
  const Fd theirs(ends[1]);
  const auto pid = StartProcess({theirs.get()}, [&] { CloseAllThatComes(theirs.get()); });
  if (!pid.ok()) socket_ = Fd();
  pid_ = pid.value_or(-1);
  was_busy_ = false;
}

bool Closer::HandOver(const Fd& fd) { return socket_ && Send(socket_, "close", fd); }

void Closer::Kill() {
  if (pid_ > 0) kill(pid_, SIGKILL);
  socket_ = Fd();
}

// On its way to the process, fd has one more holder: the close at the end of this call is not the
// last.
void Closer::Close(Fd fd) {
  if (!fd || HandOver(fd)) return;
  Kill();  // it is stuck, its queue full; or there is none
  Start();
  if (HandOver(fd)) return;
  waiting_.push_back(std::move(fd));
}

void Closer::Tick() {
  int queued = 0;
  const bool busy = socket_ && ioctl(socket_.get(), SIOCOUTQ, &queued) == 0 && queued > 0;
  if (busy && was_busy_) Kill();
  was_busy_ = busy && socket_;
  for (Fd& fd : std::exchange(waiting_, {})) Close(std::move(fd));
}

}  // namespace xsw
