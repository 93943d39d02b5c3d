// SPDX-License-Identifier: Apache-2.0
// xsw stats: what moves, port by port.
#include <csignal>
#include <ctime>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "switchdev_model/port.h"
#include "switchdev_model/stats.h"
#include "switchdev_model/words.h"
#include "tools/command.h"
#include "tools/handle.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr char kHeader[] = "PORT             RX FRAMES    RX BYTES   TX FRAMES    TX BYTES  DROPS";

// Counters that `xsw stats` sums up. Directions as the representor sees them.
struct Sums {
  uint64_t rx_frames = 0, rx_bytes = 0, tx_frames = 0, tx_bytes = 0;
  std::map<std::string, uint64_t> drops;
};
using Snapshot = std::map<std::string, Sums>;

Sums SumUp(const xsw_stats& stats) {
  const xsw_count rx = Total(stats.rx), tx = Total(stats.tx);
  Sums sums{rx.frames, rx.bytes, tx.frames + stats.slow_tx.frames, tx.bytes + stats.slow_tx.bytes,
            {}};
  for (uint8_t why = 1; why < XSW_DROP_COUNT; why++)
    if (stats.drops[why]) sums.drops[DropWord(why)] = stats.drops[why];
  return sums;
}

absl::StatusOr<Snapshot> Take(const std::string& bpffs, const std::vector<std::string>& uplinks) {
  Snapshot snapshot;
  for (const std::string& uplink : uplinks) {
    XSW_ASSIGN_OR_RETURN(Eswitch eswitch, Eswitch::OpenToRead(bpffs, uplink));
    std::vector<uint32_t> ports = PortIndices(eswitch);
    ports.insert(ports.begin(), XSW_UPLINK);
    for (uint32_t port : ports) {
      XSW_ASSIGN_OR_RETURN(xsw_stats stats, eswitch.datapath().Stats(port));
      snapshot[FormatHandle(eswitch.uplink().name, port)] = SumUp(stats);
    }
  }
  return snapshot;
}

// Of one interval. A port that is new counts from its start; one made anew from 0.
uint64_t PerSecond(uint64_t before, uint64_t now, double seconds) {
  return static_cast<uint64_t>(static_cast<double>(now >= before ? now - before : now) / seconds);
}

Sums Rates(const Sums& before, const Sums& now, double seconds) {
  Sums rates{PerSecond(before.rx_frames, now.rx_frames, seconds),
             PerSecond(before.rx_bytes, now.rx_bytes, seconds),
             PerSecond(before.tx_frames, now.tx_frames, seconds),
             PerSecond(before.tx_bytes, now.tx_bytes, seconds),
             {}};
  for (const auto& [why, count] : now.drops) {
    auto was = before.drops.find(why);
    const uint64_t rate =
        PerSecond(was == before.drops.end() ? 0 : was->second, count, seconds);
    if (rate) rates.drops[why] = rate;
  }
  return rates;
}

Json ToJson(const Sums& sums) {
  return {{"rx", {{"frames", sums.rx_frames}, {"bytes", sums.rx_bytes}}},
          {"tx", {{"frames", sums.tx_frames}, {"bytes", sums.tx_bytes}}},
          {"drops", sums.drops}};
}

void Print(const Snapshot& snapshot, const char* unit) {
  std::printf("%s%s\n", kHeader, unit);
  for (const auto& [port, sums] : snapshot) {
    std::string drops;
    for (const auto& [why, count] : sums.drops)
      absl::StrAppend(&drops, drops.empty() ? "" : " ", why, " ", count);
    std::printf("%s\n", absl::StrFormat("%-14s %11d %11d %11d %11d  %s", port, sums.rx_frames,
                                        sums.rx_bytes, sums.tx_frames, sums.tx_bytes,
                                        drops.empty() ? "none" : drops)
                            .c_str());
  }
  std::fflush(stdout);
}

void PrintJsonLine(const Snapshot& snapshot, double seconds) {
  Json ports = Json::object();
  for (const auto& [port, sums] : snapshot) ports[port] = ToJson(sums);
  std::printf("%s\n", Json{{"seconds", seconds}, {"per_second", ports}}.dump().c_str());
  std::fflush(stdout);
}

double Now() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// The interval that the user has asked for.
void Sleep(uint32_t seconds) {
  timespec left = {.tv_sec = seconds, .tv_nsec = 0};
  while (nanosleep(&left, &left) != 0) {
  }
}

// Until interrupted: what came in each interval, per second.
absl::Status Watch(Call& call, const std::vector<std::string>& uplinks, uint32_t seconds) {
  XSW_ASSIGN_OR_RETURN(Snapshot before, Take(call.bpffs, uplinks));
  double then = Now();
  for (;;) {
    Sleep(seconds);
    XSW_ASSIGN_OR_RETURN(Snapshot now, Take(call.bpffs, uplinks));
    const double at = Now();
    Snapshot rates;
    for (const auto& [port, sums] : now) rates[port] = Rates(before[port], sums, at - then);
    if (call.output.json()) {
      PrintJsonLine(rates, at - then);
    } else {
      Print(rates, " /s");
    }
    before = std::move(now);
    then = at;
  }
}

absl::Status Stats(Call& call) {
  std::vector<std::string> uplinks;
  std::optional<uint32_t> seconds;
  auto interval = [](const std::string& text) { return ParseNumber("--watch", text); };
  while (!call.args.empty()) {
    XSW_ASSIGN_OR_RETURN(std::string word, call.args.Take("DEV"));
    if (word == "--watch") {
      XSW_ASSIGN_OR_RETURN(std::string text, call.args.Take("the seconds of --watch"));
      XSW_ASSIGN_OR_RETURN(seconds, interval(text));
      if (seconds == 0u) return UsageError("--watch 0: at least one second");
    } else if (uplinks.empty()) {
      uplinks.push_back(word);
    } else {
      return UsageError(absl::StrCat("\"", word, "\" is one word too many"));
    }
  }
  if (uplinks.empty()) uplinks = EswitchDir::List(call.bpffs);
  if (seconds) return Watch(call, uplinks, *seconds);
  XSW_ASSIGN_OR_RETURN(Snapshot snapshot, Take(call.bpffs, uplinks));
  if (!call.output.json()) Print(snapshot, "");
  Json& doc = call.output.doc()["stats"] = Json::object();
  for (const auto& [port, sums] : snapshot) doc[port] = ToJson(sums);
  return absl::OkStatus();
}

constexpr Command kCommands[] = {
    {"stats", "", "[DEV] [--watch SECONDS]",
     "frames, bytes and drops of ports; --watch: per second, until interrupted", Stats},
};

}  // namespace

absl::Span<const Command> StatsCommands() { return kCommands; }

}  // namespace xsw
