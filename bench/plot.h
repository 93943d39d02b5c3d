// SPDX-License-Identifier: Apache-2.0
// SVG plots of a run, by gnuplot.
#ifndef XSW_BENCH_PLOT_H_
#define XSW_BENCH_PLOT_H_

#include <nlohmann/json.hpp>
#include <string>

#include "absl/status/status.h"

namespace xsw::bench {

// A bar a contender, with its least and greatest sample: DIRECTORY/WORKLOAD.svg.
absl::Status DrawPlots(const nlohmann::ordered_json& results, const std::string& directory);

}  // namespace xsw::bench

#endif  // XSW_BENCH_PLOT_H_
