// SPDX-License-Identifier: Apache-2.0
#include "tests/soak/agreement.h"

#include <cstring>
#include <map>
#include <set>

#include "tests/veth/pins.h"
#include "tests/veth/snapshot.h"

namespace xsw::test {
namespace {

using Names = std::set<std::string>;

std::string Difference(const char* what, const Names& left, const Names& right) {
  const std::string changes = Changes(left, right);
  return changes.empty() ? "" : std::string(what) + ":\n" + changes;
}

Json PortsOf(const Topology& topology) {
  Json ports = Json::parse(topology.XswOk("-j port show up0"))["port"];
  ports.erase("up0/0");
  return ports;
}

// The table's addresses against the uplink's unicast list.
std::string Addresses(const Topology& topology) {
  Names table;
  for (const Json& entry : topology.ShowFdb()) {
    if (entry["port"] != "up0/0") table.insert(entry["mac"]);
  }
  return Difference("addresses in the table, and what the uplink accepts", table,
                    UnicastList(kUplink));
}

// Ports against representors, in the list of netdevs and in the map of them.
std::string Netdevs(const Json& ports) {
  Names shown, there, mapped;
  std::map<uint32_t, std::string> names;
  for (const auto& [handle, port] : ports.items()) shown.insert(port.value("netdev", handle));
  for (const Json& link : Json::parse(MustRun("ip -j link show"))) {
    const std::string name = link["ifname"];
    names[link["ifindex"]] = name;
    if (name.starts_with("up0sf")) there.insert(name);
  }
  const Fd reps = OpenPin("xsw_rep");
  for (uint32_t slot = 0; slot < XSW_REP_SLOTS; slot++) {
    xsw_rep_slot rep = {};
    if (bpf_map_lookup_elem(reps.get(), &slot, &rep) == 0 && rep.ifindex)
      mapped.insert(names.contains(rep.ifindex) ? names[rep.ifindex] : "gone");
  }
  return Difference("ports, and netdevs", shown, there) +
         Difference("ports, and xsw_rep", shown, mapped);
}

// The function ends that ports show as attached or not, against the namespaces that they name.
std::string Functions(const Json& ports) {
  std::string text;
  for (const auto& [handle, port] : ports.items()) {
    const Json& function = port["function"];
    if (function["state"] != "active" || !function.contains("netns")) continue;
    if (LinkOf(function["netns"], function["ifname"]).is_null())
      text += handle + " is active and not in " + function["netns"].get<std::string>() + "\n";
  }
  return text;
}

std::string FloodList() {
  Names members, open;
  const Fd map = OpenPin("xsw_port");
  xsw_port port = {};
  for (uint32_t at = 0; bpf_map_lookup_elem(map.get(), &at, &port) == 0 && port.next_member > at;
       at = port.next_member)
    members.insert(std::to_string(port.next_member));
  for (uint32_t at = 1; bpf_map_lookup_elem(map.get(), &at, &port) == 0; at++) {
    if (port.flags & XSW_PORT_ACTIVE) open.insert(std::to_string(at));
  }
  return Difference("ports that are open, and members of the flood list", open, members);
}

// Members of ports that are there, as many as each group counts.
std::string Groups(const Json& ports) {
  std::map<std::string, int> counted, found;
  std::string text;
  const Fd mdb = OpenPin("xsw_mdb");
  xsw_mdb_key key = {};
  const void* previous = nullptr;
  while (bpf_map_get_next_key(mdb.get(), previous, &key) == 0) {
    previous = &key;
    uint32_t value = 0;
    if (bpf_map_lookup_elem(mdb.get(), &key, &value) != 0) continue;
    Mac mac;
    std::memcpy(mac.data(), key.mac, sizeof(key.mac));
    const std::string group = Text(mac) + " vlan " + std::to_string(key.vlan);
    if (key.port == XSW_UPLINK) {
      counted[group] = static_cast<int>(value);
    } else {
      found[group]++;
      if (!ports.contains(Handle(static_cast<int>(key.port))))
        text += group + " has member " + std::to_string(key.port) + ", which is no port\n";
    }
  }
  return counted == found ? text : text + "groups do not count their members\n";
}

}  // namespace

std::string Disagreements(const Topology& topology) {
  const Json ports = PortsOf(topology);
  return Addresses(topology) + Netdevs(ports) + Functions(ports) + FloodList() + Groups(ports);
}

}  // namespace xsw::test
