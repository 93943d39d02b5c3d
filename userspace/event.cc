// SPDX-License-Identifier: Apache-2.0
#include "userspace/event.h"

#include <linux/netlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "userspace/status.h"

namespace xsw {
namespace {

constexpr uint32_t kGroup = 1u << ('x' % 32);  // one of 32 that nobody hands out

sockaddr_nl GroupAddress() {
  sockaddr_nl address = {};
  address.nl_family = AF_NETLINK;
  address.nl_groups = kGroup;
  return address;
}

bool IsRoot(msghdr& message) {
  for (cmsghdr* c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
    if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_CREDENTIALS)
      return reinterpret_cast<const ucred*>(CMSG_DATA(c))->uid == 0;
  }
  return false;
}

}  // namespace

void SendEvent(const std::string& text) {
  Fd fd(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_USERSOCK));
  const sockaddr_nl to = GroupAddress();
  sendto(fd.get(), text.data(), std::min(text.size(), kMostEventBytes), MSG_DONTWAIT,
         reinterpret_cast<const sockaddr*>(&to), sizeof(to));
}

absl::StatusOr<EventListener> EventListener::Open() {
  Fd fd(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_USERSOCK));
  const sockaddr_nl address = GroupAddress();
  const int on = 1, bytes = 1 << 20;  // more than a thousand events
  setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
  if (!fd || setsockopt(fd.get(), SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) ||
      bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)))
    return ErrnoStatus(errno, "listen for events");
  return EventListener(std::move(fd));
}

std::nullopt_t EventListener::EndTurn(bool drained) {
  looked_at_ = 0;
  drained_ = drained;
  return std::nullopt;
}

absl::StatusOr<std::optional<std::string>> EventListener::Next() {
  while (looked_at_++ < kMostEventsAtOnce) {
    char text[kMostEventBytes];
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(ucred))];
    iovec part = {text, sizeof(text)};
    msghdr message = {};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof(control);
    const ssize_t length = recvmsg(fd_.get(), &message, 0);
    if (length < 0 && errno == ENOBUFS) return absl::DataLossError("events were lost");
    if (length < 0 && errno == EAGAIN) return EndTurn(true);
    if (length < 0 && errno == EINTR) return EndTurn(false);
    if (length < 0) return ErrnoStatus(errno, "read an event");
    if (IsRoot(message)) return std::string(text, static_cast<size_t>(length));
  }
  return EndTurn(false);
}

}  // namespace xsw
