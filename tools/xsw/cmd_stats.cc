// SPDX-License-Identifier: Apache-2.0
// xsw stats: what moves, port by port.
#include <algorithm>
#include <ctime>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "switchdev_model/ports/port.h"
#include "switchdev_model/show/stats.h"
#include "tools/xsw/command.h"
#include "tools/xsw/handle.h"
#include "tools/xsw/show_stats.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr char kHeader[] =
    "PORT             RX FRAMES    RX BYTES   TX FRAMES    TX BYTES        LOST  DROPS";

using Snapshot = std::map<std::string, PortStats>;

absl::StatusOr<Snapshot> Take(const std::string& bpffs,
                              const std::vector<PortSelection>& selected) {
  Snapshot snapshot;
  for (const PortSelection& selection : selected) {
    absl::StatusOr<Eswitch> eswitch = Eswitch::OpenToRead(bpffs, selection.uplink);
    if (!selection.named && !eswitch.ok() && IsGone(bpffs, selection.uplink)) continue;
    XSW_RETURN_IF_ERROR(eswitch.status());
    XSW_ASSIGN_OR_RETURN(const std::vector<uint32_t> indices, SelectedPorts(*eswitch, selection));
    XSW_ASSIGN_OR_RETURN(const std::vector<PortInfo> ports, GetPorts(*eswitch, indices));
    XSW_ASSIGN_OR_RETURN(const std::vector<PortStats> stats, GetStats(*eswitch, ports));
    for (size_t i = 0; i < ports.size(); i++)
      snapshot[FormatHandle(eswitch->uplink().name, ports[i].index)] = stats[i];
  }
  return snapshot;
}

// Of one interval. A port that is new counts from its start; one made anew from 0.
uint64_t PerSecond(uint64_t before, uint64_t now, double seconds) {
  return static_cast<uint64_t>(static_cast<double>(now >= before ? now - before : now) / seconds);
}

Count PerSecond(const Count& before, const Count& now, double seconds) {
  return {PerSecond(before.frames, now.frames, seconds),
          PerSecond(before.bytes, now.bytes, seconds)};
}

// A loss is a difference of two counters and falls again when late frames arrive.
std::optional<uint64_t> PerSecond(std::optional<uint64_t> before, std::optional<uint64_t> now,
                                  double seconds) {
  if (!now) return now;
  return PerSecond(std::min(before.value_or(0), *now), *now, seconds);
}

PortStats Rates(const PortStats& before, const PortStats& now, double seconds) {
  PortStats rates{
      .rx = PerSecond(before.rx, now.rx, seconds),
      .tx = PerSecond(before.tx, now.tx, seconds),
      .lost_at_function = PerSecond(before.lost_at_function, now.lost_at_function, seconds),
      .lost_at_socket = PerSecond(before.lost_at_socket, now.lost_at_socket, seconds)};
  for (size_t i = 0; i < now.drops.size(); i++) {
    const uint64_t dropped = i < before.drops.size() ? before.drops[i].frames : 0;
    rates.drops.push_back({now.drops[i].reason, PerSecond(dropped, now.drops[i].frames, seconds)});
  }
  return rates;
}

Json ToJson(const PortStats& stats) {
  Fields fields(/*is_json=*/true);
  fields.Frames("rx", stats.rx.frames, stats.rx.bytes);
  fields.Frames("tx", stats.tx.frames, stats.tx.bytes);
  AddLosses(stats, &fields);
  return std::move(fields.json());
}

void Print(const Snapshot& snapshot, const char* unit) {
  std::printf("%s%s\n", kHeader, unit);
  for (const auto& [port, stats] : snapshot) {
    const uint64_t lost = stats.lost_at_function.value_or(0) + stats.lost_at_socket.value_or(0);
    const std::string line = absl::StrFormat(
        "%-14s %11d %11d %11d %11d %11d  %s", port, stats.rx.frames, stats.rx.bytes,
        stats.tx.frames, stats.tx.bytes, lost, DropFields(stats, /*json=*/false).Pairs());
    std::printf("%s\n", Printable(line).c_str());
  }
  std::fflush(stdout);
}

void PrintJsonLine(const Snapshot& snapshot, double seconds) {
  Json ports = Json::object();
  for (const auto& [port, stats] : snapshot) ports[port] = ToJson(stats);
  std::printf("%s\n", DumpJson({{"seconds", seconds}, {"per_second", ports}}).c_str());
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
absl::Status Watch(Call& call, const std::vector<PortSelection>& selected, uint32_t seconds) {
  XSW_ASSIGN_OR_RETURN(Snapshot before, Take(call.bpffs, selected));
  double then = Now();
  for (;;) {
    Sleep(seconds);
    XSW_ASSIGN_OR_RETURN(Snapshot now, Take(call.bpffs, selected));
    const double at = Now();
    Snapshot rates;
    for (const auto& [port, stats] : now) rates[port] = Rates(before[port], stats, at - then);
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
    Print(snapshot, "");
    return absl::OkStatus();
  }
  Json& doc = call.output.doc()["stats"] = Json::object();
  for (const auto& [port, stats] : snapshot) doc[port] = ToJson(stats);
  return absl::OkStatus();
}

constexpr Command kCommands[] = {
    {"stats", "", "[DEV|DEV/INDEX] [--watch SECONDS]",
     "frames, bytes, losses and drops of ports; --watch: per second, until interrupted", Stats},
};

}  // namespace

absl::Span<const Command> StatsCommands() { return kCommands; }

}  // namespace xsw
