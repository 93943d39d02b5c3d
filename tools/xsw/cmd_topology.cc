// SPDX-License-Identifier: Apache-2.0
// xsw topology: who is connected to what, as text, as JSON, or for graphviz.
#include <cstdio>

#include "switchdev_model/ports/owner.h"
#include "switchdev_model/words.h"
#include "tools/xsw/command.h"
#include "tools/xsw/locale.h"
#include "tools/xsw/policy_words.h"
#include "tools/xsw/topology/dot.h"
#include "tools/xsw/topology/tree.h"
#include "userspace/status.h"

namespace xsw {
namespace {

Json PortJson(const ConnectedPort& port) {
  const PortInfo& info = port.info;
  Fields fields(/*is_json=*/true);
  fields.Word("netdev", info.netdev);
  fields.Word("class", ClassWord(info.port_class));
  AddVlans(port.vlans, &fields);
  if (!port.master.empty()) fields.Word("master", port.master);
  fields.Bool("offload", port.offloaded);
  Fields function(/*is_json=*/true);
  function.Word("hw_addr", FormatMac(info.hw_addr));
  function.Word("state", StateWord(info.active));
  function.Word("opstate", info.attached ? "attached" : "detached");
  if (!info.netns.empty()) function.Word("netns", info.netns);
  function.Word("ifname", info.ifname);
  if (info.queues) {
    function.Number("queues", info.queues->number);
    function.Word("owner", FormatOwner(info.queues->owner));
  }
  if (info.attachment) function.Word("container", info.attachment->container);
  fields.Block("function", std::move(function));
  return std::move(fields.json());
}

Json EswitchJson(const ConnectedEswitch& eswitch) {
  Json json = {{"netdev", eswitch.uplink.info.netdev},
               {"driver", eswitch.driver},
               {"mode", eswitch.mode},
               {"host", eswitch.host}};
  if (!eswitch.uplink.master.empty()) json["master"] = eswitch.uplink.master;
  json["offload"] = eswitch.uplink.offloaded;
  Json ports = NewObject(eswitch.ports.size());
  for (const ConnectedPort& port : eswitch.ports)
    ports.get_ref<Json::object_t&>().emplace_back(port.handle, PortJson(port));
  json["port"] = std::move(ports);
  return json;
}

Json MasterJson(const Master& master) {
  Json json = {{"kind", master.kind}, {"vlan_aware", master.vlan_aware}};
  Json& members = json["member"] = Json::object();
  for (const MasterMember& member : master.members) {
    Json& one = members[member.netdev] = {{"kind", member.kind}, {"addresses", member.addresses}};
    if (!member.handle.empty()) one["port"] = member.handle;
  }
  return json;
}

Json ToJson(const Connections& connections) {
  Json eswitches = Json::object(), masters = Json::object();
  for (const ConnectedEswitch& eswitch : connections.eswitches)
    eswitches[eswitch.uplink.info.netdev] = EswitchJson(eswitch);
  for (const Master& master : connections.masters) masters[master.netdev] = MasterJson(master);
  return {{"eswitch", std::move(eswitches)}, {"master", std::move(masters)}};
}

absl::Status Topology(Call& call) {
  bool dot = false, svg = false;
  std::string uplink;
  if (!call.args.empty() && !call.args.Next().starts_with("--")) {
    XSW_ASSIGN_OR_RETURN(uplink, call.args.Take("DEV"));
  }
  XSW_RETURN_IF_ERROR(call.args.TakePairs({}, {{"--dot", &dot}, {"--svg", &svg}}));
  if (dot + svg + call.output.json() > 1)
    return UsageError("--dot, --svg and -j are three answers, of which there is one");
  Connections connections;
  const std::vector<std::string> uplinks =
      uplink.empty() ? EswitchDir::List(call.bpffs) : std::vector<std::string>{uplink};
  const absl::Status status = GetConnections(call.bpffs, uplinks, &connections);
  // One that cannot be read hides none of the others.
  if (!status.ok() && connections.eswitches.empty()) return status;
  if (call.output.json())
    call.output.doc()["topology"] = ToJson(connections);
  else if (svg)
    XSW_RETURN_IF_ERROR(PrintSvg(DrawDot(connections)));
  else
    std::printf("%s", (dot ? DrawDot(connections) : DrawTree(connections, IsUtf8Locale())).c_str());
  return status;
}

constexpr Command kCommands[] = {
    {"topology", "", "[DEV] [--dot] [--svg]",
     "who is connected to what, as text; --dot: for graphviz, --svg: drawn by it", Topology},
};

}  // namespace

absl::Span<const Command> TopologyCommands() { return kCommands; }

}  // namespace xsw
