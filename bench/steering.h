// SPDX-License-Identifier: Apache-2.0
// Workloads: what an entry program costs per frame, by BPF_PROG_TEST_RUN on the shipped, pinned
// program with the maps of a working eswitch.
#ifndef XSW_BENCH_STEERING_H_
#define XSW_BENCH_STEERING_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/test_run.h"
#include "bench/workload.h"
#include "bench/world.h"

struct steering_bpf;

namespace xsw::bench {

inline constexpr char kEmpty[] = "empty program";
inline constexpr char kBare[] = "bare program, one lookup and redirect";
inline constexpr char kXsw[] = "xsw";

class Steering {
 public:
  // On two worlds with an eswitch whose two ports are active, of which one steers in XDP. The
  // workloads refer to this object.
  static absl::StatusOr<std::unique_ptr<Steering>> Make();
  ~Steering();

  std::vector<Workload> Programs(int rounds) const;

 private:
  // One frame through three programs.
  struct Trial {
    std::string name;  // of the shipped program
    TestRun run;
    int programs[3] = {};  // empty, bare, shipped
  };
  struct Destroy {
    void operator()(steering_bpf* skeleton) const;
  };
  Steering(steering_bpf* own, World stack, World xdp);
  absl::Status Fill();
  absl::Status Add(const std::string& name, TestRun run);
  static absl::StatusOr<Measured> Run(const Trial& trial, int which);

  std::unique_ptr<steering_bpf, Destroy> own_;
  const World stack_, xdp_;
  std::vector<Fd> shipped_;
  std::vector<Trial> trials_;
};

}  // namespace xsw::bench

#endif  // XSW_BENCH_STEERING_H_
