// SPDX-License-Identifier: Apache-2.0
#include "bench/workload.h"

#include "bench/progress.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

absl::Status MeasureOne(const Cell& cell, bool counts, Result* result) {
  absl::StatusOr<Measured> measured = cell.measure();
  if (!measured.ok())
    return absl::Status(measured.status().code(),
                        absl::StrCat(cell.contender, ": ", measured.status().message()));
  if (!counts) return absl::OkStatus();
  result->samples.push_back(measured->value);
  result->lost += measured->lost;
  if (measured->cpu_ns > 0) result->cpu_nss.push_back(measured->cpu_ns);
  if (measured->p99 > 0) result->p99s.push_back(measured->p99);
  return absl::OkStatus();
}

}  // namespace

double ExpectedSeconds(const Workload& workload) {
  return (workload.rounds + 1) * workload.seconds * static_cast<double>(workload.cells.size());
}

absl::StatusOr<Row> MeasureRow(const Workload& workload, Progress& progress) {
  Row row{.workload = workload};
  row.workload.cells.clear();
  for (const Cell& cell : workload.cells) row.results.push_back({.contender = cell.contender});
  for (int round = 0; round <= workload.rounds; round++) {
    for (size_t i = 0; i < workload.cells.size(); i++) {
      progress.Show(absl::StrCat(workload.title, ", round ", round, " of ", workload.rounds, ", ",
                                 workload.cells[i].contender));
      XSW_RETURN_IF_ERROR(MeasureOne(workload.cells[i], round > 0, &row.results[i]));
      progress.Done(workload.seconds);
    }
  }
  for (Result& result : row.results) result.lost /= workload.rounds;
  return row;
}

const Result* Row::Find(const std::string& contender) const {
  for (const Result& result : results)
    if (result.contender == contender) return &result;
  return nullptr;
}

}  // namespace xsw::bench
