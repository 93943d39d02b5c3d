// SPDX-License-Identifier: Apache-2.0
// Workloads: what a port's features cost the steering of a frame, by BPF_PROG_TEST_RUN: unused,
// against a build of the programs without each, and all of them in use.
#ifndef XSW_BENCH_COST_H_
#define XSW_BENCH_COST_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/test_run.h"
#include "bench/workload.h"
#include "bench/world.h"

struct bpf_object;

namespace xsw::bench {

inline constexpr char kAllOff[] = "xsw, features not in use";
inline constexpr char kAllOn[] = "xsw, all features in use";
inline constexpr char kUnused[] = "unused_";  // ids of workloads whose values are differences

struct CloseBpfObject {
  void operator()(bpf_object* object) const;
};
using BpfObject = std::unique_ptr<bpf_object, CloseBpfObject>;

class Cost {
 public:
  static absl::StatusOr<std::unique_ptr<Cost>> Make();
  ~Cost();

  // For each entry program that steers: none and all in use; what each that is not in use costs.
  // They refer to this object.
  std::vector<Workload> Programs(int rounds) const;

 private:
  // An eswitch with two ports whose features are in use, or are not.
  struct Lane {
    std::string name;
    World world;
    std::vector<uint8_t> from_out, from_port2;
    // As in kBuilds; they share the maps of the eswitch.
    std::vector<BpfObject> builds;
  };
  // One frame through one program.
  struct Trial {
    const char* program;
    bool xdp;
    Place from;
    const char* netdev;  // on the host
  };
  static constexpr Trial kTrials[] = {{"xsw_uplink_xdp", true, kOut, "up0"},
                                      {"xsw_uplink_rx", false, kOut, "up0"},
                                      {"xsw_port_rx", false, kPort2, "up0sf2"}};
  Cost() = default;
  static TestRun RunOn(const Lane& lane, const Trial& trial);
  Workload InUse(const Trial& trial, int rounds) const;
  Workload Unused(const Trial& trial, int rounds) const;
  absl::Status Add(bool in_use, size_t builds);

  std::vector<std::unique_ptr<Lane>> lanes_;  // not in use, in use
};

}  // namespace xsw::bench

#endif  // XSW_BENCH_COST_H_
