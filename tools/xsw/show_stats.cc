// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/show_stats.h"

namespace xsw {

Fields DropFields(const PortStats& stats, bool json) {
  Fields fields(json);
  for (const DropCount& drop : stats.drops) fields.UnlessZero(drop.reason, drop.frames);
  return fields;
}

void AddLosses(const PortStats& stats, Fields* fields) {
  fields->Row("drops", DropFields(stats, fields->is_json()));
  if (stats.lost_at_function) fields->Line("lost_at_function", *stats.lost_at_function);
  if (stats.lost_at_socket) fields->Line("lost_at_socket", *stats.lost_at_socket);
}

}  // namespace xsw
