// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/show_stats.h"

#include "switchdev_model/words.h"

namespace xsw {

Fields DropFields(const PortStats& stats, bool json) {
  Fields fields(json);
  for (uint8_t why = 1; why < XSW_DROP_COUNT; why++)
    fields.UnlessZero(DropWord(why), stats.counted.drops[why]);
  return fields;
}

void AddLosses(const PortStats& stats, Fields* fields) {
  fields->Row("drops", DropFields(stats, fields->is_json()));
  if (stats.lost_at_function) fields->Line("lost_at_function", *stats.lost_at_function);
  if (stats.lost_at_socket) fields->Line("lost_at_socket", *stats.lost_at_socket);
}

}  // namespace xsw
