// SPDX-License-Identifier: Apache-2.0
// Workload: frames from the wire to an AF_XDP application.
#ifndef XSW_BENCH_WIRE_TO_QUEUE_H_
#define XSW_BENCH_WIRE_TO_QUEUE_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/generator.h"
#include "bench/queue_lane.h"
#include "bench/workload.h"

namespace xsw::bench {

// Builds every contender and sends each a known number of frames: all must arrive at port 1's
// application, none at port 2 or the host's stack.
class WireToQueue {
 public:
  static absl::StatusOr<std::unique_ptr<WireToQueue>> Make();
  // Generator and kernel on one CPU, the application on the other. The workload refers to this
  // object.
  Workload Frames(size_t size, int rounds, double seconds);

 private:
  explicit WireToQueue(Generator generator) : generator_(std::move(generator)) {}
  absl::Status Add(absl::StatusOr<QueueLane> lane);
  absl::Status Check(const QueueLane& lane);
  absl::StatusOr<Measured> Measure(const QueueLane& lane, const std::vector<uint8_t>& frame,
                                   double seconds);

  Generator generator_;
  std::vector<std::unique_ptr<QueueLane>> lanes_;
};

}  // namespace xsw::bench

#endif  // XSW_BENCH_WIRE_TO_QUEUE_H_
