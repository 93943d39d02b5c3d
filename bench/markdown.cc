// SPDX-License-Identifier: Apache-2.0
#include "bench/markdown.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/report.h"

namespace xsw::bench {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kBegin[] = "<!-- results -->\n";
constexpr char kEnd[] = "<!-- end of results -->\n";

std::string Machine(const Json& results) {
  const Json& machine = results["machine"];
  return absl::StrFormat("Measured on %s, %d CPUs, Linux %s; load %.2f before it began%s.\n",
                         machine["cpu"].get<std::string>(), machine["cpus"].get<int>(),
                         machine["kernel"].get<std::string>(), machine["load"].get<double>(),
                         results["quick"].get<bool>() ? "; a quick run" : "");
}

std::string Targets(const Json& targets) {
  std::string text =
      "\n### Targets\n\n| what | measured | asked | |\n| --- | ---: | ---: | --- |\n";
  for (const Json& target : targets)
    absl::StrAppendFormat(&text, "| %s | %.2f | %s %.2f | %s |\n",
                          target["what"].get<std::string>(), target["value"].get<double>(),
                          target["at_least"].get<bool>() ? "≥" : "≤", target["goal"].get<double>(),
                          target["pass"].get<bool>() ? "yes" : "**no**");
  return text;
}

// Names of the columns of ratios.
std::vector<std::string> Baselines(const std::vector<Json>& rows) {
  std::vector<std::string> names;
  for (const Json& row : rows)
    for (const auto& [name, ratio] : row["ratios"].items())
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  return names;
}

// A column that not every table has.
struct Column {
  const char *key, *title;
};
constexpr Column kColumns[] = {{"cpu_ns", "CPU ns a frame"}, {"p99", "p99"}};

std::string Line(const Json& row, const std::vector<std::string>& baselines,
                 const std::vector<Column>& columns) {
  std::string text = absl::StrFormat("| %s | %s | %s .. %s |", row["contender"].get<std::string>(),
                                     Number(row["median"]), Number(row["min"]), Number(row["max"]));
  for (const Column& column : columns)
    absl::StrAppend(&text, " ", row.contains(column.key) ? Number(row[column.key]) : "", " |");
  for (const std::string& name : baselines)
    absl::StrAppend(&text, " ",
                    row["ratios"].contains(name)
                        ? absl::StrFormat("%.2f", row["ratios"][name].get<double>())
                        : "",
                    " |");
  const double lost = row["lost"];
  return absl::StrCat(text, lost > 0.001 ? absl::StrFormat(" %.1f %% |\n", lost * 100) : " |\n");
}

std::string Table(const std::vector<Json>& rows, const std::string& plot) {
  const std::vector<std::string> baselines = Baselines(rows);
  std::vector<Column> columns;
  for (const Column& column : kColumns)
    if (rows[0].contains(column.key)) columns.push_back(column);
  std::string text = absl::StrCat("\n### ", rows[0]["title"].get<std::string>(), "\n\n");
  if (!plot.empty()) absl::StrAppend(&text, "![](", plot, ")\n\n");
  absl::StrAppend(&text, "| | ", rows[0]["unit"].get<std::string>(), " | min .. max |");
  std::string rule = "| --- | ---: | --- |";
  for (const Column& column : columns) {
    absl::StrAppend(&text, " ", column.title, " |");
    absl::StrAppend(&rule, " ---: |");
  }
  for (const std::string& name : baselines) {
    absl::StrAppend(&text, " / ", name, " |");
    absl::StrAppend(&rule, " ---: |");
  }
  absl::StrAppend(&text, " lost |\n", rule, " ---: |\n");
  for (const Json& row : rows) absl::StrAppend(&text, Line(row, baselines, columns));
  return text;
}

std::string Section(const Json& results, const std::string& directory, const std::string& plots) {
  std::string text = absl::StrCat("\n", Machine(results), Targets(results["targets"]));
  std::vector<std::vector<Json>> tables;
  for (const Json& row : results["results"]) {
    if (tables.empty() || tables.back()[0]["workload"] != row["workload"]) tables.push_back({});
    tables.back().push_back(row);
  }
  for (const std::vector<Json>& rows : tables) {
    const std::string plot =
        absl::StrCat(plots, "/", rows[0]["workload"].get<std::string>(), ".svg");
    std::error_code ignored;
    const bool drawn = std::filesystem::exists(directory + "/" + plot, ignored);
    absl::StrAppend(&text, Table(rows, drawn ? plot : ""));
  }
  return text + "\n";
}

}  // namespace

absl::Status WriteSection(const Json& results, const std::string& document,
                          const std::string& plots) {
  std::ifstream in(document);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  const size_t begin = text.find(kBegin), end = text.find(kEnd);
  if (begin == std::string::npos || end == std::string::npos || end < begin)
    return absl::InvalidArgumentError(
        absl::StrCat(document,
                     " has no place for results, between <!-- results --> and "
                     "<!-- end of results -->"));
  const size_t from = begin + sizeof(kBegin) - 1;
  const std::string directory = std::filesystem::absolute(document).parent_path();
  text.replace(from, end - from, Section(results, directory, plots));
  std::ofstream out(document, std::ios::trunc);
  out << text;
  out.close();
  return out ? absl::OkStatus() : absl::InternalError(absl::StrCat("cannot write ", document));
}

}  // namespace xsw::bench
