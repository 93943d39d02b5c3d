// SPDX-License-Identifier: Apache-2.0
// Workloads: containers that plugins of CNI have attached to a network. How long it takes, from the
// call to the first answer from the gateway; and TCP between two of them.
#ifndef XSW_BENCH_ATTACH_H_
#define XSW_BENCH_ATTACH_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/workload.h"
#include "bench/world.h"

namespace xsw::bench {

inline constexpr char kXswCni[] = "xsw-cni";
inline constexpr char kBridgeCni[] = "plugin bridge";

class Attach {
 public:
  // A host for each plugin, with two containers.
  static absl::StatusOr<std::unique_ptr<Attach>> Make();
  // In ms; each of so many attachments of a third netdev, with an address of host-local, ends
  // before the next. The workloads refer to this object.
  Workload Times(int rounds, int attachments);
  Workload Flows(int rounds, double seconds);

 private:
  struct Lane {
    std::string name, program;
    World world;
  };
  absl::Status Add(const std::string& name, const std::string& program, World world);

  std::vector<std::unique_ptr<Lane>> lanes_;
};

}  // namespace xsw::bench

#endif  // XSW_BENCH_ATTACH_H_
