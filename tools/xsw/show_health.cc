// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/show_health.h"

#include <ctime>

#include "absl/strings/str_cat.h"
#include "switchdev_model/words.h"
#include "tools/xsw/fields.h"
#include "tools/xsw/handle.h"

namespace xsw {
namespace {

constexpr size_t kMostLines = 8;  // of errors in text

// In UTC, as `xsw monitor` says when.
std::string FormatTime(uint64_t at_s, const char* format) {
  const auto time = static_cast<time_t>(at_s);
  tm parts;
  char text[32];
  gmtime_r(&time, &parts);
  std::strftime(text, sizeof(text), format, &parts);
  return text;
}

Fields HealthFields(const Health& health, bool json) {
  Fields fields(json);
  if (json) fields.Word("reporter", ReporterWord(health.reporter));
  fields.Word("state", health.is_healthy() ? "healthy" : "error");
  fields.Number("error", health.found);
  fields.Number("recover", health.recovered);
  if (health.recovered_at_s) {
    fields.Word("last_recover_date", FormatTime(*health.recovered_at_s, "%Y-%m-%d"));
    fields.Word("last_recover_time", FormatTime(*health.recovered_at_s, "%H:%M:%S"));
  }
  if (CanRecover(health.reporter)) {
    fields.Number("grace_period", 0);
    fields.Bool("auto_recover", RecoversItself(health.reporter));
  }
  return fields;
}

std::string NameOf(const std::string& uplink, const Finding& finding) {
  return finding.port == XSW_UPLINK ? uplink : FormatHandle(uplink, finding.port);
}

Json FindingsJson(const std::string& uplink, const std::vector<Finding>& findings) {
  Json list = Json::array();
  for (const Finding& it : findings)
    list.push_back({{"handle", NameOf(uplink, it)}, {"text", it.text}});
  return list;
}

}  // namespace

std::string HealthPairs(const Health& health) {
  return HealthFields(health, /*json=*/false).Pairs();
}

std::vector<std::string> HealthLines(const std::string& uplink, const Health& health) {
  std::vector<std::string> lines;
  for (const Finding& it : health.errors) {
    if (lines.size() == kMostLines) break;
    lines.push_back(absl::StrCat(NameOf(uplink, it), ": ", it.text));
  }
  if (health.errors.size() > kMostLines)
    lines.push_back(absl::StrCat("and ", health.errors.size() - kMostLines, " more"));
  for (const Finding& it : health.notes)
    lines.push_back(absl::StrCat("note: ", NameOf(uplink, it), ": ", it.text));
  return lines;
}

Json HealthJson(const std::string& uplink, const Health& health) {
  Json json = std::move(HealthFields(health, /*json=*/true).json());
  if (!health.errors.empty()) json["problems"] = FindingsJson(uplink, health.errors);
  if (!health.notes.empty()) json["notes"] = FindingsJson(uplink, health.notes);
  return json;
}

}  // namespace xsw
