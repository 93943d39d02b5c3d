// SPDX-License-Identifier: Apache-2.0
#include "bench/tcp_flow.h"

#include <sys/socket.h>

#include <cerrno>
#include <thread>
#include <vector>

#include "bench/clock.h"
#include "bench/cpu.h"
#include "bench/tcp_connect.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

constexpr size_t kBuffer = 128 * 1024;
constexpr double kStartSeconds = 0.15;  // slow start, and buffers that grow

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

struct Flow {
  Connection connection;
  std::thread sender, receiver;
  ssize_t bytes = 0;
  double took = 0;
  int error = 0;
};

void Receive(Flow& flow, double seconds) {
  PinnedTo pinned(LoadCpu());
  const int fd = flow.connection.receiver.get();
  flow.bytes = ReceiveFor(fd, kStartSeconds, &flow.took);
  if (flow.bytes >= 0) flow.bytes = ReceiveFor(fd, seconds, &flow.took);
  if (flow.bytes < 0) flow.error = errno;
}

}  // namespace

absl::StatusOr<Measured> TcpFlows(const World& world, Place from, Place to, int count,
                                  double seconds) {
  std::vector<Flow> flows(static_cast<size_t>(count));
  for (Flow& flow : flows) {
    XSW_ASSIGN_OR_RETURN(flow.connection, Connect(world, from, to));
  }
  for (Flow& flow : flows) {
    flow.sender = std::thread(SendAll, flow.connection.sender.get());
    flow.receiver = std::thread([&flow, seconds] { Receive(flow, seconds); });
  }
  double gbits = 0;
  int error = 0;
  for (Flow& flow : flows) {
    flow.receiver.join();
    gbits += static_cast<double>(flow.bytes) * 8 / flow.took / 1e9;
    if (flow.error) error = flow.error;
  }
  for (Flow& flow : flows) {
    flow.connection.receiver = Fd();  // unread data in it: the sender gets a reset
    flow.sender.join();
  }
  if (error)
    return ErrnoStatus(error,
                       absl::StrCat("TCP from ", Ipv4Of(from), " to ", Ipv4Of(to), " stalls"));
  return Measured{.value = gbits};
}

}  // namespace xsw::bench
