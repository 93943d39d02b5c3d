// SPDX-License-Identifier: Apache-2.0
// The queue pairs of one run, served by one thread, and the clock that ends it.
#ifndef XSW_TOOLS_XSW_PERF_ENDPOINT_H_
#define XSW_TOOLS_XSW_PERF_ENDPOINT_H_

#include <chrono>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/xsw-perf/options.h"
#include "userspace/xswq/xswq.hpp"

namespace xsw::perf {

using Clock = std::chrono::steady_clock;

double Since(Clock::time_point start);  // seconds

struct Queue {
  xswq::QueuePair qp;
  xswq_info info{};
  std::vector<void*> free;  // buffers to send from
};

class Endpoint {
 public:
  // Opens the queues. The first half of each one's buffers waits to receive, the rest is free.
  static absl::StatusOr<Endpoint> Open(const Options& options);

  std::vector<Queue>& queues() { return queues_; }
  Queue& first() { return queues_.front(); }
  Mac src() const { return src_; }

  // Sleeps until a frame has come, at most some milliseconds; not if the run is busy.
  absl::Status Wait();

  // Sums over all queues.
  xswq_stats stats() const;

 private:
  std::vector<Queue> queues_;
  Mac src_{};
  bool busy_ = false;
};

// Asked for by SIGINT or SIGTERM; the result is printed then, too.
bool Stopped();

// xswq's error as a Status.
absl::Status QueueError(int error);

}  // namespace xsw::perf

#endif  // XSW_TOOLS_XSW_PERF_ENDPOINT_H_
