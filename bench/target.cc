// SPDX-License-Identifier: Apache-2.0
#include "bench/target.h"

#include <algorithm>
#include <optional>

#include "bench/contender.h"
#include "bench/control.h"
#include "bench/steering.h"
#include "bench/summary.h"

namespace xsw::bench {
namespace {

std::optional<double> Median(const Row& row, const std::string& contender) {
  const Result* result = row.Find(contender);
  if (!result || result->samples.empty()) return std::nullopt;
  return Summarize(result->samples).median;
}

// Of xsw, the better of its paths where there are two.
std::optional<double> Best(const Row& row) {
  std::optional<double> best;
  for (const char* contender : {kXswStack, kXswXdp, kXsw, kPortAdd, kPortShow}) {
    std::optional<double> median = Median(row, contender);
    if (median) best = std::max(best.value_or(0), *median);
  }
  return best;
}

struct Ratio {
  const char* workload;
  const char* what;
  const char* baseline;  // null: the figure itself
  double goal;
  bool at_least;
};

constexpr Ratio kRatios[] = {
    {"wire_port_64", "wire -> port, 64 B, best path / bridge", kBridge, 4, true},
    {"wire_port_64", "the same, bridge with br_netfilter on", kBridgeNetfilter, 4, true},
    {"wire_port_64", "wire -> port, 64 B, best path / macvlan", kMacvlan, 0.85, true},
    {"tcp_port_port", "TCP port -> port / bridge", kBridge, 0.95, true},
    {"tcp_out_port", "TCP outside -> port / bridge", kBridge, 0.95, true},
    {"tcp_port_out", "TCP port -> outside / bridge", kBridge, 0.95, true},
    {"tcp_host_port", "TCP host -> port / bridge", kBridge, 0.95, true},
    {"tcp_port_host", "TCP port -> host / bridge", kBridge, 0.95, true},
    {"steering_xsw_uplink_xdp", "xsw_uplink_xdp / empty program", kEmpty, 4, false},
    {"steering_xsw_uplink_rx", "xsw_uplink_rx / empty program", kEmpty, 4, false},
    {"steering_xsw_port_rx", "xsw_port_rx / empty program", kEmpty, 4, false},
    {"port_add", "port add ... state active, ms", nullptr, 50, false},
};

std::optional<Verdict> JudgeOne(const Ratio& ratio, const Row& row) {
  std::optional<double> value = Best(row);
  std::optional<double> baseline = ratio.baseline ? Median(row, ratio.baseline) : 1.0;
  if (!value || !baseline) return std::nullopt;
  return Verdict{ratio.what, *value / *baseline, ratio.goal, ratio.at_least};
}

// Issue 5's measure: without what every program costs.
std::optional<Verdict> JudgeNet(const Row& row) {
  std::optional<double> xsw = Median(row, kXsw), empty = Median(row, kEmpty),
                        bare = Median(row, kBare);
  if (!xsw || !empty || !bare) return std::nullopt;
  return Verdict{row.workload.title.substr(sizeof("steering, ") - 1) + " / bare, net of empty",
                 (*xsw - *empty) / (*bare - *empty), 1.5, false};
}

}  // namespace

std::vector<Verdict> Judge(const std::vector<Row>& rows) {
  std::vector<Verdict> verdicts;
  for (const Ratio& ratio : kRatios) {
    for (const Row& row : rows) {
      if (row.workload.id != ratio.workload) continue;
      if (std::optional<Verdict> verdict = JudgeOne(ratio, row)) verdicts.push_back(*verdict);
    }
  }
  for (const Row& row : rows)
    if (std::optional<Verdict> verdict = JudgeNet(row)) verdicts.push_back(*verdict);
  return verdicts;
}

}  // namespace xsw::bench
