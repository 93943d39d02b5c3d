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

inline constexpr char kFirstPort[] = "xsw port add ... state active, the 1st";
inline constexpr char kLastPort[] = "xsw port add ... state active, the 1001st";
inline constexpr char kThousandPorts[] = "1000 ports";
inline constexpr char kVethAdd[] = "ip link add ... type veth";

class Control {
 public:
  // Eswitches that have 0 and, of these numbers of ports, one less each.
  static absl::StatusOr<std::unique_ptr<Control>> Make(const std::vector<int>& sizes);

  // The port is deleted again after each measurement. The workload refers to this object.
  Workload AddPorts(int rounds);
  // Of the largest of the eswitches.
  // A command that reads all ports.
  Workload Read(const std::string& id, const std::vector<std::string>& words, int rounds);

 private:
  struct Lane {
    int nth;
    World world;
  };
  absl::Status Add(int nth);
  absl::StatusOr<Measured> AddVeth();
  absl::StatusOr<Measured> AddPort(const Lane& lane);

  std::vector<std::unique_ptr<Lane>> lanes_;
};

}  // namespace xsw::bench

#endif  // XSW_BENCH_CONTROL_H_
