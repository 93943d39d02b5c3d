// SPDX-License-Identifier: Apache-2.0
// xsw stats: what moves, port by port.
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tools/xsw/command.h"
#include "tools/xsw/handle.h"
#include "tools/xsw/rates.h"
#include "tools/xsw/show_stats.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr char kHeader[] =
    "PORT             RX FRAMES    RX BYTES   TX FRAMES    TX BYTES        LOST  DROPS";

using Snapshot = std::map<std::string, Counts>;  // by uplink
using Rows = std::vector<std::pair<std::string, PortStats>>;

absl::StatusOr<Snapshot> Take(const std::string& bpffs,
                              const std::vector<PortSelection>& selected) {
  Snapshot snapshot;
  for (const PortSelection& selection : selected) {
    absl::StatusOr<Counts> counts = CountPorts(bpffs, selection);
    if (!selection.named && !counts.ok() && IsGone(bpffs, selection.uplink)) continue;
    XSW_RETURN_IF_ERROR(counts.status());
    snapshot[counts->uplink] = *std::move(counts);
  }
  return snapshot;
}

Rows RowsOf(const Snapshot& snapshot) {
  Rows rows;
  for (const auto& [uplink, counts] : snapshot) {
    for (const auto& [port, counted] : counts.ports)
      rows.emplace_back(FormatHandle(uplink, port), counted.stats);
  }
  return rows;
}

Rows RatesOf(Snapshot& before, const Snapshot& now, double seconds) {
  Rows rows;
  for (const auto& [uplink, counts] : now) {
    for (const auto& [port, counted] : counts.ports) {
      const PortStats since = Difference(before[uplink].ports[port].stats, counted.stats);
      rows.emplace_back(FormatHandle(uplink, port), PerSecond(since, seconds));
    }
  }
  return rows;
}

void Print(const Rows& rows, const char* unit) {
  std::printf("%s%s\n", kHeader, unit);
  for (const auto& [port, stats] : rows) {
    const std::string line =
        absl::StrFormat("%-14s %11d %11d %11d %11d %11d  %s", port, stats.rx.frames, stats.rx.bytes,
                        stats.tx.frames, stats.tx.bytes, LostFrames(stats),
                        DropFields(stats, /*json=*/false).Pairs());
    std::printf("%s\n", Printable(line).c_str());
  }
  std::fflush(stdout);
}

void PrintJsonLine(const Rows& rows, double seconds) {
  Json ports = Json::object();
  for (const auto& [port, stats] : rows) ports[port] = StatsJson(stats);
  std::printf("%s\n", DumpJson({{"seconds", seconds}, {"per_second", ports}}).c_str());
  std::fflush(stdout);
}

// Until interrupted: what came in each interval, per second.
absl::Status Watch(Call& call, const std::vector<PortSelection>& selected, uint32_t seconds) {
  XSW_ASSIGN_OR_RETURN(Snapshot before, Take(call.bpffs, selected));
  double then = MonotonicSeconds();
  for (;;) {
    SleepUntil(then + seconds);
    XSW_ASSIGN_OR_RETURN(Snapshot now, Take(call.bpffs, selected));
    const double at = MonotonicSeconds();
    const Rows rates = RatesOf(before, now, at - then);
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
  std::string which;
  std::optional<uint32_t> seconds;
  auto interval = [](const std::string& text) { return ParseNumber("--watch", text); };
  while (!call.args.empty()) {
    XSW_ASSIGN_OR_RETURN(std::string word, call.args.Take("DEV"));
    if (word == "--watch") {
      XSW_ASSIGN_OR_RETURN(std::string text, call.args.Take("the seconds of --watch"));
      XSW_ASSIGN_OR_RETURN(seconds, interval(text));
      if (seconds == 0u) return UsageError("--watch 0: at least one second");
    } else if (which.empty()) {
      which = word;
    } else {
      return UsageError(absl::StrCat("\"", word, "\" is one word too many"));
    }
  }
  XSW_ASSIGN_OR_RETURN(const std::vector<PortSelection> selected, SelectPorts(call, which));
  if (seconds) return Watch(call, selected, *seconds);
  XSW_ASSIGN_OR_RETURN(Snapshot snapshot, Take(call.bpffs, selected));
  if (!call.output.json()) {
    Print(RowsOf(snapshot), "");
    return absl::OkStatus();
  }
  Json& doc = call.output.doc()["stats"] = Json::object();
  for (const auto& [port, stats] : RowsOf(snapshot)) doc[port] = StatsJson(stats);
  return absl::OkStatus();
}

constexpr Command kCommands[] = {
    {"stats", "", "[DEV|DEV/INDEX] [--watch SECONDS]",
     "frames, bytes, losses and drops of ports; --watch: per second, until interrupted", Stats},
};

}  // namespace

absl::Span<const Command> StatsCommands() { return kCommands; }

}  // namespace xsw
