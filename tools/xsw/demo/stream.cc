// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/demo/stream.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "tools/xsw/demo/socket.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr uint16_t kPort = 5001;
constexpr auto kDuration = std::chrono::milliseconds(250);
constexpr size_t kChunk = 256 << 10;

using Clock = std::chrono::steady_clock;

// Nonblocking calls between waits that a signal ends.
absl::Status SendAll(const Fd& sock, uint64_t* sent, const HeldSignals& signals) {
  const std::vector<char> chunk(kChunk, 'x');
  const Clock::time_point end = Clock::now() + kDuration;
  while (Clock::now() < end) {
    ssize_t done = send(sock.get(), chunk.data(), chunk.size(), MSG_NOSIGNAL);
    if (done > 0) {
      *sent += done;
    } else if (errno != EAGAIN) {
      return ErrnoStatus(errno, "send");
    } else {
      XSW_RETURN_IF_ERROR(signals.WaitFor(sock.get(), POLLOUT, kDemoWaitMs));
    }
  }
  shutdown(sock.get(), SHUT_WR);
  return absl::OkStatus();
}

absl::Status ReceiveAll(const Fd& sock, uint64_t* received, const HeldSignals& signals) {
  std::vector<char> chunk(kChunk);
  while (true) {
    ssize_t done = recv(sock.get(), chunk.data(), chunk.size(), 0);
    if (done == 0) return absl::OkStatus();
    if (done > 0) {
      *received += done;
    } else if (errno != EAGAIN) {
      return ErrnoStatus(errno, "receive");
    } else {
      XSW_RETURN_IF_ERROR(signals.WaitFor(sock.get(), POLLIN, kDemoWaitMs));
    }
  }
}

}  // namespace

absl::Status RunStream(const DemoNode& from, const DemoNode& to, DemoStream& stream,
                       const HeldSignals& signals) {
  XSW_ASSIGN_OR_RETURN(Fd listener, DemoListener(to, kPort));
  XSW_ASSIGN_OR_RETURN(DemoConnection both, DemoConnect(from, to, listener, kPort, signals));
  const Clock::time_point start = Clock::now();
  uint64_t sent_bytes = 0;
  absl::Status sent;
  std::thread sender([&] { sent = SendAll(both.client, &sent_bytes, signals); });
  absl::Status received = ReceiveAll(both.server, &stream.bytes, signals);
  stream.us = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start).count();
  sender.join();
  XSW_RETURN_IF_ERROR(sent);
  XSW_RETURN_IF_ERROR(received);
  if (sent_bytes == stream.bytes) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("sent ", sent_bytes, " bytes, received ", stream.bytes));
}

}  // namespace xsw
