// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/show_stats.h"

namespace xsw {

Fields DropFields(const PortStats& stats, bool json) {
  Fields fields(json);
  for (const DropCount& drop : stats.drops) fields.UnlessZero(drop.reason, drop.frames);
  return fields;
}

uint64_t LostFrames(const PortStats& stats) {
  return stats.lost_at_function.value_or(0) + stats.lost_at_socket.value_or(0);
}

void AddLosses(const PortStats& stats, Fields* fields) {
  fields->Row("drops", DropFields(stats, fields->is_json()));
  if (stats.lost_at_function) fields->Line("lost_at_function", *stats.lost_at_function);
  if (stats.lost_at_socket) fields->Line("lost_at_socket", *stats.lost_at_socket);
}

Json StatsJson(const PortStats& stats) {
  Fields fields(/*is_json=*/true);
  fields.Frames("rx", stats.rx.frames, stats.rx.bytes);
  fields.Frames("tx", stats.tx.frames, stats.tx.bytes);
  AddLosses(stats, &fields);
  return std::move(fields.json());
}

}  // namespace xsw
