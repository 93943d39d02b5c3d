// SPDX-License-Identifier: Apache-2.0
#include "bench/tcp_flow.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <thread>
#include <vector>

#include "bench/clock.h"
#include "bench/cpu.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

constexpr uint16_t kPort = 5001;
constexpr size_t kBuffer = 128 * 1024;
constexpr double kStartSeconds = 0.15;  // slow start, and buffers that grow
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

struct Flow {
  Fd sender;
  Fd receiver;
};

absl::StatusOr<Flow> Connect(const World& world, Place from, Place to) {
  const sockaddr_in address = AddressOf(to);
  XSW_ASSIGN_OR_RETURN(Fd listener, MakeSocket(world, to));
  if (bind(listener.get(), AsSockaddr(address), sizeof(address)) || listen(listener.get(), 1))
    return ErrnoStatus(errno, absl::StrCat("listen on ", Ipv4Of(to)));
  XSW_ASSIGN_OR_RETURN(Fd sender, MakeSocket(world, from));
  if (connect(sender.get(), AsSockaddr(address), sizeof(address)))
    return ErrnoStatus(errno, absl::StrCat("connect ", Ipv4Of(from), " to ", Ipv4Of(to)));
  Fd receiver(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!receiver) return ErrnoStatus(errno, absl::StrCat("accept on ", Ipv4Of(to)));
  return Flow{.sender = std::move(sender), .receiver = std::move(receiver)};
}

// Until the receiver has gone.
void SendAll(int fd) {
  PinnedTo pinned(SenderCpu());
  const std::vector<char> buffer(kBuffer, 'x');
  while (send(fd, buffer.data(), buffer.size(), MSG_NOSIGNAL) > 0) {
  }
}

// Bytes for that long; -1 with errno if nothing comes any more.
ssize_t ReceiveFor(int fd, double seconds, double* took) {
  static thread_local std::vector<char> buffer(kBuffer);
  const double start = Now();
  ssize_t bytes = 0;
  do {
    const ssize_t got = recv(fd, buffer.data(), buffer.size(), 0);
    if (got <= 0) return -1;
    bytes += got;
    *took = Now() - start;
  } while (*took < seconds);
  return bytes;
}

}  // namespace

absl::StatusOr<double> TcpFlow(const World& world, Place from, Place to, double seconds) {
  XSW_ASSIGN_OR_RETURN(Flow flow, Connect(world, from, to));
  std::thread sender(SendAll, flow.sender.get());
  double took = 0;
  ssize_t bytes;
  {
    PinnedTo pinned(LoadCpu());
    bytes = ReceiveFor(flow.receiver.get(), kStartSeconds, &took);
    if (bytes >= 0) bytes = ReceiveFor(flow.receiver.get(), seconds, &took);
  }
  const int err = errno;
  flow.receiver = Fd();  // unread data in it: the sender gets a reset
  sender.join();
  if (bytes < 0)
    return ErrnoStatus(err, absl::StrCat("TCP from ", Ipv4Of(from), " to ", Ipv4Of(to), " stalls"));
  return static_cast<double>(bytes) * 8 / took / 1e9;
}

}  // namespace xsw::bench
