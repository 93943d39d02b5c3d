// SPDX-License-Identifier: Apache-2.0
// xsw top: what moves at each port, as it moves.
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <ctime>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tools/xsw/command.h"
#include "tools/xsw/rates.h"
#include "tools/xsw/show_stats.h"
#include "tools/xsw/top/live.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// At most a day.
absl::StatusOr<double> ParseInterval(const std::string& text) {
  double seconds;
  if (absl::SimpleAtod(text, &seconds) && seconds >= 0.1 && seconds <= 86400) return seconds;
  return UsageError(absl::StrCat("-d ", text, ": not a number of seconds from 0.1 to 86400"));
}

absl::StatusOr<uint32_t> ParseCount(const std::string& text) {
  XSW_ASSIGN_OR_RETURN(const uint32_t count, ParseNumber("-n", text));
  if (count == 0) return UsageError("-n 0: at least once");
  return count;
}

// DEV may stand before and behind the options.
absl::Status TakeWords(Args args, std::string* which, bool* batch, TopOptions* options) {
  std::vector<std::string> words;
  while (!args.empty()) {
    XSW_ASSIGN_OR_RETURN(std::string word, args.Take("DEV"));
    const bool has_value = word == "-d" || word == "-n";
    if (word[0] != '-' && which->empty()) {
      *which = word;
      continue;
    }
    words.push_back(word);
    if (!has_value) continue;
    XSW_ASSIGN_OR_RETURN(word, args.Take(absl::StrCat("the value of ", word)));
    words.push_back(word);
  }
  return Args(std::move(words))
      .TakePairs({{"-d", Store(ParseInterval, &options->interval)},
                  {"-n", Store(ParseCount, &options->count)}},
                 {{"-b", batch}});
}

void PrintTable(const Meter& meter, const std::string& note) {
  const TableOptions options;
  const std::vector<const Flow*> rows = Arrange(meter.flows(), options);
  const Table table(options, rows, 0);
  const time_t now = time(nullptr);
  tm parts;
  char text[16];
  localtime_r(&now, &parts);
  std::strftime(text, sizeof(text), "%H:%M:%S", &parts);
  std::printf("xsw top: %s, %zu ports%s%s\n", text, rows.size(), note.empty() ? "" : ", ",
              Printable(note).c_str());
  std::printf("%s\n", table.Header("", "").c_str());
  for (const Flow* flow : rows) std::printf("%s\n", table.Line(*flow).c_str());
  std::printf("\n");
}

Json FlowJson(const Flow& flow) {
  Json json = {{"netdev", flow.info.netdev}};
  if (flow.key.second != XSW_UPLINK) {
    json["netns"] = flow.info.netns;
    json["ifname"] = flow.info.ifname;
  }
  json.update(StatsJson(PerSecond(flow.since, flow.seconds)));
  // Not a rate: one frame in ten seconds is not none.
  Json& dropped = json["dropped"] = Json::object();
  for (const DropCount& drop : flow.since.drops) {
    if (drop.frames) dropped[drop.reason] = drop.frames;
  }
  return json;
}

void PrintJson(const Meter& meter, const std::string& note) {
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  Json ports = NewObject(meter.flows().size());
  for (const Flow& flow : meter.flows())
    ports.get_ref<Json::object_t&>().emplace_back(FormatHandle(flow.key.first, flow.key.second),
                                                  FlowJson(flow));
  const double seconds = meter.flows().empty() ? 0 : meter.flows().front().seconds;
  Json line = {{"time", now.tv_sec}, {"seconds", seconds}, {"per_second", std::move(ports)}};
  if (!note.empty()) line["error"] = note;
  std::printf("%s\n", DumpJson(line).c_str());
}

// Until it has been told that often, or cannot write any more.
absl::Status Batch(Meter& meter, const TopOptions& options, bool json) {
  XSW_RETURN_IF_ERROR(meter.Look());
  double next = MonotonicSeconds();
  for (uint32_t i = 0; (!options.count || i < options.count) && !std::ferror(stdout); i++) {
    next = std::max(next + options.interval, MonotonicSeconds());
    SleepUntil(next);
    const absl::Status status = meter.Look();
    (json ? PrintJson : PrintTable)(meter, std::string(status.message()));
    std::fflush(stdout);
  }
  return absl::OkStatus();
}

// The shell is to know what has ended it.
void DieBy(int signal) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  std::signal(signal, SIG_DFL);
  raise(signal);
  sigprocmask(SIG_UNBLOCK, &set, nullptr);
}

absl::Status Top(Call& call) {
  std::string which;
  bool batch = false;
  TopOptions options;
  XSW_RETURN_IF_ERROR(TakeWords(call.args, &which, &batch, &options));
  Meter meter(call, which);
  const bool json = call.output.json() || (!batch && !isatty(STDOUT_FILENO));
  if (json || batch) return Batch(meter, options, json);
  XSW_RETURN_IF_ERROR(meter.Look());
  XSW_ASSIGN_OR_RETURN(const int signal, RunLive(meter, options));
  if (!signal) return absl::OkStatus();
  DieBy(signal);
  return absl::OkStatus();
}

constexpr Command kCommands[] = {
    {"top", "", "[DEV|DEV/INDEX] [-d SECONDS] [-n COUNT] [-b]",
     "what moves at each port, live; -b: as text, each time below the last; no terminal or -j: "
     "JSON lines",
     Top},
};

}  // namespace

absl::Span<const Command> TopCommands() { return kCommands; }

}  // namespace xsw
