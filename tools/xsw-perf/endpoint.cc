// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw-perf/endpoint.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "userspace/status.h"

namespace xsw::perf {
namespace {

constexpr int kSleepMs = 100;

volatile std::sig_atomic_t stopped;
void OnSignal(int) { stopped = 1; }

absl::StatusOr<Queue> OpenQueue(const Options& options, uint32_t number) {
  xswq_attr attr = {};
  attr.queue = number;
  attr.recv_depth = attr.send_depth = options.depth;
  attr.buffer_size = options.buffer;
  attr.memory = options.memory;
  int error = 0;
  Queue queue{.qp = xswq::QueuePair::Open(options.port.c_str(), attr, &error)};
  if (!queue.qp) return QueueError(error);
  queue.info = queue.qp.info();
  const uint32_t half = std::min(queue.info.buffers / 2, queue.info.recv_depth);
  for (uint32_t i = 0; i < queue.info.buffers; i++) {
    void* buffer = xswq_buffer(queue.qp.get(), i);
    if (i >= half || xswq_post_recv(queue.qp.get(), &buffer, 1) != 1) queue.free.push_back(buffer);
  }
  return queue;
}

}  // namespace

double Since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

bool Stopped() { return stopped; }

absl::Status QueueError(int error) {
  return error ? absl::InternalError(xswq_strerror(error)) : absl::OkStatus();
}

absl::StatusOr<Endpoint> Endpoint::Open(const Options& options) {
  struct sigaction action = {};
  action.sa_handler = OnSignal;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  Endpoint endpoint;
  for (uint32_t number = options.first_queue; number <= options.last_queue; number++) {
    XSW_ASSIGN_OR_RETURN(Queue queue, OpenQueue(options, number));
    endpoint.queues_.push_back(std::move(queue));
  }
  std::copy_n(endpoint.first().info.hw_addr, 6, endpoint.src_.begin());
  if (options.src) endpoint.src_ = *options.src;
  endpoint.busy_ = options.busy;
  return endpoint;
}

absl::Status Endpoint::Wait() {
  if (busy_) return absl::OkStatus();
  std::vector<pollfd> fds;
  for (const Queue& queue : queues_)
    fds.push_back({.fd = xswq_fd(queue.qp.get()), .events = POLLIN, .revents = 0});
  const int ready = poll(fds.data(), fds.size(), kSleepMs);
  if (ready < 0 && errno != EINTR) return ErrnoStatus(errno, "wait for frames");
  if (ready) return absl::OkStatus();
  for (const Queue& queue : queues_) {
    const int error = xswq_wait(queue.qp.get(), 0);
    if (error < 0 && error != -EINTR) return QueueError(error);
  }
  return absl::OkStatus();
}

xswq_stats Endpoint::stats() const {
  constexpr size_t kCounters = sizeof(xswq_stats) / sizeof(uint64_t);
  uint64_t sum[kCounters] = {};
  for (const Queue& queue : queues_) {
    const xswq_stats stats = queue.qp.stats();
    uint64_t counters[kCounters];
    std::memcpy(counters, &stats, sizeof(stats));
    for (size_t i = 0; i < kCounters; i++) sum[i] += counters[i];
  }
  xswq_stats total;
  std::memcpy(&total, sum, sizeof(total));
  return total;
}

}  // namespace xsw::perf
