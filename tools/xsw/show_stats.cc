// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/show_stats.h"

#include "absl/strings/str_cat.h"
#include "switchdev_model/words.h"

namespace xsw {

Json CountJson(const xsw_count& count) {
  return {{"frames", count.frames}, {"bytes", count.bytes}};
}

void AddLosses(Json* json, const Losses& losses) {
  Json& drops = (*json)["drops"] = Json::object();
  for (uint8_t why = 1; why < XSW_DROP_COUNT; why++) drops[DropWord(why)] = losses.drops[why];
  if (losses.lost_at_function) (*json)["lost_at_function"] = *losses.lost_at_function;
  if (losses.lost_at_socket) (*json)["lost_at_socket"] = *losses.lost_at_socket;
}

std::string DropsText(const Json& drops) {
  std::string text;
  for (const auto& [reason, count] : drops.items()) {
    if (count != 0) absl::StrAppend(&text, text.empty() ? "" : " ", reason, " ", count.dump());
  }
  return text.empty() ? "none" : text;
}

}  // namespace xsw
