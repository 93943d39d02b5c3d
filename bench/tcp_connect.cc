// SPDX-License-Identifier: Apache-2.0
#include "bench/tcp_connect.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>

#include "bench/scoped_netns.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

constexpr uint16_t kPort = 5001;
constexpr time_t kStallSeconds = 3;

sockaddr_in AddressOf(Place place) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(kPort);
  inet_pton(AF_INET, Ipv4Of(place).c_str(), &address.sin_addr);
  return address;
}

const sockaddr* AsSockaddr(const sockaddr_in& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

// A socket of the place's network namespace. No call on it waits for longer than the limit.
absl::StatusOr<Fd> MakeSocket(const World& world, Place place) {
  XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(world.netns[place]));
  Fd sock(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!sock) return ErrnoStatus(errno, "make a TCP socket");
  const int on = 1;
  const timeval limit = {.tv_sec = kStallSeconds};
  setsockopt(sock.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  setsockopt(sock.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  setsockopt(sock.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  return sock;
}

}  // namespace

absl::StatusOr<Connection> Connect(const World& world, Place from, Place to) {
  const sockaddr_in address = AddressOf(to);
  XSW_ASSIGN_OR_RETURN(Fd listener, MakeSocket(world, to));
  if (bind(listener.get(), AsSockaddr(address), sizeof(address)) || listen(listener.get(), 1))
    return ErrnoStatus(errno, absl::StrCat("listen on ", Ipv4Of(to)));
  XSW_ASSIGN_OR_RETURN(Fd sender, MakeSocket(world, from));
  if (connect(sender.get(), AsSockaddr(address), sizeof(address)))
    return ErrnoStatus(errno, absl::StrCat("connect ", Ipv4Of(from), " to ", Ipv4Of(to)));
  Fd receiver(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!receiver) return ErrnoStatus(errno, absl::StrCat("accept on ", Ipv4Of(to)));
  return Connection{.sender = std::move(sender), .receiver = std::move(receiver)};
}

}  // namespace xsw::bench
