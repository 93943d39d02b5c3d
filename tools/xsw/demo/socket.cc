// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/demo/socket.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// A socket belongs for good to the namespace in which it was made.
absl::StatusOr<Fd> SocketIn(const DemoNode& node, int type) {
  return InNetns(node.fd, [&]() -> absl::StatusOr<Fd> {
    Fd sock(socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!sock) return ErrnoStatus(errno, absl::StrCat("open a socket in ", node.netns));
    return sock;
  });
}

absl::Status Set(const Fd& sock, int level, int option) {
  int on = 1;
  if (setsockopt(sock.get(), level, option, &on, sizeof(on)))
    return ErrnoStatus(errno, "set a socket option");
  return absl::OkStatus();
}

absl::Status Bind(const Fd& sock, const DemoNode& node, uint16_t port) {
  sockaddr_in any = DemoAddress("0.0.0.0", port);
  if (bind(sock.get(), reinterpret_cast<sockaddr*>(&any), sizeof(any)))
    return ErrnoStatus(errno, absl::StrCat("bind port ", port, " in ", node.netns));
  return absl::OkStatus();
}

int SocketError(const Fd& sock) {
  int err = 0;
  socklen_t len = sizeof(err);
  getsockopt(sock.get(), SOL_SOCKET, SO_ERROR, &err, &len);
  return err;
}

}  // namespace

sockaddr_in DemoAddress(const std::string& address, uint16_t port) {
  sockaddr_in result = {};
  result.sin_family = AF_INET;
  result.sin_port = htons(port);
  inet_pton(AF_INET, address.c_str(), &result.sin_addr);
  return result;
}

absl::StatusOr<Fd> DemoListener(const DemoNode& node, uint16_t port) {
  XSW_ASSIGN_OR_RETURN(Fd sock, SocketIn(node, SOCK_STREAM));
  XSW_RETURN_IF_ERROR(Set(sock, SOL_SOCKET, SO_REUSEADDR));
  XSW_RETURN_IF_ERROR(Bind(sock, node, port));
  if (listen(sock.get(), 16)) return ErrnoStatus(errno, absl::StrCat("listen in ", node.netns));
  return sock;
}

absl::StatusOr<Fd> DemoBroadcaster(const DemoNode& node, uint16_t port) {
  XSW_ASSIGN_OR_RETURN(Fd sock, SocketIn(node, SOCK_DGRAM));
  XSW_RETURN_IF_ERROR(Set(sock, SOL_SOCKET, SO_BROADCAST));
  XSW_RETURN_IF_ERROR(Bind(sock, node, port));
  return sock;
}

absl::StatusOr<DemoConnection> DemoConnect(const DemoNode& from, const DemoNode& to,
                                           const Fd& listener, uint16_t port,
                                           const HeldSignals& signals) {
  DemoConnection both;
  XSW_ASSIGN_OR_RETURN(both.client, SocketIn(from, SOCK_STREAM));
  XSW_RETURN_IF_ERROR(Set(both.client, IPPROTO_TCP, TCP_NODELAY));
  sockaddr_in target = DemoAddress(to.address, port);
  if (connect(both.client.get(), reinterpret_cast<sockaddr*>(&target), sizeof(target)) &&
      errno != EINPROGRESS)
    return ErrnoStatus(errno, "connect");
  XSW_RETURN_IF_ERROR(signals.WaitFor(both.client.get(), POLLOUT, kDemoWaitMs));
  if (int err = SocketError(both.client)) return ErrnoStatus(err, "connect");
  XSW_RETURN_IF_ERROR(signals.WaitFor(listener.get(), POLLIN, kDemoWaitMs));
  both.server = Fd(accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!both.server) return ErrnoStatus(errno, "accept");
  XSW_RETURN_IF_ERROR(Set(both.server, IPPROTO_TCP, TCP_NODELAY));
  return both;
}

absl::Status DemoPass(const Fd& sender, const Fd& receiver, uint64_t what,
                      const HeldSignals& signals) {
  uint64_t got = 0;
  if (send(sender.get(), &what, sizeof(what), MSG_NOSIGNAL) != sizeof(what))
    return ErrnoStatus(errno, "send");
  XSW_RETURN_IF_ERROR(signals.WaitFor(receiver.get(), POLLIN, kDemoWaitMs));
  if (recv(receiver.get(), &got, sizeof(got), 0) != sizeof(got))
    return ErrnoStatus(errno, "receive");
  if (got != what) return absl::DataLossError("received something else than was sent");
  return absl::OkStatus();
}

}  // namespace xsw
