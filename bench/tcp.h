// SPDX-License-Identifier: Apache-2.0
// Workloads: TCP, every offload as the kernel sets it.
#ifndef XSW_BENCH_TCP_H_
#define XSW_BENCH_TCP_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/contender.h"
#include "bench/workload.h"

namespace xsw::bench {

class Tcp {
 public:
  static absl::StatusOr<std::unique_ptr<Tcp>> Make();

  // One flow per pair of places. The workloads refer to this object.
  std::vector<Workload> Flows(int rounds, double seconds);
  // Four flows from port to port.
  Workload FourFlows(int rounds, double seconds);
  // A byte there and a byte back, between two ports.
  Workload RoundTrips(int rounds, double seconds);

 private:
  struct Lane {
    const Contender* contender;
    World world;
  };
  using Measure = std::function<absl::StatusOr<Measured>(const World&)>;
  // By those who connect these places.
  Workload ByAll(const std::string& id, const std::string& title, const char* unit, Place from,
                 Place to, int rounds, double seconds, const Measure& measure);
  std::vector<Lane> lanes_;
};

}  // namespace xsw::bench

#endif  // XSW_BENCH_TCP_H_
