// SPDX-License-Identifier: Apache-2.0
// xsw eswitch: the switch on an uplink.
#include <optional>

#include "absl/strings/str_cat.h"
#include "switchdev_model/eswitch/eswitch.h"
#include "switchdev_model/version/head.h"
#include "switchdev_model/version/upgrade.h"
#include "switchdev_model/words.h"
#include "tools/xsw/command.h"
#include "tools/xsw/show_eswitch.h"
#include "userspace/own_abi.h"
#include "userspace/status.h"

namespace xsw {
namespace {

absl::Status TakeSettings(Call& call, EswitchSettings* settings) {
  return call.args.TakePairs({
      {"mode", Store(ParseMode, &settings->mode)},
      {"xdp", Store(ParseXdp, &settings->xdp)},
      {"rx_path", Store(ParseRxPath, &settings->rx_path)},
      {"host",
       Store([](const std::string& text) { return ParseOnOff("host", text); }, &settings->host)},
      {"miss", Store(ParseMiss, &settings->miss)},
  });
}

absl::Status Add(Call& call) {
  EswitchSettings settings;
  XSW_ASSIGN_OR_RETURN(std::string uplink, call.args.Take("DEV"));
  XSW_RETURN_IF_ERROR(TakeSettings(call, &settings));
  if (call.options.dry_run) {
    const absl::Status checked = Eswitch::CheckAdd(call.bpffs, uplink, settings);
    return call.plan ? call.plan->AddEswitch(uplink, checked) : checked;
  }
  return Eswitch::Add(call.bpffs, uplink, settings);
}

absl::Status Set(Call& call) {
  EswitchSettings settings;
  XSW_ASSIGN_OR_RETURN(std::string uplink, call.args.Take("DEV"));
  if (call.args.empty()) return UsageError("nothing to set");
  XSW_RETURN_IF_ERROR(TakeSettings(call, &settings));
  XSW_ASSIGN_OR_RETURN(const bool planned, IsPlanned(call, uplink));
  if (planned) return absl::OkStatus();
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, OpenToChange(call, uplink));
  SettingsStep step(settings);
  return RunStep(call, eswitch, step);
}

absl::Status Del(Call& call) {
  XSW_ASSIGN_OR_RETURN(std::string uplink, call.args.Take("DEV"));
  XSW_RETURN_IF_ERROR(call.args.Done());
  if (!call.options.dry_run) return Eswitch::Del(call.bpffs, uplink);
  XSW_ASSIGN_OR_RETURN(const bool planned, IsPlanned(call, uplink));
  if (!planned) XSW_RETURN_IF_ERROR(Eswitch::CheckDel(call.bpffs, uplink));
  if (call.plan) call.plan->DelEswitch(uplink);
  return absl::OkStatus();
}

void Print(Call& call, const std::string& uplink, Fields fields) {
  if (fields.is_json())
    call.output.doc()["eswitch"][uplink] = std::move(fields.json());
  else
    call.output.Line(fields.Text(uplink));
}

// What is the same in all versions.
Fields UnreadableFields(const std::string& uplink, uint32_t abi, bool json) {
  Fields fields(json);
  fields.Number("abi", abi);
  fields.Note(MadeBy(abi, uplink));
  return fields;
}

absl::Status ShowOne(Call& call, const std::string& uplink) {
  const bool json = call.output.json();
  if (const std::optional<uint32_t> abi = UnreadableVersion(call.bpffs, uplink)) {
    Print(call, uplink, UnreadableFields(uplink, *abi, json));
    return absl::OkStatus();
  }
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, Eswitch::OpenToRead(call.bpffs, uplink));
  Fields fields = EswitchFields(eswitch, json);
  if (call.options.statistics) {
    XSW_ASSIGN_OR_RETURN(Fields use, UseFields(eswitch, json));
    fields.Row("use", std::move(use));
  }
  Print(call, eswitch.uplink().name, std::move(fields));
  return absl::OkStatus();
}

std::string Said(Upgraded upgraded) {
  switch (upgraded) {
    case Upgraded::kNothing:
      return "nothing to do";
    case Upgraded::kPrograms:
      return "programs replaced";
    case Upgraded::kState:
      return absl::StrCat("upgraded to ABI version ", OwnAbi());
    case Upgraded::kFinished:
      return "what was left of an upgrade is done";
  }
  return "";
}

absl::Status UpgradeOne(Call& call, const std::string& uplink) {
  if (call.options.dry_run) return CheckUpgrade(call.bpffs, uplink);
  XSW_ASSIGN_OR_RETURN(const Upgraded upgraded, UpgradeEswitch(call.bpffs, uplink));
  call.output.Line(absl::StrCat(uplink, ": ", Said(upgraded)));
  call.output.doc()["eswitch"][uplink]["upgraded"] = upgraded != Upgraded::kNothing;
  return absl::OkStatus();
}

// All of them, also behind one that fails: one line says all errors.
absl::Status UpgradeAll(Call& call) {
  absl::Status failed;
  for (const std::string& uplink : EswitchDir::List(call.bpffs)) {
    const absl::Status status = UpgradeOne(call, uplink);
    const std::string before = failed.ok() ? "" : absl::StrCat(failed.message(), "; ");
    if (!status.ok()) failed = absl::Status(status.code(), absl::StrCat(before, status.message()));
  }
  return failed;
}

absl::Status Upgrade(Call& call) {
  XSW_ASSIGN_OR_RETURN(const std::string uplink, call.args.Take("DEV or --all"));
  XSW_RETURN_IF_ERROR(call.args.Done());
  if (uplink == "--all") return UpgradeAll(call);
  XSW_ASSIGN_OR_RETURN(const bool planned, IsPlanned(call, uplink));
  return planned ? absl::OkStatus() : UpgradeOne(call, uplink);
}

absl::Status Show(Call& call) { return ShowUplinks(call, ShowOne); }

constexpr char kSettings[] =
    "DEV [mode legacy|switchdev|switchdev_inactive] [xdp auto|on|shared|off] "
    "[rx_path auto|xdp|stack] [host on|off] [miss auto|uplink|representor|drop]";

constexpr Command kCommands[] = {
    {"eswitch", "add", kSettings, "make a netdev the uplink of an eswitch", Add},
    {"eswitch", "set", kSettings, "change an eswitch's settings, live", Set},
    {"eswitch", "del", "DEV", "remove an eswitch and all its ports", Del},
    {"eswitch", "upgrade", "DEV|--all", "take an eswitch over from another version, live", Upgrade},
    {"eswitch", "show", "[DEV]", "list eswitches (-s: with use against limits)", Show},
};

}  // namespace

absl::Span<const Command> EswitchCommands() { return kCommands; }

}  // namespace xsw
