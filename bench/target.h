// SPDX-License-Identifier: Apache-2.0
// What issue 5 asks for, held against what was measured. Reported, not enforced.
#ifndef XSW_BENCH_TARGET_H_
#define XSW_BENCH_TARGET_H_

#include <string>
#include <vector>

#include "bench/workload.h"

namespace xsw::bench {

struct Verdict {
  std::string what;
  double value;
  double goal;
  bool at_least;  // else at most

  bool pass() const { return at_least ? value >= goal : value <= goal; }
};

// Only those whose workloads were measured.
std::vector<Verdict> Judge(const std::vector<Row>& rows);

}  // namespace xsw::bench

#endif  // XSW_BENCH_TARGET_H_
