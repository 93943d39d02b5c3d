// SPDX-License-Identifier: Apache-2.0
// Workloads: from the wire to many ports, broadcast and a mix. All function ends, e1 to eN, are in
// one container's namespace.
#ifndef XSW_BENCH_MANY_PORTS_H_
#define XSW_BENCH_MANY_PORTS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/generator.h"
#include "bench/sink.h"
#include "bench/workload.h"

namespace xsw::bench {

// Builds every contender with so many ports. Of a known number of broadcast frames each port must
// get each once; of a mix, each port its share.
class ManyPorts {
 public:
  static absl::StatusOr<std::unique_ptr<ManyPorts>> Make(int ports);

  // Frames a second that come in; what a port does not get counts as lost. The workloads refer to
  // this object.
  Workload Broadcast(int rounds, double seconds);
  // Unicast to all ports in turn, one frame in 32 broadcast, of 64, 576 and 1500 bytes 7:4:1.
  Workload Mix(int rounds, double seconds);

 private:
  struct Lane {
    std::string name;
    World world;
    bool limit;  // no switch: everything goes to all ports
  };
  ManyPorts(Generator generator, Sink sink, int ports)
      : generator_(std::move(generator)), sink_(std::move(sink)), ports_(ports) {}
  absl::Status Add(const std::string& name, absl::StatusOr<World> world);
  absl::Status Check(const Lane& lane);
  absl::StatusOr<Measured> Measure(const Lane& lane, bool mix, double seconds);
  Workload ByAll(bool mix, Workload workload, double seconds);

  Generator generator_;
  Sink sink_;
  const int ports_;
  std::vector<std::unique_ptr<Lane>> lanes_;
};

}  // namespace xsw::bench

#endif  // XSW_BENCH_MANY_PORTS_H_
