// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/stats.h"

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

std::optional<uint64_t> LostAtFunction(const xsw_stats& stats, const xsw_port_conf& conf,
                                       const PortInfo& info) {
  if (!info.function_rx) return std::nullopt;
  uint64_t steered = SteeredFrames(stats) - conf.steered_base;
  // Counters of several CPUs are not read at one moment: frames on their way can look ahead.
  return steered > *info.function_rx ? steered - *info.function_rx : 0;
}

}  // namespace xsw
