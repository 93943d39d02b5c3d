// SPDX-License-Identifier: Apache-2.0
// What was measured, as tables for people and as JSON for tools.
#ifndef XSW_BENCH_REPORT_H_
#define XSW_BENCH_REPORT_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bench/target.h"
#include "bench/workload.h"

namespace xsw::bench {

// Three or four digits that say something.
std::string Number(double value);

// To stdout.
void PrintRow(const Row& row);
void PrintVerdicts(const std::vector<Verdict>& verdicts);

// {"results": [{"workload", "title", "unit", "contender", "median", "min", "max", "samples",
// "lost", "ratios": {"kernel bridge": 3.5}}], "targets": [{"what", "value", "goal", "at_least",
// "pass"}]}
nlohmann::ordered_json ToJson(const std::vector<Row>& rows, const std::vector<Verdict>& verdicts);

}  // namespace xsw::bench

#endif  // XSW_BENCH_REPORT_H_
