// SPDX-License-Identifier: Apache-2.0
// Workload: how long xsw-bridge takes to follow the kernel's bridge.
#ifndef XSW_BENCH_FOLLOW_H_
#define XSW_BENCH_FOLLOW_H_

#include <memory>

#include "absl/status/statusor.h"
#include "bench/workload.h"
#include "bench/world.h"

namespace xsw::bench {

inline constexpr char kLearned[] = "an address is learned: until it is in the fast path";
inline constexpr char kBlocked[] = "a port is blocked: until it is not";

class Follow {
 public:
  static absl::StatusOr<std::unique_ptr<Follow>> Make();
  // In ms. It refers to this object.
  Workload Times(int rounds);

 private:
  Follow(World world, Fd socket) : world_(std::move(world)), socket_(std::move(socket)) {}
  // From a frame of an address that nobody knows.
  absl::StatusOr<Measured> Learned();
  // From the command's start.
  absl::StatusOr<Measured> Blocked();
  absl::Status SetState(const char* state);

  World world_;
  Fd socket_;  // on port 1's netdev
  uint8_t address_ = 0;
};

}  // namespace xsw::bench

#endif  // XSW_BENCH_FOLLOW_H_
