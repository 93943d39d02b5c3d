// SPDX-License-Identifier: Apache-2.0
#include "tests/veth/queues/dialog.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

#include "tests/veth/queues/lab.h"

namespace xsw::test {
namespace {

// A request makes xswd look at the eswitch, for which it waits while other namespaces of the
// machine come and go: 5 s were not enough beside two other test runs.
constexpr int kPatienceSeconds = 20;

}  // namespace

Dialog::Dialog(int port) : sock_(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0)) {
  const timeval patience = {.tv_sec = kPatienceSeconds, .tv_usec = 0};
  setsockopt(sock_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  sockaddr_un address = {.sun_family = AF_UNIX};
  std::strcpy(address.sun_path, SocketPath(port).c_str());
  connected_ = connect(sock_.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
}

bool Dialog::Say(const std::string& text, const std::vector<int>& fds) {
  iovec piece = {.iov_base = const_cast<char*>(text.data()), .iov_len = text.size()};
  std::vector<char> control(CMSG_SPACE(fds.size() * sizeof(int)));
  msghdr message = {};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  if (!fds.empty()) {
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(fds.size() * sizeof(int));
    std::memcpy(CMSG_DATA(header), fds.data(), fds.size() * sizeof(int));
  }
  return sendmsg(sock_.get(), &message, MSG_NOSIGNAL) >= 0;
}

std::string Dialog::Hear() {
  char text[512];
  iovec piece = {.iov_base = text, .iov_len = sizeof(text)};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))];
  msghdr message = {};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  const ssize_t length = recvmsg(sock_.get(), &message, MSG_CMSG_CLOEXEC);
  if (length < 0) return errno == EAGAIN ? kSilence : kClosed;
  if (length == 0) return kClosed;
  fd_ = Fd();
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header && header->cmsg_type == SCM_RIGHTS) {
    int fd;
    std::memcpy(&fd, CMSG_DATA(header), sizeof(fd));
    fd_ = Fd(fd);
  }
  return std::string(text, length);
}

std::string Dialog::Ask(const std::string& text, const std::vector<int>& fds) {
  Say(text, fds);
  return Hear();
}

Fd MakeMemfd(size_t bytes, bool holes) {
  Fd fd(memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  Must(fd && ftruncate(fd.get(), static_cast<off_t>(bytes)) == 0, "memfd");
  if (!holes && bytes) Must(posix_fallocate(fd.get(), 0, static_cast<off_t>(bytes)) == 0, "memfd");
  return fd;
}

}  // namespace xsw::test
