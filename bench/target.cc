// SPDX-License-Identifier: Apache-2.0
#include "bench/target.h"

#include <algorithm>
#include <optional>

#include "bench/attach.h"
#include "bench/capture.h"
#include "bench/contender.h"
#include "bench/control.h"
#include "bench/cost.h"
#include "bench/fabric.h"
#include "bench/follow.h"
#include "bench/queue_lane.h"
#include "bench/scatter.h"
#include "bench/steering.h"
#include "bench/summary.h"

namespace xsw::bench {
namespace {

std::optional<double> Median(const Row& row, const std::string& contender) {
  const Result* result = row.Find(contender);
  if (!result || result->samples.empty()) return std::nullopt;
  return Summarize(result->samples).median;
}

// The highest of those that take part.
std::optional<double> Best(const Row& row, const std::vector<const char*>& contenders) {
  std::optional<double> best;
  for (const char* contender : contenders) {
    std::optional<double> median = Median(row, contender);
    if (median) best = std::max(best.value_or(0), *median);
  }
  return best;
}

struct Ratio {
  const char* workload;
  const char* what;
  std::vector<const char*> ours;       // the best of them
  std::vector<const char*> baselines;  // the best of them; none: the figure itself
  double goal;
  bool at_least;
};

using Names = std::vector<const char*>;
const Names kPaths = {kXswStack, kXswXdp}, kStack = {kXswStack}, kQueues = {kXswQueues},
            kOthers = {kBridge, kMacvlan}, kBridged = {kXswBridged};

const Ratio kRatios[] = {
    {"wire_port_64", "wire -> netdev, best path / bridge", kPaths, {kBridge}, 4.5, true},
    {"wire_port_64", "the same / flooding bridge", kPaths, {kBridgeFlooding}, 4.5, true},
    {"wire_port_64", "the same / macvlan", kPaths, {kMacvlan}, 0.9, true},
    {"wire_port_64", "the same / fixed redirect", kPaths, {kPeerLimit, kDevmapLimit}, 0.92, true},
    {"wire_port_64", "the same / Open vSwitch", kPaths, {kOvs}, 5, true},
    {"port_port_udp_64", "netdev <-> netdev, UDP / bridge", kStack, {kBridge}, 1.3, true},
    {"port_port_udp_64", "the same / macvlan", kStack, {kMacvlan}, 1.0, true},
    {"cni_add", "a container is attached / plugin bridge", {kXswCni}, {kBridgeCni}, 1.5, false},
    {"cni_tcp", "TCP container -> container / plugin bridge", {kXswCni}, {kBridgeCni}, 1.0, true},
    {"tcp_port_port", "TCP port -> port / bridge", kStack, {kBridge}, 1.2, true},
    {"tcp_port_port", "TCP port -> port / the better other", kStack, kOthers, 0.95, true},
    {"tcp_port_port_4", "TCP port -> port, 4 flows / the better other", kStack, kOthers, 0.95,
     true},
    {"tcp_out_port", "TCP outside -> port / the better other", kStack, kOthers, 0.95, true},
    {"tcp_port_out", "TCP port -> outside / the better other", kStack, kOthers, 0.95, true},
    {"tcp_host_port", "TCP host -> port / the better other", kStack, kOthers, 0.95, true},
    {"tcp_port_host", "TCP port -> host / the better other", kStack, kOthers, 0.95, true},
    {"tcp_port_port", "TCP port -> port, mode switchdev / bridge", kBridged, {kBridge}, 1.0, true},
    {"tcp_out_port",
     "TCP outside -> port, mode switchdev / bridge",
     kBridged,
     {kBridge},
     1.0,
     true},
    {"tcp_port_out",
     "TCP port -> outside, mode switchdev / bridge",
     kBridged,
     {kBridge},
     1.0,
     true},
    {"tcp_latency", "TCP request and response, p50 / macvlan", kStack, {kMacvlan}, 1.0, false},
    {"wire_queue_64",
     "wire -> queue block / XSKMAP on the uplink",
     kQueues,
     {kXskLimit},
     0.9,
     true},
    {"wire_queue_64",
     "the same / fixed devmap, then XSKMAP",
     kQueues,
     {kXskDevmapLimit},
     0.9,
     true},
    {"wire_queue_64", "the same / Open vSwitch", kQueues, {kOvs}, 5, true},
    {"wire_queue_64", "the same / testpmd", kQueues, {kTestpmdBare}, 1.0, true},
    {"wire_queue_64", "64 queue blocks / 2", {kXswManyQueues}, {kXswQueues}, 0.95, true},
    {"queue_queue_64", "queue <-> queue / bridge", kQueues, {kQueuesBridge}, 2.5, true},
    {"queue_queue_64", "the same / testpmd over the bridge", kQueues, {kTestpmdBridge}, 2.5, true},
    {"queue_queue_64", "the same / devmap between sockets", kQueues, {kPairLimit}, 0.8, true},
    {"broadcast_16", "broadcast to 16, xdp on / bridge", {kXswXdp}, {kBridge}, 1.4, true},
    {"broadcast_16", "broadcast to 16, tcx / bridge", kStack, {kBridge}, 0.85, true},
    {"broadcast_64", "broadcast to 64, xdp on / bridge", {kXswXdp}, {kBridge}, 1.4, true},
    {"broadcast_64", "broadcast to 64, tcx / bridge", kStack, {kBridge}, 0.85, true},
    {"capture_64", "wire -> netdev, after captures / never", {kBetweenCaptures}, {kNeverCaptured},
     0.97, true},
    {"bridge_follow", "learned -> fast path, ms", {kLearned}, {}, 100, false},
    {"bridge_follow", "a right is taken away, ms", {kBlocked}, {}, 50, false},
    {"port_add", "port add ... state active, ms", {kFirstPort}, {}, 50, false},
    {"port_add", "the 1001st / the 1st", {kLastPort}, {kFirstPort}, 1.3, false},
    {"port_show", "port show -s -j, 1000 ports, ms", {kThousandPorts}, {}, 100, false},
    {"metrics", "metrics, 1000 ports, ms", {kThousandPorts}, {}, 100, false},
};

// What the kernel's bridge has decided costs in mode switchdev, in CPU time for each frame.
struct CpuRatio {
  const char *workload, *what, *ours, *baseline;
  double at_most;
};
const CpuRatio kCpuRatios[] = {
    {"wire_port_64", "bridged wire -> port, CPU / legacy", kXswBridged, kXswStack, 1.1},
    {"wire_port_64", "bridged wire -> port, CPU / bridge", kXswBridged, kBridge, 0.65},
    {"port_port_64", "bridged port -> port, CPU / legacy", kXswBridged, kXswStack, 1.1},
    {"port_port_64", "bridged port -> port, CPU / bridge", kXswBridged, kBridge, 0.65},
    {"port_wire_64", "bridged port -> wire, CPU / legacy", kXswBridged, kXswStack, 1.1},
    {"port_wire_64", "bridged port -> wire, CPU / bridge", kXswBridged, kBridge, 0.65},
    {"fabric_out", "port -> another host, CPU / veths", kFabricXsw, kFabricVeths, 1.05},
    {"fabric_in", "another host -> port, CPU / veths", kFabricXsw, kFabricVeths, 1.05},
};

void JudgeCpu(const Row& row, std::vector<Verdict>* verdicts) {
  for (const CpuRatio& ratio : kCpuRatios) {
    const Result *ours = row.Find(ratio.ours), *base = row.Find(ratio.baseline);
    if (row.workload.id != ratio.workload || !ours || !base) continue;
    const double value = Summarize(ours->cpu_nss).median / Summarize(base->cpu_nss).median;
    verdicts->push_back({ratio.what, value, ratio.at_most, false});
  }
}

std::optional<Verdict> JudgeOne(const Ratio& ratio, const Row& row) {
  std::optional<double> value = Best(row, ratio.ours);
  std::optional<double> baseline = ratio.baselines.empty() ? 1.0 : Best(row, ratio.baselines);
  if (!value || !baseline) return std::nullopt;
  return Verdict{ratio.what, *value / *baseline, ratio.goal, ratio.at_least};
}

std::string ProgramOf(const Row& row) {
  return row.workload.title.substr(row.workload.title.rfind(", ") + 2);
}

// contender / one, without what floor costs, which both have in them.
void JudgeNet(const Row& row, const char* contender, const char* one, const char* floor,
              const std::string& what, double goal, std::vector<Verdict>* verdicts) {
  std::optional<double> ours = Median(row, contender), theirs = Median(row, one),
                        least = Median(row, floor);
  if (!ours || !theirs || !least) return;
  verdicts->push_back({ProgramOf(row) + what, (*ours - *least) / (*theirs - *least), goal, false});
}

// What features cost: all that are in use, as a ratio, and the dearest that is not, in ns.
void JudgeFeatures(const Row& row, std::vector<Verdict>* verdicts) {
  std::optional<double> off = Median(row, kAllOff), on = Median(row, kAllOn);
  if (off && on)
    verdicts->push_back({ProgramOf(row) + ", all features in use / none", *on / *off, 2, false});
  if (!row.workload.id.starts_with(kUnused)) return;
  double most = 0;
  for (const Result& result : row.results) most = std::max(most, *Median(row, result.contender));
  verdicts->push_back({ProgramOf(row) + ", the dearest feature not in use, ns", most, 3, false});
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
  for (const Row& row : rows) {
    JudgeCpu(row, &verdicts);
    JudgeFeatures(row, &verdicts);
    JudgeNet(row, kXsw, kBare, kEmpty, " / bare, net of empty", 1.5, &verdicts);
    if (row.workload.id.starts_with("spread")) continue;
    JudgeNet(row, kMostPorts, kOnePort, kScatterAlone, ", 4096 ports / 1", 1.2, &verdicts);
    JudgeNet(row, kMostFdb, kOnePort, kScatterAlone, ", 64k FDB entries / 1", 1.2, &verdicts);
  }
  return verdicts;
}

}  // namespace xsw::bench
