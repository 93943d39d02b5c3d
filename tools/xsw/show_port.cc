// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/show_port.h"

#include "switchdev_model/ports/owner.h"
#include "switchdev_model/ports/port.h"
#include "switchdev_model/ports/representor.h"
#include "switchdev_model/show/stats.h"
#include "switchdev_model/words.h"
#include "tools/xsw/handle.h"
#include "tools/xsw/policy_words.h"
#include "tools/xsw/show_stats.h"
#include "userspace/status.h"

namespace xsw {
namespace {

Fields CastFields(const std::vector<CastCount>& casts, bool json) {
  Fields fields(json);
  for (const CastCount& it : casts) fields.Frames(it.cast, it.count.frames, it.count.bytes);
  return fields;
}

// The uplink's traffic is in its netdev's own counters; only the drops charged to it are ours.
Fields StatsFields(const PortStats& stats, uint32_t port, bool json) {
  Fields fields(json);
  if (port != XSW_UPLINK) {
    fields.Row("rx", CastFields(stats.rx_casts, json));
    fields.Row("tx", CastFields(stats.tx_casts, json));
    Fields slow_path(json);
    slow_path.Frames("rx", stats.slow_rx.frames, stats.slow_rx.bytes);
    slow_path.Frames("tx", stats.slow_tx.frames, stats.slow_tx.bytes);
    fields.Row("slow_path", std::move(slow_path));
    fields.Line("misses", stats.misses);
  }
  AddLosses(stats, &fields);
  return fields;
}

void AddNetdevState(std::optional<bool> up, Fields* fields) {
  if (up) fields->Word("netdev_state", *up ? "up" : "down");
}

Fields FunctionFields(const PortInfo& info, bool json) {
  Fields fields(json);
  fields.Word("hw_addr", FormatMac(info.hw_addr));
  fields.Word("state", StateWord(info.active));
  fields.Word("opstate", info.attached ? "attached" : "detached");
  if (!info.netns.empty()) fields.Word("netns", info.netns);
  fields.Word("ifname", info.ifname);
  AddNetdevState(info.function_up, &fields);
  if (info.queues) {
    fields.Word("owner", FormatOwner(info.queues->owner));
    fields.Bytes("memory_max", info.queues->memory_max);
  }
  return fields;
}

Fields AttachmentFields(const PortInfo& info, bool json) {
  Fields fields(json);
  fields.Word("network", info.attachment->network);
  fields.Word("container", info.attachment->container);
  fields.Word("ifname", info.attachment->ifname);
  return fields;
}

void AddUplink(const PortInfo& info, Fields* fields) {
  fields->Word("flavour", "physical");
  fields->Number("port", 0);
  fields->Bool("splittable", false);
  AddNetdevState(info.netdev_up, fields);
}

void AddSubfunction(const PortInfo& info, Fields* fields) {
  fields->Word("flavour", "pcisf");
  fields->Number("controller", 0);
  fields->Number("pfnum", 0);
  fields->Number("sfnum", info.sfnum);
  fields->Bool("external", false);
  fields->Bool("splittable", false);
  fields->Word("class", ClassWord(info.port_class));
  if (info.queues) {
    fields->Number("queues", info.queues->number);
    fields->Word("program", ProgramWord(info.queues->program));
  }
  fields->Number("mtu", info.mtu);
  AddNetdevState(info.netdev_up, fields);
  fields->Block("function", FunctionFields(info, fields->is_json()));
  if (info.attachment) fields->Block("attachment", AttachmentFields(info, fields->is_json()));
}

// Not operator[], which looks for the key first, in what may be thousands. An object that grows
// copies all that it holds, so it has room for `more` from the start.
void AddTo(Json& object, const std::string& key, Json value, size_t more) {
  if (object.is_null()) object = Json::object();
  auto& members = object.get_ref<Json::object_t&>();
  if (members.size() == members.capacity()) members.reserve(members.size() + more);
  members.emplace_back(key, std::move(value));
}

}  // namespace

Fields PortFields(Eswitch& eswitch, const PortInfo& info, bool json) {
  Fields fields(json);
  fields.Word("type", "eth");
  if (!info.netdev.empty()) fields.Word("netdev", info.netdev);
  if (info.index == XSW_UPLINK) {
    AddUplink(info, &fields);
    return fields;
  }
  AddSubfunction(info, &fields);
  if (!info.netdev.empty() && !RepresentorHasPrograms(eswitch, info.index).value_or(false))
    fields.Note(
        "xsw's programs have been taken off its representor: xsw port function set ... "
        "puts them back");
  fields.Block("policy", PolicyFields(GetPolicy(eswitch, info.index), json));
  return fields;
}

absl::Status ShowPorts(Call& call, Eswitch& eswitch, const std::vector<uint32_t>& indices) {
  const bool json = call.output.json();
  XSW_ASSIGN_OR_RETURN(std::vector<PortInfo> ports, GetPorts(eswitch, indices));
  std::vector<PortStats> stats;
  if (call.options.statistics) {
    XSW_ASSIGN_OR_RETURN(stats, GetStats(eswitch, ports));
  }
  for (size_t i = 0; i < ports.size(); i++) {
    const PortInfo& info = ports[i];
    Fields fields = PortFields(eswitch, info, json);
    if (!stats.empty()) fields.Block("statistics", StatsFields(stats[i], info.index, json));
    const std::string handle = FormatHandle(eswitch.uplink().name, info.index);
    if (json)
      AddTo(call.output.doc()["port"], handle, std::move(fields.json()), ports.size());
    else
      call.output.Line(fields.Text(handle));
  }
  return absl::OkStatus();
}

}  // namespace xsw
