// SPDX-License-Identifier: Apache-2.0
// What one run of a program costs, by BPF_PROG_TEST_RUN.
#ifndef XSW_BENCH_TEST_RUN_H_
#define XSW_BENCH_TEST_RUN_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/workload.h"
#include "bench/world.h"

namespace xsw::bench {

// A frame on one of an eswitch's netdevs.
struct TestRun {
  const World* world;
  Netdev from;
  std::vector<uint8_t> frame;
  bool xdp;
  int repeat;
};

// XDP_REDIRECT or TC_ACT_REDIRECT.
uint32_t RedirectOf(bool xdp);

// ns per run, the kernel's loop included. An error if the last run's verdict is another.
absl::StatusOr<Measured> TimeProgram(int program, const TestRun& run, uint32_t verdict);

}  // namespace xsw::bench

#endif  // XSW_BENCH_TEST_RUN_H_
