// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/top/meter.h"

#include <algorithm>

#include "tools/xsw/show_stats.h"
#include "userspace/status.h"

namespace xsw {

constexpr size_t kSamples = 512;  // as many as a wide terminal has columns

uint64_t DroppedFrames(const PortStats& stats) {
  uint64_t sum = 0;
  for (const DropCount& drop : stats.drops) sum += drop.frames;
  return sum;
}

absl::Status Meter::Look() {
  flows_.clear();
  absl::StatusOr<std::vector<PortSelection>> selected = SelectPorts(call_, which_);
  std::map<std::string, Counts> now;
  absl::Status first = selected.status();
  if (selected.ok()) {
    for (const PortSelection& selection : *selected) first.Update(LookAt(selection, &now));
  }
  before_ = std::move(now);
  if (first.ok()) ForgetGone();
  return first;
}

// One that is there and cannot be read, as while it is upgraded, has a longer interval after that.
absl::Status Meter::LookAt(const PortSelection& selection, std::map<std::string, Counts>* now) {
  absl::StatusOr<Counts> counts = CountPorts(call_.bpffs, selection);
  if (!counts.ok()) {
    const bool gone = IsGone(call_.bpffs, selection.uplink);
    if (const auto it = before_.find(selection.uplink); it != before_.end() && !gone)
      now->insert(*it);
    return gone && !selection.named ? absl::OkStatus() : counts.status();
  }
  if (const auto it = before_.find(counts->uplink); it != before_.end())
    AddFlows(it->second, *counts);
  std::string uplink = counts->uplink;
  (*now)[std::move(uplink)] = *std::move(counts);
  return absl::OkStatus();
}

void Meter::AddFlows(const Counts& before, const Counts& now) {
  for (const auto& [port, counted] : now.ports) {
    const auto it = before.ports.find(port);
    const PortStats none;
    flows_.push_back(
        {.key = {now.uplink, port},
         .info = counted.info,
         .since = Difference(it == before.ports.end() ? none : it->second.stats, counted.stats),
         .seconds = now.at - before.at});
    Remember(flows_.back());
  }
}

void Meter::Remember(const Flow& flow) {
  History& history = histories_[flow.key];
  history.samples.push_back({static_cast<float>(flow.PerSecond(flow.since.rx.bytes)),
                             static_cast<float>(flow.PerSecond(flow.since.tx.bytes))});
  if (history.samples.size() > kSamples) history.samples.pop_front();
  if (history.drops.empty()) {
    for (const DropCount& drop : flow.since.drops) history.drops.push_back({drop.reason, 0});
  }
  for (size_t i = 0; i < history.drops.size(); i++)
    history.drops[i].frames += flow.since.drops[i].frames;
  history.lost += LostFrames(flow.since);
}

void Meter::ForgetGone() {
  auto flow = flows_.begin();
  for (auto it = histories_.begin(); it != histories_.end();) {
    flow = std::find_if(flow, flows_.end(), [&](const Flow& f) { return f.key >= it->first; });
    const bool there = flow != flows_.end() && flow->key == it->first;
    it = there ? std::next(it) : histories_.erase(it);
  }
}

}  // namespace xsw
