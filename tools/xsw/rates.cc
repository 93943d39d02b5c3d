// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/rates.h"

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <optional>

#include "userspace/clock.h"
#include "userspace/status.h"

namespace xsw {
namespace {

uint64_t Since(uint64_t before, uint64_t now) { return now >= before ? now - before : now; }

Count Since(const Count& before, const Count& now) {
  return {Since(before.frames, now.frames), Since(before.bytes, now.bytes)};
}

// A loss is a difference of two counters and falls again when late frames arrive.
std::optional<uint64_t> LossSince(std::optional<uint64_t> before, std::optional<uint64_t> now) {
  if (!now) return now;
  return *now - std::min(before.value_or(0), *now);
}

}  // namespace

absl::StatusOr<Counts> CountPorts(const std::string& bpffs, const PortSelection& selection) {
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, Eswitch::OpenToRead(bpffs, selection.uplink));
  XSW_ASSIGN_OR_RETURN(const std::vector<uint32_t> indices, SelectedPorts(eswitch, selection));
  XSW_ASSIGN_OR_RETURN(std::vector<PortInfo> ports, GetPorts(eswitch, indices));
  XSW_ASSIGN_OR_RETURN(std::vector<PortStats> stats, GetStats(eswitch, ports));
  Counts counts{.uplink = eswitch.uplink().name, .at = MonotonicSeconds()};
  for (size_t i = 0; i < ports.size(); i++)
    counts.ports[indices[i]] = {std::move(ports[i]), std::move(stats[i])};
  return counts;
}

PortStats Difference(const PortStats& before, const PortStats& now) {
  PortStats difference{.rx = Since(before.rx, now.rx),
                       .tx = Since(before.tx, now.tx),
                       .lost_at_function = LossSince(before.lost_at_function, now.lost_at_function),
                       .lost_at_socket = LossSince(before.lost_at_socket, now.lost_at_socket)};
  for (size_t i = 0; i < now.drops.size(); i++) {
    const uint64_t dropped = i < before.drops.size() ? before.drops[i].frames : 0;
    difference.drops.push_back({now.drops[i].reason, Since(dropped, now.drops[i].frames)});
  }
  return difference;
}

uint64_t PerSecond(uint64_t difference, double seconds) {
  return static_cast<uint64_t>(static_cast<double>(difference) / seconds);
}

PortStats PerSecond(const PortStats& difference, double seconds) {
  PortStats rates = difference;
  for (Count* count : {&rates.rx, &rates.tx})
    *count = {PerSecond(count->frames, seconds), PerSecond(count->bytes, seconds)};
  for (std::optional<uint64_t>* lost : {&rates.lost_at_function, &rates.lost_at_socket})
    if (*lost) *lost = PerSecond(**lost, seconds);
  for (DropCount& drop : rates.drops) drop.frames = PerSecond(drop.frames, seconds);
  return rates;
}

double MonotonicSeconds() { return static_cast<double>(NowNs(CLOCK_MONOTONIC)) * 1e-9; }

void SleepUntil(double at) {
  const auto seconds = static_cast<time_t>(at);
  const timespec until = {seconds, static_cast<long>((at - static_cast<double>(seconds)) * 1e9)};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
  }
}

}  // namespace xsw
