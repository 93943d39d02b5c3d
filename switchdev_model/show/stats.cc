// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/show/stats.h"

#include <algorithm>

#include "switchdev_model/words.h"
#include "userspace/status.h"

namespace xsw {
namespace {

Count From(const xsw_count& count) { return {count.frames, count.bytes}; }

void Add(const Count& more, Count* sum) {
  sum->frames += more.frames;
  sum->bytes += more.bytes;
}

std::vector<CastCount> Casts(const xsw_count (&counts)[XSW_CAST_COUNT]) {
  std::vector<CastCount> casts;
  for (uint8_t cast = 0; cast < XSW_CAST_COUNT; cast++)
    casts.push_back({CastWord(cast), From(counts[cast])});
  return casts;
}

PortStats ReadCounters(const xsw_stats& counted) {
  PortStats stats{.rx_casts = Casts(counted.rx),
                  .tx_casts = Casts(counted.tx),
                  .slow_rx = From(counted.slow_rx),
                  .slow_tx = From(counted.slow_tx),
                  .misses = counted.misses};
  for (const CastCount& it : stats.rx_casts) Add(it.count, &stats.rx);
  for (const CastCount& it : stats.tx_casts) Add(it.count, &stats.tx);
  Add(stats.slow_tx, &stats.tx);
  for (uint8_t why = 1; why < XSW_DROP_COUNT; why++)
    stats.drops.push_back({DropWord(why), counted.drops[why]});
  return stats;
}

PortStats StatsOf(Eswitch& eswitch, const PortInfo& info, const xsw_stats& counted) {
  PortStats stats = ReadCounters(counted);
  if (info.index == XSW_UPLINK) {
    const Link& uplink = eswitch.uplink();
    stats.rx = {uplink.rx_packets, uplink.rx_bytes};
    stats.tx = {uplink.tx_packets, uplink.tx_bytes};
    return stats;
  }
  stats.lost_at_socket = info.lost_at_socket;
  if (!info.function_rx) return stats;
  const uint64_t steered = stats.tx.frames - eswitch.datapath().confs()[info.index].steered_base;
  // Counters of several CPUs are not read at one moment: frames on their way can look ahead.
  stats.lost_at_function = steered > *info.function_rx ? steered - *info.function_rx : 0;
  return stats;
}

}  // namespace

absl::StatusOr<uint64_t> SteeredFrames(Eswitch& eswitch, uint32_t port) {
  XSW_ASSIGN_OR_RETURN(const xsw_stats counted, eswitch.datapath().Stats(port));
  return ReadCounters(counted).tx.frames;
}

absl::StatusOr<std::vector<PortStats>> GetStats(Eswitch& eswitch,
                                                const std::vector<PortInfo>& infos) {
  std::vector<PortStats> all;
  if (infos.size() == 1) {
    XSW_ASSIGN_OR_RETURN(const xsw_stats counted, eswitch.datapath().Stats(infos[0].index));
    all.push_back(StatsOf(eswitch, infos[0], counted));
    return all;
  }
  uint32_t last = 0;
  for (const PortInfo& info : infos) last = std::max(last, info.index);
  XSW_ASSIGN_OR_RETURN(const std::vector<xsw_stats> counted,
                       eswitch.datapath().StatsOfFirst(last + 1));
  for (const PortInfo& info : infos) all.push_back(StatsOf(eswitch, info, counted[info.index]));
  return all;
}

}  // namespace xsw
