// SPDX-License-Identifier: Apache-2.0
// The table that is measured: workloads, each done by several contenders in turn.
#ifndef XSW_BENCH_WORKLOAD_H_
#define XSW_BENCH_WORKLOAD_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace xsw::bench {

// What one round gave.
struct Measured {
  double value = 0;   // in the workload's unit
  double cpu_ns = 0;  // of all CPUs for each frame that arrived, where that is measured
  double lost = 0;    // of what was sent, the part that did not arrive, 0 to 1
  double p99 = 0;     // where value is the median of a latency
};

// One contender in one workload.
struct Cell {
  std::string contender;
  std::function<absl::StatusOr<Measured>()> measure;
};

struct Workload {
  std::string id;                      // in the JSON: "wire_port_64"
  std::string title;                   // in the table
  std::string unit;                    // "Mpps"
  int rounds = 0;                      // of A B C; one more, not counted, comes first
  double seconds = 0;                  // that one measurement is expected to take
  std::vector<std::string> baselines;  // contenders to which ratios are printed
  std::vector<Cell> cells;
};

struct Result {
  std::string contender;
  std::vector<double> samples;
  double lost = 0;              // mean over the rounds
  std::vector<double> cpu_nss;  // where they are measured
  std::vector<double> p99s;     // of latencies
};

struct Row {
  Workload workload;  // without its cells
  std::vector<Result> results;

  // Nothing if the contender is not in it.
  const Result* Find(const std::string& contender) const;
};

class Progress;

// Rounds A B C A B C of one workload.
absl::StatusOr<Row> MeasureRow(const Workload& workload, Progress& progress);

double ExpectedSeconds(const Workload& workload);

}  // namespace xsw::bench

#endif  // XSW_BENCH_WORKLOAD_H_
