// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/show_port.h"

#include "absl/strings/str_cat.h"
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

Json CastsJson(const xsw_count (&counts)[XSW_CAST_COUNT]) {
  Json json;
  for (uint8_t cast = 0; cast < XSW_CAST_COUNT; cast++)
    json[CastWord(cast)] = CountJson(counts[cast]);
  return json;
}

// The uplink's traffic is in its netdev's own counters; only the drops charged to it are ours.
Json StatsJson(const PortStats& stats, uint32_t port) {
  const xsw_stats& counted = stats.counted;
  Json json = Json::object();
  if (port != XSW_UPLINK) {
    json["rx"] = CastsJson(counted.rx);
    json["tx"] = CastsJson(counted.tx);
    json["slow_path"] = {{"rx", CountJson(counted.slow_rx)}, {"tx", CountJson(counted.slow_tx)}};
    json["misses"] = counted.misses;
  }
  AddLosses(&json, {reinterpret_cast<const uint64_t*>(counted.drops), stats.lost_at_function,
                    stats.lost_at_socket});
  return json;
}

void AddNetdevState(std::optional<bool> up, Json* json) {
  if (up) (*json)["netdev_state"] = *up ? "up" : "down";
}

Json PortJson(const PortInfo& info) {
  Json json = {{"type", "eth"}};
  if (!info.netdev.empty()) json["netdev"] = info.netdev;
  if (info.index == XSW_UPLINK) {
    json["flavour"] = "physical";
    json["port"] = 0;
    json["splittable"] = false;
    AddNetdevState(info.netdev_up, &json);
    return json;
  }
  json["flavour"] = "pcisf";
  json["controller"] = 0;
  json["pfnum"] = 0;
  json["sfnum"] = info.sfnum;
  json["external"] = false;
  json["splittable"] = false;
  json["class"] = ClassWord(info.port_class);
  if (info.queues) {
    json["queues"] = info.queues->number;
    json["program"] = ProgramWord(info.queues->program);
  }
  json["mtu"] = info.mtu;
  AddNetdevState(info.netdev_up, &json);
  Json& function = json["function"];
  function["hw_addr"] = FormatMac(info.hw_addr);
  function["state"] = StateWord(info.active);
  function["opstate"] = info.attached ? "attached" : "detached";
  if (!info.netns.empty()) function["netns"] = info.netns;
  function["ifname"] = info.ifname;
  AddNetdevState(info.function_up, &function);
  if (info.queues) {
    function["owner"] = FormatOwner(info.queues->owner);
    function["memory_max_bytes"] = info.queues->memory_max;
  }
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
    if (!value.is_object() && key != "note")
      absl::StrAppend(&text, text.empty() ? "" : " ", key, " ", Word(value));
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
  absl::StrAppend(&text, "\n    drops: ", DropsText(stats["drops"]));
  for (const char* count : {"misses", "lost_at_function", "lost_at_socket"}) {
    if (stats.contains(count)) absl::StrAppend(&text, "\n    ", count, " ", stats[count].dump());
  }
  return text;
}

}  // namespace

Json PortToJson(Eswitch& eswitch, const PortInfo& info) {
  Json json = PortJson(info);
  if (info.index != XSW_UPLINK && !info.netdev.empty() &&
      !RepresentorHasPrograms(eswitch, info.index).value_or(false))
    json["note"] =
        "xsw's programs have been taken off its representor: xsw port function set ... "
        "puts them back";
  if (info.index != XSW_UPLINK) json["policy"] = PolicyJson(GetPolicy(eswitch, info.index));
  return json;
}

std::string PortToText(const std::string& handle, const Json& port) {
  std::string text = absl::StrCat(handle, ": ", Pairs(port));
  if (port.contains("note")) absl::StrAppend(&text, "\n  note: ", port["note"].get<std::string>());
  if (port.contains("function"))
    absl::StrAppend(&text, "\n  function:\n    ", PolicyText(port["function"]));
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
      XSW_ASSIGN_OR_RETURN(const PortStats stats, GetStats(eswitch, info));
      json["statistics"] = StatsJson(stats, index);
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
