// SPDX-License-Identifier: Apache-2.0
// A port's counters, in the same words wherever they are shown.
#ifndef XSW_TOOLS_XSW_SHOW_STATS_H_
#define XSW_TOOLS_XSW_SHOW_STATS_H_

#include "switchdev_model/show/stats.h"
#include "tools/xsw/fields.h"

namespace xsw {

// Each reason; as text those that are not 0.
Fields DropFields(const PortStats& stats, bool json);

// Both of PortStats, as far as they are known.
uint64_t LostFrames(const PortStats& stats);

// What did not arrive: "drops", and the two of PortStats if they are known.
void AddLosses(const PortStats& stats, Fields* fields);

// "rx", "tx" and these.
Json StatsJson(const PortStats& stats);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_SHOW_STATS_H_
