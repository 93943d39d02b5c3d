// SPDX-License-Identifier: Apache-2.0
// Where a measured frame ends: a tc program on the netdev it was sent to, the first thing in its
// stack to see the frame.
#ifndef XSW_BENCH_SINK_H_
#define XSW_BENCH_SINK_H_

#include <memory>

#include "absl/status/statusor.h"
#include "bench/world.h"

struct sink_bpf;

namespace xsw::bench {

class Sink {
 public:
  static absl::StatusOr<Sink> Load();
  // For good.
  absl::Status Attach(const World& world, const Netdev& netdev) const;
  // On every netdev it is attached to. Off at first: frames go on to the stack.
  void SetDrops(bool on);

 private:
  struct Destroy {
    void operator()(sink_bpf* skeleton) const;
  };
  using Skeleton = std::unique_ptr<sink_bpf, Destroy>;
  explicit Sink(Skeleton skeleton) : skeleton_(std::move(skeleton)) {}
  Skeleton skeleton_;
};

}  // namespace xsw::bench

#endif  // XSW_BENCH_SINK_H_
