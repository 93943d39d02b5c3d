// SPDX-License-Identifier: Apache-2.0
// The contenders of the queue block workloads: a world in which AF_XDP applications take the places
// of the ports' containers.
#ifndef XSW_BENCH_QUEUE_LANE_H_
#define XSW_BENCH_QUEUE_LANE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "bench/application.h"
#include "bench/testpmd.h"
#include "bench/world.h"

namespace xsw::bench {

struct QueueLane {
  std::string name;  // of the contender
  World world;
  Outlet queues[2];               // of port 1 and port 2; what the lane does not need stays empty
  std::unique_ptr<Testpmd> sink;  // receives in place of port 1's application
  std::unique_ptr<Testpmd> source;
};

inline constexpr char kXswQueues[] = "xsw, xdp on";
inline constexpr char kXswQueuesTc[] = "xsw, xdp off";
inline constexpr char kXswManyQueues[] = "xsw, xdp on, 64 queue blocks";
inline constexpr char kXskLimit[] = "limit: XSKMAP on the uplink";
inline constexpr char kXskDevmapLimit[] = "limit: fixed devmap, then XSKMAP";
inline constexpr char kPairLimit[] = "limit: fixed devmap between sockets";
inline constexpr char kTestpmdBare[] = "testpmd rxonly on the uplink";
inline constexpr char kTestpmdBridge[] = "testpmd tx and rx, kernel bridge";
inline constexpr char kTestpmdSwitch[] = "testpmd io as the switch";
inline constexpr char kQueuesBridge[] = "kernel bridge";
inline constexpr char kQueuesBridgeThreaded[] = "kernel bridge, threaded NAPI";

inline constexpr size_t kTestpmdSize = 64;  // of the frames that it sends

// An eswitch with so many ports of class queues; the first two are the places'.
absl::StatusOr<QueueLane> BuildXswQueues(const std::string& name, const std::string& slug, bool xdp,
                                         int ports);
absl::StatusOr<QueueLane> BuildXskLimit();
absl::StatusOr<QueueLane> BuildXskDevmapLimit();
absl::StatusOr<QueueLane> BuildPairLimit();
absl::StatusOr<QueueLane> BuildQueuesOvs();
absl::StatusOr<QueueLane> BuildQueuesBridge(bool threaded, const std::string& suffix);
absl::StatusOr<QueueLane> BuildTestpmdBare();
absl::StatusOr<QueueLane> BuildTestpmdBridge();
absl::StatusOr<QueueLane> BuildTestpmdSwitch();

}  // namespace xsw::bench

#endif  // XSW_BENCH_QUEUE_LANE_H_
