// SPDX-License-Identifier: Apache-2.0
// Workloads: from one AF_XDP application through the switch to another.
#ifndef XSW_BENCH_QUEUE_TO_QUEUE_H_
#define XSW_BENCH_QUEUE_TO_QUEUE_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/queue_lane.h"
#include "bench/workload.h"

namespace xsw::bench {

// Builds every contender; numbered frames of port 1's application must all arrive at port 2's, each
// once, and none elsewhere.
class QueueToQueue {
 public:
  static absl::StatusOr<std::unique_ptr<QueueToQueue>> Make();

  // Sender on one CPU, receiver on the other, the kernel's threads where they like. The workloads
  // refer to this object.
  Workload Frames(size_t size, int rounds, double seconds);
  // Frames to a netdev at the other end of the wire.
  Workload ToWire(size_t size, int rounds, double seconds);
  // One frame at a time, there and back.
  Workload RoundTrips(int rounds, double seconds);

 private:
  absl::Status Add(absl::StatusOr<QueueLane> lane);
  std::vector<std::unique_ptr<QueueLane>> lanes_;
};

}  // namespace xsw::bench

#endif  // XSW_BENCH_QUEUE_TO_QUEUE_H_
