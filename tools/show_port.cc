// SPDX-License-Identifier: Apache-2.0
#include "tools/show_port.h"

#include "absl/strings/str_cat.h"
#include "switchdev_model/port.h"
#include "switchdev_model/stats.h"
#include "switchdev_model/words.h"
#include "tools/handle.h"
#include "tools/owner.h"
#include "tools/policy_words.h"
#include "userspace/status.h"

namespace xsw {
namespace {

Json CountJson(const xsw_count& count) {
  return {{"frames", count.frames}, {"bytes", count.bytes}};
}

Json CastsJson(const xsw_count (&counts)[XSW_CAST_COUNT]) {
  Json json;
  for (uint8_t cast = 0; cast < XSW_CAST_COUNT; cast++)
    json[CastWord(cast)] = CountJson(counts[cast]);
  return json;
}

// The uplink's traffic is in its netdev's own counters; only the drops charged to it are ours.
Json StatsJson(const xsw_stats& stats, const PortInfo& info, std::optional<uint64_t> lost) {
  Json json = Json::object();
  if (info.index != XSW_UPLINK) {
    json["rx"] = CastsJson(stats.rx);
    json["tx"] = CastsJson(stats.tx);
    json["slow_path"] = {{"rx", CountJson(stats.slow_rx)}, {"tx", CountJson(stats.slow_tx)}};
    json["misses"] = stats.misses;
  }
  json["drops"] = Json::object();
  for (uint8_t why = 1; why < XSW_DROP_COUNT; why++)
    json["drops"][DropWord(why)] = stats.drops[why];
  if (lost) json["lost_at_function"] = *lost;
  if (info.lost_at_socket) json["lost_at_socket"] = *info.lost_at_socket;
  return json;
}

Json PortJson(const PortInfo& info, const xsw_port_conf& conf) {
  Json json = {{"type", "eth"}};
  if (!info.netdev.empty()) json["netdev"] = info.netdev;
  if (info.index == XSW_UPLINK) {
    json["flavour"] = "physical";
    json["port"] = 0;
    json["splittable"] = false;
    return json;
  }
  json["flavour"] = "pcisf";
  json["controller"] = 0;
  json["pfnum"] = 0;
  json["sfnum"] = info.sfnum;
  json["external"] = false;
  json["splittable"] = false;
  json["class"] = ClassWord(conf.port_class);
  if (conf.port_class == XSW_CLASS_QUEUES) {
    json["queues"] = conf.queues;
    json["program"] = ProgramWord(conf.program);
  }
  json["mtu"] = info.mtu;
  Json& function = json["function"];
  function["hw_addr"] = FormatMac(info.hw_addr);
  function["state"] = info.active ? "active" : "inactive";
  function["opstate"] = info.attached ? "attached" : "detached";
  if (!info.netns.empty()) function["netns"] = info.netns;
  function["ifname"] = info.ifname;
  if (conf.port_class == XSW_CLASS_QUEUES)
    function["owner"] = FormatOwner({conf.owner_uid, conf.owner_gid});
  return json;
}

// An object that grows copies all that it holds, so it has room for `more` from the start.
void AddTo(Json& object, const std::string& key, Json value, size_t more) {
  if (object.is_null()) object = Json::object();
  auto& members = object.get_ref<Json::object_t&>();
  if (members.size() == members.capacity()) members.reserve(members.size() + more);
  members.emplace_back(key, std::move(value));
}

std::string Word(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

// "key value key value" of an object's plain members.
std::string Pairs(const Json& object) {
  std::string text;
  for (const auto& [key, value] : object.items()) {
    if (!value.is_object()) absl::StrAppend(&text, text.empty() ? "" : " ", key, " ", Word(value));
  }
  return text;
}

std::string StatsText(const Json& stats) {
  std::string text = "\n  statistics:";
  for (const char* direction : {"rx", "tx", "slow_path"}) {
    if (!stats.contains(direction)) continue;
    absl::StrAppend(&text, "\n    ", direction, ":");
    for (const auto& [name, count] : stats[direction].items())
      absl::StrAppend(&text, " ", name, " ", count["frames"].dump(), " frames ",
                      count["bytes"].dump(), " bytes");
  }
  std::string drops;
  for (const auto& [reason, count] : stats["drops"].items()) {
    if (count != 0) absl::StrAppend(&drops, " ", reason, " ", count.dump());
  }
  absl::StrAppend(&text, "\n    drops:", drops.empty() ? " none" : drops);
  for (const char* count : {"misses", "lost_at_function", "lost_at_socket"}) {
    if (stats.contains(count)) absl::StrAppend(&text, "\n    ", count, " ", stats[count].dump());
  }
  return text;
}

}  // namespace

Json PortToJson(Eswitch& eswitch, const PortInfo& info) {
  Json json = PortJson(info, eswitch.datapath().confs()[info.index]);
  if (info.index != XSW_UPLINK) json["policy"] = PolicyJson(GetPolicy(eswitch, info.index));
  return json;
}

std::string PortToText(const std::string& handle, const Json& port) {
  std::string text = absl::StrCat(handle, ": ", Pairs(port));
  if (port.contains("function"))
    absl::StrAppend(&text, "\n  function:\n    ", Pairs(port["function"]));
  if (port.contains("policy"))
    absl::StrAppend(&text, "\n  policy:\n    ", PolicyText(port["policy"]));
  if (port.contains("statistics")) text += StatsText(port["statistics"]);
  return text;
}

absl::Status ShowPorts(Call& call, Eswitch& eswitch, const std::vector<uint32_t>& indices) {
  XSW_ASSIGN_OR_RETURN(std::vector<PortInfo> ports, GetPorts(eswitch, indices));
  for (const PortInfo& info : ports) {
    const uint32_t index = info.index;
    Json json = PortToJson(eswitch, info);
    if (call.options.statistics) {
      XSW_ASSIGN_OR_RETURN(xsw_stats stats, eswitch.datapath().Stats(index));
      json["statistics"] =
          StatsJson(stats, info, LostAtFunction(stats, eswitch.datapath().confs()[index], info));
    }
    const std::string handle = FormatHandle(eswitch.uplink().name, index);
    // With thousands of ports most of the time goes into making the words: only those asked for.
    if (call.output.json())
      AddTo(call.output.doc()["port"], handle, std::move(json), ports.size());
    else
      call.output.Line(PortToText(handle, json));
  }
  return absl::OkStatus();
}

}  // namespace xsw
