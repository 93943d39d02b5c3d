// SPDX-License-Identifier: Apache-2.0
#include "bench/tcp_latency.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <thread>
#include <vector>

#include "bench/clock.h"
#include "bench/cpu.h"
#include "bench/tcp_connect.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

void SendAtOnce(const Fd& sock) {
  const int on = 1;
  setsockopt(sock.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

void Answer(int fd) {
  PinnedTo pinned(LoadCpu());
  for (char byte; recv(fd, &byte, 1, 0) == 1;)
    if (send(fd, &byte, 1, MSG_NOSIGNAL) != 1) break;
}

// Microseconds each; empty, with errno, if an answer does not come.
std::vector<double> Ask(int fd, double seconds) {
  PinnedTo pinned(SenderCpu());
  std::vector<double> times;
  const double start = Now();
  for (double before = start; before - start < seconds;) {
    char byte = 0;
    if (send(fd, &byte, 1, MSG_NOSIGNAL) != 1 || recv(fd, &byte, 1, 0) != 1) return {};
    const double after = Now();
    times.push_back((after - before) * 1e6);
    before = after;
  }
  return times;
}

}  // namespace

absl::StatusOr<Measured> TcpRoundTrips(const World& world, Place from, Place to, double seconds) {
  XSW_ASSIGN_OR_RETURN(Connection connection, Connect(world, from, to));
  SendAtOnce(connection.sender);
  SendAtOnce(connection.receiver);
  std::thread server(Answer, connection.receiver.get());
  std::vector<double> times = Ask(connection.sender.get(), seconds);
  const int err = errno;
  connection.sender = Fd();
  server.join();
  if (times.empty())
    return ErrnoStatus(err, absl::StrCat("TCP between ", Ipv4Of(from), " and ", Ipv4Of(to)));
  std::sort(times.begin(), times.end());
  return Measured{.value = times[times.size() / 2], .p99 = times[times.size() * 99 / 100]};
}

}  // namespace xsw::bench
