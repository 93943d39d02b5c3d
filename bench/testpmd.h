// SPDX-License-Identifier: Apache-2.0
// DPDK's testpmd over net_af_xdp.
#ifndef XSW_BENCH_TESTPMD_H_
#define XSW_BENCH_TESTPMD_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/child.h"

namespace xsw::bench {

class Testpmd {
 public:
  // On netdevs of the calling thread's network namespace. Its one forwarding thread polls on that
  // CPU, between Begin() and End().
  static absl::StatusOr<std::unique_ptr<Testpmd>> Start(const std::string& name,
                                                        const std::vector<std::string>& netdevs,
                                                        const std::vector<std::string>& options,
                                                        int cpu);

  absl::Status Begin();
  // Frames it received since.
  absl::StatusOr<uint64_t> End();

  // For good, polling or not.
  std::unique_ptr<Child> TakeProcess() { return std::move(child_); }

 private:
  explicit Testpmd(std::unique_ptr<Child> child) : child_(std::move(child)) {}
  std::unique_ptr<Child> child_;
};

}  // namespace xsw::bench

#endif  // XSW_BENCH_TESTPMD_H_
