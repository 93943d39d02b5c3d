// SPDX-License-Identifier: Apache-2.0
// Workloads: IPv4/UDP frames from the wire to port 1, from port 1 to port 2 and to the wire.
#ifndef XSW_BENCH_FORWARDING_H_
#define XSW_BENCH_FORWARDING_H_

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
class Forwarding {
 public:
  // kOut to kPort1, for which there are limits; or kPort1 to kPort2 or kOut, for those whose ports
  // are veths.
  static absl::StatusOr<std::unique_ptr<Forwarding>> Make(Place from, Place to);

  // The switch's work alone: a tc program on the receiver's netdev drops every frame, so that no
  // time goes into IP and UDP, which cost the same whatever the switch. Limits and others take part
  // when `all`. The workload refers to this object.
  Workload Frames(size_t size, bool all, int rounds, double seconds);
  // The same with what a real frame costs its receiver: up to a UDP socket that is full.
  Workload Udp(size_t size, int rounds, double seconds);

 private:
  struct Lane {
    const Contender* contender;
    World world;
    Fd socket;  // full
  };
  // What the receiver does with a frame.
  enum class Fate { kDropped, kToSocket };
  Forwarding(Generator generator, Sink sink, Place from, Place to)
      : generator_(std::move(generator)), sink_(std::move(sink)), from_(from), to_(to) {}
  absl::Status AddLane(const Contender& contender);
  const Netdev& SinkOf(const Lane& lane) const;
  absl::Status Check(const Lane& lane);
  absl::StatusOr<Measured> Measure(const Lane& lane, const std::vector<uint8_t>& frame, Fate fate,
                                   double seconds);
  std::vector<Cell> Cells(size_t size, Fate fate, bool all, double seconds);

  Generator generator_;
  Sink sink_;
  const Place from_, to_;
  std::vector<Lane> lanes_;
};

}  // namespace xsw::bench

#endif  // XSW_BENCH_FORWARDING_H_
