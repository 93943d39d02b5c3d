// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/health_watch.h"

#include <algorithm>

#include "userspace/status.h"

namespace xsw {
namespace {

constexpr std::chrono::seconds kEvery(1);
constexpr int kFraction = 50;  // of the time, for looking

absl::StatusOr<std::vector<Health>> ReadOne(const std::string& bpffs, const std::string& uplink) {
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, Eswitch::OpenToRead(bpffs, uplink));
  XSW_ASSIGN_OR_RETURN(const Observations seen, Observe(eswitch));
  return HealthOf(eswitch, seen);
}

}  // namespace

HealthWatch::HealthWatch(std::string bpffs) : bpffs_(std::move(bpffs)) {
  for (const HealthChange& it : Read())
    told_[{it.uplink, it.health.reporter}] = {.healthy = it.health.is_healthy(),
                                              .recovered = it.health.recovered};
}

std::chrono::milliseconds HealthWatch::Left() const {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(due_ - Clock::now());
  return std::max(left, std::chrono::milliseconds(0));
}

bool HealthWatch::Compare(const Health& health, Told* told) {
  const bool healthy = health.is_healthy();
  const bool is_new_error = !healthy && told->healthy;
  if (is_new_error && !std::exchange(told->is_suspect, true)) return false;
  told->is_suspect = false;
  if (healthy == told->healthy && health.recovered == told->recovered) return false;
  *told = {.healthy = healthy, .recovered = health.recovered};
  return true;
}

std::vector<HealthChange> HealthWatch::Read() {
  const Clock::time_point start = Clock::now();
  std::vector<HealthChange> all;
  for (const std::string& uplink : EswitchDir::List(bpffs_)) {
    absl::StatusOr<std::vector<Health>> reporters = ReadOne(bpffs_, uplink);
    // One that is being made, or removed.
    if (!reporters.ok()) continue;
    for (Health& health : *reporters) all.push_back({uplink, std::move(health)});
  }
  due_ = std::max(start + kEvery, Clock::now() + kFraction * (Clock::now() - start));
  return all;
}

std::vector<HealthChange> HealthWatch::Look() {
  std::vector<HealthChange> changes;
  std::map<Key, Told> now;
  for (HealthChange& it : Read()) {
    const Key key(it.uplink, it.health.reporter);
    Told& told = now[key] = told_[key];
    if (Compare(it.health, &told)) changes.push_back(std::move(it));
  }
  told_ = std::move(now);
  return changes;
}

}  // namespace xsw
