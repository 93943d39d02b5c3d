// SPDX-License-Identifier: Apache-2.0
#include "bench/report.h"

#include <algorithm>
#include <cstdio>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/summary.h"

namespace xsw::bench {
namespace {

using Json = nlohmann::ordered_json;

// Of medians. Nothing for the baseline itself.
std::optional<double> RatioTo(const Row& row, const Result& result, const std::string& baseline) {
  const Result* base = row.Find(baseline);
  if (!base || base == &result) return std::nullopt;
  return Summarize(result.samples).median / Summarize(base->samples).median;
}

// "/ kernel bridge", "/ macvlan": up to a comma, of two words at most.
std::string ShortName(const std::string& baseline) {
  const size_t second = baseline.find(' ') + 1;
  return "/ " + baseline.substr(0, std::min(baseline.find(','), baseline.find(' ', second)));
}

}  // namespace

std::string Number(double value) {
  return absl::StrFormat(value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.3f", value);
}

void PrintRow(const Row& row) {
  const Workload& workload = row.workload;
  absl::PrintF("\n%-44s %7s   %-16s", workload.title, workload.unit, "min .. max");
  for (const std::string& baseline : workload.baselines) absl::PrintF(" %16s", ShortName(baseline));
  absl::PrintF("\n");
  for (const Result& result : row.results) {
    const Summary summary = Summarize(result.samples);
    absl::PrintF("  %-42s %7s   %-16s", result.contender, Number(summary.median),
                 absl::StrCat(Number(summary.min), " .. ", Number(summary.max)));
    for (const std::string& baseline : workload.baselines) {
      const std::optional<double> ratio = RatioTo(row, result, baseline);
      absl::PrintF(" %16s", ratio ? absl::StrFormat("%.2f", *ratio) : "");
    }
    if (!result.cpu_nss.empty())
      absl::PrintF("  CPU %s ns", Number(Summarize(result.cpu_nss).median));
    if (!result.p99s.empty()) absl::PrintF("  p99 %s", Number(Summarize(result.p99s).median));
    if (result.lost > 0.001) absl::PrintF("  %.1f %% lost", result.lost * 100);
    absl::PrintF("\n");
  }
  std::fflush(stdout);
}

void PrintVerdicts(const std::vector<Verdict>& verdicts) {
  absl::PrintF("\n%-46s %8s   %8s\n", "target", "measured", "asked");
  for (const Verdict& v : verdicts)
    absl::PrintF("  %-44s %8.2f   %2s %5.2f   %s\n", v.what, v.value,
                 v.at_least ? ">=" : "<=", v.goal, v.pass() ? "pass" : "MISS");
}

Json ToJson(const std::vector<Row>& rows, const std::vector<Verdict>& verdicts) {
  Json json = {{"results", Json::array()}, {"targets", Json::array()}};
  for (const Row& row : rows) {
    for (const Result& result : row.results) {
      const Summary summary = Summarize(result.samples);
      Json ratios = Json::object();
      for (const std::string& baseline : row.workload.baselines)
        if (auto ratio = RatioTo(row, result, baseline)) ratios[baseline] = *ratio;
      json["results"].push_back({{"workload", row.workload.id},
                                 {"title", row.workload.title},
                                 {"unit", row.workload.unit},
                                 {"contender", result.contender},
                                 {"median", summary.median},
                                 {"min", summary.min},
                                 {"max", summary.max},
                                 {"samples", result.samples},
                                 {"lost", result.lost},
                                 {"ratios", ratios}});
      if (!result.cpu_nss.empty())
        json["results"].back()["cpu_ns"] = Summarize(result.cpu_nss).median;
      if (!result.p99s.empty()) json["results"].back()["p99"] = Summarize(result.p99s).median;
    }
  }
  for (const Verdict& v : verdicts)
    json["targets"].push_back({{"what", v.what},
                               {"value", v.value},
                               {"goal", v.goal},
                               {"at_least", v.at_least},
                               {"pass", v.pass()}});
  return json;
}

}  // namespace xsw::bench
