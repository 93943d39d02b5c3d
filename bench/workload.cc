// SPDX-License-Identifier: Apache-2.0
#include "bench/workload.h"

#include "bench/progress.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

double ExpectedSeconds(const std::vector<Workload>& workloads) {
  double sum = 0;
  for (const Workload& w : workloads)
    sum += (w.rounds + 1) * w.seconds * static_cast<double>(w.cells.size());
  return sum;
}

absl::Status MeasureOne(const Cell& cell, bool counts, Result* result) {
  absl::StatusOr<Measured> measured = cell.measure();
  if (!measured.ok())
    return absl::Status(measured.status().code(),
                        absl::StrCat(cell.contender, ": ", measured.status().message()));
  if (!counts) return absl::OkStatus();
  result->samples.push_back(measured->value);
  result->lost += measured->lost;
  return absl::OkStatus();
}

absl::StatusOr<Row> MeasureRow(const Workload& workload, Progress& progress) {
  Row row{.workload = &workload};
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

}  // namespace

const Result* Row::Find(const std::string& contender) const {
  for (const Result& result : results)
    if (result.contender == contender) return &result;
  return nullptr;
}

absl::StatusOr<std::vector<Row>> MeasureAll(const std::vector<Workload>& workloads) {
  Progress progress(ExpectedSeconds(workloads));
  std::vector<Row> rows;
  for (const Workload& workload : workloads) {
    XSW_ASSIGN_OR_RETURN(Row row, MeasureRow(workload, progress));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace xsw::bench
