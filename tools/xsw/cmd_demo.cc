// SPDX-License-Identifier: Apache-2.0
// xsw demo: an eswitch with real traffic, in namespaces of its own.
#include <unistd.h>

#include <cerrno>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "tools/xsw/command.h"
#include "tools/xsw/demo/fabric.h"
#include "tools/xsw/demo/lab.h"
#include "tools/xsw/demo/report.h"
#include "tools/xsw/demo/signals.h"
#include "tools/xsw/demo/traffic.h"
#include "userspace/bpffs.h"
#include "userspace/status.h"

namespace xsw {
namespace {

void Progress(const std::string& text) { std::fprintf(stderr, "%s\n", text.c_str()); }

// How the user can call this very program again: by name if the shell finds it so.
std::string HowToCallUs(const Options& options) {
  std::string call = program_invocation_name;
  if (!options.bpffs.empty()) absl::StrAppend(&call, " --bpffs ", options.bpffs);
  return call;
}

absl::StatusOr<DemoTraffic> RunTraffic(const DemoNodes& nodes, const HeldSignals& signals) {
  DemoTraffic traffic;
  Progress("ARP and TCP between outside, host, c1 and c2 ...");
  XSW_ASSIGN_OR_RETURN(traffic.paths, TryPaths(nodes, signals));
  Progress("a broadcast from each ...");
  XSW_ASSIGN_OR_RETURN(traffic.broadcast, TryBroadcast(nodes, signals));
  Progress("TCP at full speed ...");
  XSW_ASSIGN_OR_RETURN(traffic.streams, TryStreams(nodes, signals));
  return traffic;
}

void PrintHowToPlay(const Output& output, const std::string& us) {
  output.Line("\nIt stands. To play with it:");
  for (const std::string& command : DemoCommandsToTry(us)) output.Line("  " + command);
  output.Line("To remove it:\n  " + DemoCommandToRemove(us));
}

void Report(Call& call, const DemoNodes& nodes, const DemoTraffic& traffic, const Json& ports,
            bool keep) {
  const std::string us = HowToCallUs(call.options);
  Json& demo = call.output.doc()["demo"] = DemoJson(nodes, traffic, ports);
  if (keep) demo["commands"] = DemoCommandsToTry(us);
  if (keep) demo["remove"] = DemoCommandToRemove(us);
  call.output.Line(DemoScreen(nodes, traffic, ports));
  if (keep) PrintHowToPlay(call.output, us);
}

void Remove(const std::string& bpffs) {
  absl::Status status = RemoveDemo(bpffs);
  if (!status.ok()) Progress(absl::StrCat("not all is removed: ", status.message()));
}

// From an empty machine to the report. Whatever happens, what was made is removed, unless kept.
absl::Status Run(Call& call, bool keep, const HeldSignals& signals) {
  XSW_RETURN_IF_ERROR(RemoveDemo(call.bpffs));
  absl::Cleanup remove = [&] { Remove(call.bpffs); };
  Progress("four network namespaces, an eswitch and two ports ...");
  XSW_ASSIGN_OR_RETURN(DemoNodes nodes, MakeDemo(call.bpffs, signals));
  XSW_ASSIGN_OR_RETURN(DemoTraffic traffic, RunTraffic(nodes, signals));
  XSW_ASSIGN_OR_RETURN(Json ports, DemoPorts(call.bpffs));
  if (keep)
    std::move(remove).Cancel();
  else
    std::move(remove).Invoke();
  Report(call, nodes, traffic, ports, keep);
  if (traffic.ok()) return absl::OkStatus();
  call.output.Finish();
  return absl::InternalError(
      absl::StrCat("demo: ", DemoVerdict(traffic), "; ", traffic.FirstError(nodes)));
}

absl::Status Demo(Call& call) {
  bool fabric = false, keep = false;
  while (!call.args.empty()) {
    XSW_ASSIGN_OR_RETURN(std::string word, call.args.Take("--keep"));
    if (word == "fabric" && !fabric && !keep) {
      fabric = true;
    } else if ((word == "--keep" || word == "keep") && !keep) {
      keep = true;
    } else {
      return UsageError(absl::StrCat("\"", word, "\" is not --keep"));
    }
  }
  HeldSignals signals;
  XSW_ASSIGN_OR_RETURN(Fd lock, LockDemo());
  if (call.options.dry_run) return absl::OkStatus();
  absl::Status status = fabric ? RunFabricDemo(call, keep, signals) : Run(call, keep, signals);
  if (absl::IsCancelled(status)) Progress("interrupted, cleaned up");
  return status;
}

constexpr Command kCommands[] = {
    {"demo", "", "[fabric] [--keep]",
     "show an eswitch at work, or three hosts of a fabric, in namespaces of its own", Demo},
};

}  // namespace

absl::Span<const Command> DemoCommands() { return kCommands; }

}  // namespace xsw
