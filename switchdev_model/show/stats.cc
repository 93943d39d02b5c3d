// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/show/stats.h"

#include "userspace/status.h"

namespace xsw {

xsw_count Total(const xsw_count (&counts)[XSW_CAST_COUNT]) {
  xsw_count total = {};
  for (const xsw_count& count : counts) {
    total.frames += count.frames;
    total.bytes += count.bytes;
  }
  return total;
}

uint64_t SteeredFrames(const xsw_stats& stats) {
  return Total(stats.tx).frames + stats.slow_tx.frames;
}

absl::StatusOr<PortStats> GetStats(Eswitch& eswitch, const PortInfo& info) {
  XSW_ASSIGN_OR_RETURN(xsw_stats counted, eswitch.datapath().Stats(info.index));
  if (info.index == XSW_UPLINK) {
    const Link& uplink = eswitch.uplink();
    return PortStats{.counted = counted,
                     .rx = {uplink.rx_packets, uplink.rx_bytes},
                     .tx = {uplink.tx_packets, uplink.tx_bytes}};
  }
  PortStats stats{.counted = counted,
                  .rx = Total(counted.rx),
                  .tx = Total(counted.tx),
                  .lost_at_socket = info.lost_at_socket};
  stats.tx.frames += counted.slow_tx.frames;
  stats.tx.bytes += counted.slow_tx.bytes;
  if (!info.function_rx) return stats;
  const uint64_t steered = stats.tx.frames - eswitch.datapath().confs()[info.index].steered_base;
  // Counters of several CPUs are not read at one moment: frames on their way can look ahead.
  stats.lost_at_function = steered > *info.function_rx ? steered - *info.function_rx : 0;
  return stats;
}

}  // namespace xsw
