// SPDX-License-Identifier: Apache-2.0
// Workload: IPv4/UDP frames from the wire to port 1.
#ifndef XSW_BENCH_WIRE_TO_PORT_H_
#define XSW_BENCH_WIRE_TO_PORT_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/contender.h"
#include "bench/frame.h"
#include "bench/generator.h"
#include "bench/sink.h"
#include "bench/workload.h"

namespace xsw::bench {

// Builds every contender, and sends each a known number of frames: all must arrive at its sink,
// none anywhere else, unless it floods. An error names the contender that fails.
class WireToPort {
 public:
  static absl::StatusOr<std::unique_ptr<WireToPort>> Make();

  // The switch's work alone: a tc program on port 1's netdev drops every frame, so that no time
  // goes into IP and UDP, which cost the same whatever the switch. Limits and others take part when
  // `all`. The workload refers to this object.
  Workload Frames(size_t size, bool all, int rounds, double seconds);
  // The same with what a real frame costs its receiver: up to a UDP socket that is full.
  Workload Udp(size_t size, int rounds, double seconds);

 private:
  struct Lane {
    const Contender* contender;
    World world;
    Fd socket;  // full
  };
  // What port 1 does with a frame.
  enum class Fate { kDropped, kToSocket };
  WireToPort(Generator generator, Sink sink)
      : generator_(std::move(generator)), sink_(std::move(sink)) {}
  absl::Status AddLane(const Contender& contender);
  absl::Status Check(const Lane& lane);
  absl::StatusOr<Measured> Measure(const Lane& lane, const std::vector<uint8_t>& frame, Fate fate,
                                   double seconds);
  std::vector<Cell> Cells(size_t size, Fate fate, bool all, double seconds);

  Generator generator_;
  Sink sink_;
  std::vector<Lane> lanes_;
};

}  // namespace xsw::bench

#endif  // XSW_BENCH_WIRE_TO_PORT_H_
