// SPDX-License-Identifier: Apache-2.0
// Workloads: commands, as a user waits for them, start of the process included.
#ifndef XSW_BENCH_CONTROL_H_
#define XSW_BENCH_CONTROL_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/workload.h"
#include "bench/world.h"

namespace xsw::bench {

inline constexpr char kPortAdd[] = "xsw port add ... state active";
inline constexpr char kPortShow[] = "xsw port show -s -j";
inline constexpr char kVethAdd[] = "ip link add ... type veth";

class Control {
 public:
  static absl::StatusOr<std::unique_ptr<Control>> Make();

  // Adds `ports` ports, then shows them. The workloads refer to this object.
  std::vector<Workload> Commands(int ports, int shows);

 private:
  explicit Control(World world) : world_(std::move(world)) {}
  absl::StatusOr<Measured> AddVeth();
  absl::StatusOr<Measured> AddPort();
  absl::StatusOr<Measured> ShowPorts();

  World world_;
  int number_ = 0;
};

}  // namespace xsw::bench

#endif  // XSW_BENCH_CONTROL_H_
