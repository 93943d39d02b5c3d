// SPDX-License-Identifier: Apache-2.0
// Workload: UDP from a container to another, or to the wire.
#ifndef XSW_BENCH_PORT_TO_PORT_H_
#define XSW_BENCH_PORT_TO_PORT_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/sink.h"
#include "bench/workload.h"

namespace xsw::bench {

// Builds every contender; a known number of datagrams must all arrive at the receiver's stack,
// none anywhere else.
class PortToPort {
 public:
  // receiver: kPort2 or kOut.
  static absl::StatusOr<std::unique_ptr<PortToPort>> Make(Place receiver);
  // A UDP socket of port 1 sends, a tc program on the receiver's netdev drops. All work is done on
  // one CPU, by the sender. The workload refers to this object.
  Workload Udp(size_t size, int rounds, double seconds);

 private:
  struct Lane {
    std::string name;
    World world;
    Fd socket;
  };
  PortToPort(Sink sink, Place receiver) : sink_(std::move(sink)), receiver_(receiver) {}
  absl::Status Add(const std::string& name, absl::StatusOr<World> world);
  absl::Status Check(const Lane& lane);
  absl::StatusOr<Measured> Measure(const Lane& lane, size_t size, double seconds);

  Sink sink_;
  Place receiver_;
  std::vector<std::unique_ptr<Lane>> lanes_;
};

}  // namespace xsw::bench

#endif  // XSW_BENCH_PORT_TO_PORT_H_
