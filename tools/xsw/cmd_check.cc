// SPDX-License-Identifier: Apache-2.0
// xsw check: what disagrees with what, and --repair.
#include "absl/strings/str_cat.h"
#include "switchdev_model/repair/check.h"
#include "tools/xsw/command.h"
#include "tools/xsw/handle.h"
#include "userspace/status.h"

namespace xsw {
namespace {

std::string NameOf(const std::string& uplink, const Difference& difference) {
  return difference.port == XSW_UPLINK ? uplink : FormatHandle(uplink, difference.port);
}

// True: nothing is wrong, or no longer.
absl::StatusOr<bool> CheckOne(Call& call, const std::string& uplink, bool repair) {
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, repair ? OpenToChange(call, uplink)
                                               : Eswitch::OpenToRead(call.bpffs, uplink));
  // Repair() has done its part when the eswitch was opened to write.
  if (repair && !call.options.dry_run) XSW_RETURN_IF_ERROR(MendTables(eswitch));
  XSW_ASSIGN_OR_RETURN(const std::vector<Difference> found, Check(eswitch));
  for (const Difference& difference : found) {
    const std::string name = NameOf(uplink, difference);
    call.output.Line(absl::StrCat(name, ": ", difference.text));
    call.output.doc()["check"][name].push_back(difference.text);
  }
  return found.empty();
}

absl::Status Run(Call& call) {
  bool repair = false;
  std::vector<std::string> uplinks;
  while (!call.args.empty()) {
    XSW_ASSIGN_OR_RETURN(const std::string word, call.args.Take("DEV"));
    if (word == "--repair") {
      repair = true;
    } else {
      uplinks.push_back(word);
    }
  }
  if (uplinks.size() > 1) return UsageError("more than one DEV");
  const bool named = !uplinks.empty();
  if (!named) uplinks = EswitchDir::List(call.bpffs);
  call.output.doc()["check"] = Json::object();
  bool whole = true;
  for (const std::string& uplink : uplinks) {
    absl::StatusOr<bool> good = CheckOne(call, uplink, repair);
    if (!named && !good.ok() && IsGone(call.bpffs, uplink)) continue;
    if (!good.ok()) return good.status();
    whole &= *good;
  }
  return whole ? absl::OkStatus() : Differs();
}

constexpr Command kCommands[] = {
    {"check", "", "[DEV] [--repair]",
     "name each difference between tables, links, netdevs and uplink; --repair: mend what can be",
     Run},
};

}  // namespace

absl::Span<const Command> CheckCommands() { return kCommands; }

}  // namespace xsw
