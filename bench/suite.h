// SPDX-License-Identifier: Apache-2.0
// What a run is made of, in its order: workloads that share contenders.
#ifndef XSW_BENCH_SUITE_H_
#define XSW_BENCH_SUITE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/workload.h"

namespace xsw::bench {

struct Suite {
  struct Built {
    std::shared_ptr<void> contenders;  // that the workloads refer to
    std::vector<Workload> workloads;
  };
  std::string what;              // in the progress line
  std::vector<std::string> ids;  // how its workloads' ids begin
  double seconds[2];             // it takes about so long: full, quick; 0: not in a quick run
  // Contenders in namespaces, their self-checks passed.
  std::function<absl::StatusOr<Built>(bool quick)> build;

  double Seconds(bool quick) const { return seconds[quick]; }
};

std::vector<Suite> Suites();

}  // namespace xsw::bench

#endif  // XSW_BENCH_SUITE_H_
