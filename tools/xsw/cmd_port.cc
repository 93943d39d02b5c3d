// SPDX-License-Identifier: Apache-2.0
// xsw port: ports of an eswitch and their functions.
#include "absl/strings/str_cat.h"
#include "switchdev_model/ports/owner.h"
#include "switchdev_model/ports/port.h"
#include "switchdev_model/units.h"
#include "switchdev_model/words.h"
#include "tools/xsw/command.h"
#include "tools/xsw/handle.h"
#include "tools/xsw/policy_words.h"
#include "tools/xsw/show_port.h"
#include "userspace/status.h"

namespace xsw {
namespace {

absl::StatusOr<std::string> ParseWord(const std::string& text) {
  if (text.empty()) return UsageError("an empty name");
  return text;
}

absl::StatusOr<uint32_t> ParseQueues(const std::string& text) {
  return ParseNumber("queues", text);
}
absl::StatusOr<uint32_t> ParseMtu(const std::string& text) { return ParseNumber("mtu", text); }
absl::StatusOr<uint32_t> ParseSfnum(const std::string& text) { return ParseNumber("sfnum", text); }

std::map<std::string, Args::Handler> FunctionHandlers(FunctionChange* change) {
  return {
      {"hw_addr", Store(ParseMac, &change->hw_addr)},
      {"state", Store(ParseState, &change->active)},
      {"netns", Store(ParseWord, &change->netns)},
      {"ifname", Store(ParseWord, &change->ifname)},
      {"mtu", Store(ParseMtu, &change->mtu)},
      {"owner", Store(ParseOwner, &change->owner)},
      {"memory_max", Store(ParseSize, &change->memory_max)},
      {"class", Store(ParseClass, &change->port_class)},
      {"queues", Store(ParseQueues, &change->queues)},
      {"program", Store(ParseProgram, &change->program)},
  };
}

// The rest of the line, with these words beside those of a function and its policy.
absl::Status TakeFunction(Call& call, std::map<std::string, Args::Handler> handlers,
                          FunctionChange* change) {
  bool nonetns = false;
  handlers.merge(FunctionHandlers(change));
  handlers.merge(PolicyHandlers(&change->policy));
  XSW_RETURN_IF_ERROR(call.args.TakePairs(
      handlers, {{"novlan", &change->policy.vlan.novlan}, {"nonetns", &nonetns}}));
  if (nonetns && change->netns) return UsageError("netns with nonetns");
  if (nonetns) change->netns = "";
  return absl::OkStatus();
}

absl::Status PlanPort(Call& call, const std::string& uplink, const PortSpec& spec) {
  XSW_ASSIGN_OR_RETURN(const bool planned, IsPlanned(call, uplink));
  if (planned) return call.plan->AddPort(uplink, nullptr, spec);
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, Eswitch::OpenToRead(call.bpffs, uplink));
  return call.plan->AddPort(uplink, &eswitch, spec);
}

absl::Status Add(Call& call) {
  PortSpec spec;
  XSW_ASSIGN_OR_RETURN(std::string uplink, call.args.Take("DEV"));
  std::map<std::string, Args::Handler> handlers;
  handlers["flavour"] = Only("flavour", "pcisf");
  handlers["pfnum"] = Only("pfnum", "0");
  handlers["sfnum"] = Store(ParseSfnum, &spec.sfnum);
  XSW_RETURN_IF_ERROR(TakeFunction(call, std::move(handlers), &spec.function));
  if (call.plan) return PlanPort(call, uplink, spec);
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, OpenToChange(call, uplink, Mend::kGone));
  PortAddStep step(spec);
  XSW_RETURN_IF_ERROR(RunStep(call, eswitch, step));
  return call.options.dry_run ? absl::OkStatus() : ShowPorts(call, eswitch, {step.index()});
}

absl::Status CheckDel(Call& call, const PortHandle& handle) {
  XSW_ASSIGN_OR_RETURN(const bool planned, IsPlanned(call, handle.uplink, handle.index));
  if (!planned || handle.index == XSW_UPLINK) {
    XSW_ASSIGN_OR_RETURN(Eswitch eswitch, Eswitch::OpenToRead(call.bpffs, handle.uplink));
    XSW_RETURN_IF_ERROR(PortDelStep(PortRef::AtIndex(handle.index)).Check(eswitch));
  }
  if (call.plan) call.plan->DelPort(handle.uplink, handle.index);
  return absl::OkStatus();
}

