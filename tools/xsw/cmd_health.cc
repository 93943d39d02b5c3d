// SPDX-License-Identifier: Apache-2.0
// xsw health: reporters in devlink's words, and recover.
#include "absl/strings/str_cat.h"
#include "switchdev_model/health/health.h"
#include "switchdev_model/health/recover.h"
#include "switchdev_model/words.h"
#include "tools/xsw/command.h"
#include "tools/xsw/handle.h"
#include "tools/xsw/show_health.h"
#include "userspace/status.h"

namespace xsw {
namespace {

absl::Status ShowOne(Call& call, const std::string& name, std::optional<xsw_reporter> only) {
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, Eswitch::OpenToRead(call.bpffs, name));
  XSW_ASSIGN_OR_RETURN(const Observations seen, Observe(eswitch));
  XSW_ASSIGN_OR_RETURN(const std::vector<Health> all, HealthOf(eswitch, seen));
  const std::string& uplink = eswitch.uplink().name;
  Json& list = call.output.doc()["health"][uplink] = Json::array();
  call.output.Line(absl::StrCat(uplink, ":"));
  for (const Health& health : all) {
    if (only && health.reporter != *only) continue;
    list.push_back(HealthJson(uplink, health));
    call.output.Line(absl::StrCat("  reporter ", ReporterWord(health.reporter)));
    call.output.Line(absl::StrCat("    ", HealthPairs(health)));
    for (const std::string& line : HealthLines(uplink, health))
      call.output.Line(absl::StrCat("    ", line));
  }
  return absl::OkStatus();
}

absl::Status Show(Call& call) {
  std::optional<std::string> uplink;
  std::optional<xsw_reporter> only;
  if (!call.args.empty() && call.args.Next() != "reporter") {
    XSW_ASSIGN_OR_RETURN(uplink, call.args.Take("DEV"));
  }
  XSW_RETURN_IF_ERROR(call.args.TakePairs({{"reporter", Store(ParseReporter, &only)}}));
  call.output.doc()["health"] = Json::object();
  if (uplink) return ShowOne(call, *uplink, only);
  // One that cannot be read hides none of the others.
  absl::Status first;
  for (const std::string& each : EswitchDir::List(call.bpffs)) {
    const absl::Status status = ShowOne(call, each, only);
    if (!status.ok() && !IsGone(call.bpffs, each)) first.Update(status);
  }
  return first;
}

absl::Status RecoverOne(Call& call) {
  XSW_ASSIGN_OR_RETURN(const std::string uplink, call.args.Take("DEV"));
  XSW_RETURN_IF_ERROR(call.args.Expect("reporter"));
  XSW_ASSIGN_OR_RETURN(const std::string word, call.args.Take("the reporter's name"));
  XSW_RETURN_IF_ERROR(call.args.Done());
  XSW_ASSIGN_OR_RETURN(const xsw_reporter reporter, ParseReporter(word));
  XSW_RETURN_IF_ERROR(CheckRecover(uplink, reporter));
  XSW_ASSIGN_OR_RETURN(const bool planned, IsPlanned(call, uplink));
  if (planned) return absl::OkStatus();
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, OpenToChange(call, uplink));
  return call.options.dry_run ? absl::OkStatus() : Recover(eswitch, reporter);
}

constexpr Command kCommands[] = {
    {"health", "show", "[DEV] [reporter programs|tables|lost_frames|mending]",
     "what is wrong with eswitches, and how much of it has been mended", Show},
    {"health", "recover", "DEV reporter programs|mending|lost_frames",
     "mend what a reporter finds; of lost frames: that they are no news", RecoverOne},
};

}  // namespace

absl::Span<const Command> HealthCommands() { return kCommands; }

}  // namespace xsw
