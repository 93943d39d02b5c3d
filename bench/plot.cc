// SPDX-License-Identifier: Apache-2.0
#include "bench/plot.h"

#include <cstdio>
#include <filesystem>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace xsw::bench {
namespace {

using Json = nlohmann::ordered_json;

struct Bars {
  std::string title, unit, data;
  int count = 0;
};

std::string Script(const std::string& path, const Bars& bars) {
  return absl::StrFormat(
      "set output '%s'\n"
      "set terminal svg size 800,%d noenhanced font 'sans,13' background '#ffffff'\n"
      "set title \"%s\"\nset xlabel \"%s\"\n"
      "set yrange [%d.5:-0.5]\nset xrange [0:*]\n"
      "$bars << EOD\n%sEOD\n"
      "plot $bars using ($3/2):0:($3/2):(0.35):($6 == 1 ? 0x2a6fb0 : $6 == 2 ? 0xb0b0b0 : 0xd9924a)"
      ":ytic(2) with boxxyerror fs solid lc rgb variable notitle, "
      "$bars using 3:0:4:5 with xerrorbars pt 0 lc rgb '#000000' notitle\n",
      path, 90 + 34 * bars.count, bars.title, bars.unit, bars.count - 1, bars.data);
}

// Ours, a limit, or another's.
int Kind(const std::string& contender) {
  return contender.starts_with("xsw") ? 1 : contender.starts_with("limit") ? 2 : 3;
}

std::map<std::string, Bars> Collect(const Json& results) {
  std::map<std::string, Bars> plots;
  for (const Json& row : results["results"]) {
    Bars& bars = plots[row["workload"].get<std::string>()];
    const std::string contender = row["contender"];
    bars.title = row["title"];
    bars.unit = row["unit"];
    absl::StrAppendFormat(&bars.data, "%d \"%s\" %g %g %g %d\n", bars.count++, contender,
                          row["median"].get<double>(), row["min"].get<double>(),
                          row["max"].get<double>(), Kind(contender));
  }
  return plots;
}

}  // namespace

absl::Status DrawPlots(const Json& results, const std::string& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  std::FILE* gnuplot = popen("gnuplot", "w");
  if (!gnuplot) return absl::InternalError("gnuplot does not start");
  for (const auto& [workload, bars] : Collect(results)) {
    if (bars.count < 2 || workload == "memory") continue;
    const std::string script = Script(absl::StrCat(directory, "/", workload, ".svg"), bars);
    std::fputs(script.c_str(), gnuplot);
  }
  if (pclose(gnuplot) != 0) return absl::InternalError("gnuplot cannot draw the plots");
  return absl::OkStatus();
}

}  // namespace xsw::bench
