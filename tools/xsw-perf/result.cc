// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw-perf/result.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace xsw::perf {
namespace {

using Json = nlohmann::ordered_json;

// Of sorted values, in microseconds.
double Percentile(const std::vector<uint32_t>& sorted, double part) {
  if (sorted.empty()) return 0;
  const size_t at = static_cast<size_t>(part * static_cast<double>(sorted.size() - 1) + 0.5);
  return sorted[at] / 1000.0;
}

Json LatencyJson(const Result& result) {
  const std::vector<uint32_t>& times = result.round_trips;
  return {{"min", Percentile(times, 0)},      {"p50", Percentile(times, 0.5)},
          {"p90", Percentile(times, 0.9)},    {"p99", Percentile(times, 0.99)},
          {"p99.9", Percentile(times, 0.999)}, {"max", Percentile(times, 1)}};
}

Json StatsJson(const xswq_stats& stats) {
  return {{"recv_frames", stats.recv_frames}, {"recv_bytes", stats.recv_bytes},
          {"send_frames", stats.send_frames}, {"send_bytes", stats.send_bytes},
          {"doorbells", stats.doorbells},     {"no_recv", stats.no_recv},
          {"recv_full", stats.recv_full},     {"too_long", stats.too_long},
          {"invalid_recv", stats.invalid_recv}, {"invalid_send", stats.invalid_send}};
}

Json ToJson(const Options& options, const Result& result, const xswq_stats& stats) {
  const double seconds = std::max(result.seconds, 1e-9);
  Json json = {{"mode", ModeWord(options.mode)},
               {"port", options.port},
               {"frames", result.frames},
               {"bytes", result.bytes},
               {"seconds", result.seconds},
               {"frames_per_second", static_cast<double>(result.frames) / seconds},
               {"bits_per_second", 8.0 * static_cast<double>(result.bytes) / seconds}};
  if (result.missing) json["missing"] = *result.missing;
  if (options.mode == Mode::kLat) {
    json["lost"] = result.lost;
    json["round_trip_us"] = LatencyJson(result);
  }
  json["queue"] = StatsJson(stats);
  return json;
}

void PrintText(const Json& json) {
  std::printf("%s %s: %s frames in %.3f s: %.3f Mframes/s, %.3f Gb/s\n",
              json["mode"].get<std::string>().c_str(), json["port"].get<std::string>().c_str(),
              json["frames"].dump().c_str(), json["seconds"].get<double>(),
              json["frames_per_second"].get<double>() / 1e6,
              json["bits_per_second"].get<double>() / 1e9);
  if (json.contains("missing")) std::printf("  missing %s\n", json["missing"].dump().c_str());
  if (json.contains("round_trip_us")) {
    std::printf("  lost %s, round trip us:", json["lost"].dump().c_str());
    for (const auto& [name, value] : json["round_trip_us"].items())
      std::printf(" %s %.1f", name.c_str(), value.get<double>());
    std::printf("\n");
  }
  std::printf("  queue:");
  for (const auto& [name, value] : json["queue"].items()) {
    if (value != 0) std::printf(" %s %s", name.c_str(), value.dump().c_str());
  }
  std::printf("\n");
}

}  // namespace

void Progress::Show(const Result& result) {
  const double seconds = Since(shown_);
  if (seconds < 1 || !isatty(STDERR_FILENO)) return;
  std::fprintf(stderr, "\r%6.0f s %12llu frames %10.3f Mframes/s", Since(start_),
               static_cast<unsigned long long>(result.frames),
               static_cast<double>(result.frames - frames_) / seconds / 1e6);
  shown_ = Clock::now();
  frames_ = result.frames;
  any_ = true;
}

Progress::~Progress() {
  if (any_) std::fprintf(stderr, "\n");
}

void Print(const Options& options, Result& result, const xswq_stats& stats) {
  std::sort(result.round_trips.begin(), result.round_trips.end());
  const Json json = ToJson(options, result, stats);
  if (options.json) {
    std::printf("%s\n", json.dump().c_str());
  } else {
    PrintText(json);
  }
}

}  // namespace xsw::perf