absl::Status Del(Call& call) {
  XSW_ASSIGN_OR_RETURN(std::string text, call.args.Take("DEV/INDEX"));
  XSW_RETURN_IF_ERROR(call.args.Done());
  XSW_ASSIGN_OR_RETURN(const PortHandle handle, ParsePortHandle(call, text));
  if (call.options.dry_run) return CheckDel(call, handle);
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, OpenToChange(call, handle.uplink));
  return PortDelStep(PortRef::AtIndex(handle.index)).Run(eswitch);
}

absl::Status Show(Call& call) {
  call.output.doc()["port"] = Json::object();
  const std::string which = call.args.empty() ? "" : *call.args.Take("DEV/INDEX");
  XSW_RETURN_IF_ERROR(call.args.Done());
  XSW_ASSIGN_OR_RETURN(const std::vector<PortSelection> selected, SelectPorts(call, which));
  for (const PortSelection& selection : selected) {
    XSW_ASSIGN_OR_RETURN(const bool planned,
                         IsPlanned(call, selection.uplink, selection.index.value_or(XSW_UPLINK)));
    if (planned) continue;
    absl::StatusOr<Eswitch> eswitch = Eswitch::OpenToRead(call.bpffs, selection.uplink);
    if (!selection.named && !eswitch.ok() && IsGone(call.bpffs, selection.uplink)) continue;
    XSW_RETURN_IF_ERROR(eswitch.status());
    XSW_ASSIGN_OR_RETURN(const std::vector<uint32_t> indices, SelectedPorts(*eswitch, selection));
    XSW_RETURN_IF_ERROR(ShowPorts(call, *eswitch, indices));
  }
  return absl::OkStatus();
}

absl::Status FunctionSet(Call& call) {
  FunctionChange change;
  XSW_ASSIGN_OR_RETURN(std::string text, call.args.Take("DEV/INDEX"));
  if (call.args.empty()) return UsageError("nothing to set");
  XSW_RETURN_IF_ERROR(TakeFunction(call, {}, &change));
  XSW_ASSIGN_OR_RETURN(PortHandle handle, ParsePortHandle(call, text));
  XSW_ASSIGN_OR_RETURN(const bool planned, IsPlanned(call, handle.uplink, handle.index));
  if (planned && handle.index != XSW_UPLINK) return absl::OkStatus();
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, OpenToChange(call, handle.uplink));
  FunctionStep step(PortRef::AtIndex(handle.index), change);
  return RunStep(call, eswitch, step);
}

// What `port add` and `port function set` take alike.
#define XSW_FUNCTION_WORDS                                                                     \
  "[class netdev|queues] [queues K] [program xsk|none] [hw_addr MAC] [state active|inactive] " \
  "[netns NAME|PID] [nonetns] [ifname NAME] [mtu N] "                                          \
  "[owner USER[:GROUP]] [memory_max SIZE] [vlan V] [qos Q] [vlans LIST] [pvid V] [novlan] "    \
  "[spoofchk on|off] "                                                                         \
  "[trust on|off] [promisc on|off] [allmulti on|off] [isolated on|off] [link enable|disable] " \
  "[tx_max RATE] [rx_max RATE] [burst SIZE]"

constexpr Command kCommands[] = {
    {"port", "add", "DEV [flavour pcisf] [pfnum 0] [sfnum N] " XSW_FUNCTION_WORDS,
     "add a port to an eswitch, with its function and policy", Add},
    {"port", "del", "DEV/INDEX", "remove it", Del},
    {"port", "show", "[DEV|DEV/INDEX]", "list ports (-s: with statistics)", Show},
    {"port", "function set", "DEV/INDEX " XSW_FUNCTION_WORDS,
     "change a port's function and what it may send and get, all or nothing", FunctionSet},
};

}  // namespace

absl::Span<const Command> PortCommands() { return kCommands; }

}  // namespace xsw
