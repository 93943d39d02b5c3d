// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/exposition.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tools/xsw/output.h"

namespace xsw {
namespace {

const char* SuffixOf(Exposition::Type type) {
  switch (type) {
    case Exposition::kCounter:
      return "_total";
    case Exposition::kInfo:
      return "_info";
    case Exposition::kGauge:
      break;
  }
  return "";
}

// Prometheus's own form knows no infos.
const char* TypeWord(Exposition::Type type, bool open_metrics) {
  if (type == Exposition::kCounter) return "counter";
  return type == Exposition::kInfo && open_metrics ? "info" : "gauge";
}

// A netdev's name may hold any bytes, which need not be UTF-8: those are replaced.
std::string Escaped(const std::string& name) {
  const bool ascii = std::all_of(name.begin(), name.end(), absl::ascii_isascii);
  const std::string text = ascii ? name : Json::parse(DumpJson(name)).get<std::string>();
  return absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"\"", "\\\""}, {"\n", "\\n"}});
}

}  // namespace

// OpenMetrics names a family without the suffix, Prometheus a metric with it.
void Exposition::Begin(const std::string& name, Type type, const std::string& help) {
  name_ = absl::StrCat(name, SuffixOf(type));
  const bool open_metrics = form_ == kOpenMetrics;
  const std::string& family = open_metrics ? name : name_;
  absl::StrAppend(&text_, "# HELP ", family, " ", Escaped(help), "\n# TYPE ", family, " ",
                  TypeWord(type, open_metrics), "\n");
}

void Exposition::Sample(const Labels& labels, uint64_t value) {
  absl::StrAppend(&text_, name_);
  const char* before = "{";
  for (const auto& [key, label] : labels) {
    absl::StrAppend(&text_, before, key, "=\"", Escaped(label), "\"");
    before = ",";
  }
  absl::StrAppend(&text_, labels.empty() ? " " : "} ", value, "\n");
}

std::string Exposition::End() && {
  if (form_ == kOpenMetrics) text_ += "# EOF\n";
  return std::move(text_);
}

}  // namespace xsw
