// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/topology/connections.h"

#include <map>
#include <set>

#include "switchdev_model/bridge/offload_info.h"
#include "switchdev_model/eswitch/eswitch_info.h"
#include "switchdev_model/ports/port.h"
#include "switchdev_model/words.h"
#include "userspace/bridge.h"
#include "userspace/ethtool.h"
#include "userspace/link.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// Netdevs of the namespace.
struct Links {
  std::map<std::string, Link> by_name;
  std::map<int, std::string> names;

  std::string MasterOf(const std::string& netdev) const {
    const auto link = by_name.find(netdev);
    if (link == by_name.end()) return "";
    const auto master = names.find(link->second.master);
    return master == names.end() ? "" : master->second;
  }
};

absl::StatusOr<Links> ReadLinks(Netlink& nl) {
  XSW_ASSIGN_OR_RETURN(std::vector<Link> all, DumpLinks(nl));
  Links links;
  for (Link& link : all) {
    links.names[link.ifindex] = link.name;
    links.by_name[link.name] = std::move(link);
  }
  return links;
}

absl::StatusOr<ConnectedEswitch> ReadEswitch(const std::string& bpffs, const std::string& uplink,
                                             const Links& links) {
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, Eswitch::OpenToRead(bpffs, uplink));
  const EswitchInfo info = GetEswitchInfo(eswitch);
  ConnectedEswitch connected{.driver = DriverOf(eswitch.uplink().name).value_or(""),
                             .mode = ModeWord(info.settings.mode),
                             .host = info.settings.host};
  XSW_ASSIGN_OR_RETURN(const std::vector<uint32_t> indices,
                       SelectedPorts(eswitch, {.uplink = uplink, .index = {}}));
  XSW_ASSIGN_OR_RETURN(const std::vector<PortInfo> ports, GetPorts(eswitch, indices));
  // An older version's state has no permits that this one understands.
  std::set<uint32_t> offloaded;
  const absl::StatusOr<OffloadInfo> offload = GetOffload(eswitch);
  if (offload.ok() && offload->is_switchdev && offload->valid) {
    for (const PortOffload& port : offload->ports)
      if (!port.bridge.empty()) offloaded.insert(port.port);
  }
  for (const PortInfo& port : ports) {
    ConnectedPort one{.handle = FormatHandle(eswitch.uplink().name, port.index),
                      .info = port,
                      .vlans = {},
                      .master = links.MasterOf(port.netdev),
                      .offloaded = offloaded.contains(port.index)};
    if (port.index != XSW_UPLINK) one.vlans = GetVlans(eswitch, port.index);
    if (port.index == XSW_UPLINK)
      connected.uplink = std::move(one);
    else
      connected.ports.push_back(std::move(one));
  }
  return connected;
}

std::map<std::string, std::string> HandlesByNetdev(const std::vector<ConnectedEswitch>& eswitches) {
  std::map<std::string, std::string> handles;
  for (const ConnectedEswitch& eswitch : eswitches) {
    handles[eswitch.uplink.info.netdev] = eswitch.uplink.handle;
    for (const ConnectedPort& port : eswitch.ports) handles[port.info.netdev] = port.handle;
  }
  return handles;
}

std::set<std::string> MastersOf(const std::vector<ConnectedEswitch>& eswitches) {
  std::set<std::string> masters;
  for (const ConnectedEswitch& eswitch : eswitches) {
    masters.insert(eswitch.uplink.master);
    for (const ConnectedPort& port : eswitch.ports) masters.insert(port.master);
  }
  masters.erase("");
  return masters;
}

// How many the bridges know behind each netdev. Aborted: they changed meanwhile.
absl::StatusOr<std::map<int, size_t>> CountAddresses(Netlink& nl) {
  constexpr int kTries = 5;
  absl::StatusOr<std::vector<BridgeAddress>> addresses = ReadBridgeAddresses(nl);
  for (int i = 1; i < kTries && absl::IsAborted(addresses.status()); i++)
    addresses = ReadBridgeAddresses(nl);
  XSW_RETURN_IF_ERROR(addresses.status());
  std::map<int, size_t> counts;
  for (const BridgeAddress& address : *addresses) counts[address.port]++;
  return counts;
}

absl::Status ReadMasters(Netlink& nl, const Links& links, Connections* connections) {
  const std::set<std::string> names = MastersOf(connections->eswitches);
  if (names.empty()) return absl::OkStatus();
  const std::map<std::string, std::string> handles = HandlesByNetdev(connections->eswitches);
  XSW_ASSIGN_OR_RETURN(const auto addresses, CountAddresses(nl));
  const absl::StatusOr<Bridges> bridges = ReadBridges(nl);
  XSW_RETURN_IF_ERROR(bridges.status());
  for (const std::string& name : names) {
    const Link& link = links.by_name.at(name);
    const auto dev = bridges->devs.find(link.ifindex);
    Master master{.netdev = name,
                  .kind = link.kind,
                  .vlan_aware = dev != bridges->devs.end() && dev->second.vlan_filtering,
                  .members = {}};
    for (const auto& [netdev, member] : links.by_name) {
      if (member.master != link.ifindex) continue;
      const auto handle = handles.find(netdev);
      const auto count = addresses.find(member.ifindex);
      master.members.push_back({.netdev = netdev,
                                .handle = handle == handles.end() ? "" : handle->second,
                                .kind = member.kind,
                                .addresses = count == addresses.end() ? 0 : count->second});
    }
    connections->masters.push_back(std::move(master));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status GetConnections(const std::string& bpffs, const std::vector<std::string>& uplinks,
                            Connections* connections) {
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
  XSW_ASSIGN_OR_RETURN(const Links links, ReadLinks(nl));
  absl::Status first;
  for (const std::string& uplink : uplinks) {
    absl::StatusOr<ConnectedEswitch> eswitch = ReadEswitch(bpffs, uplink, links);
    first.Update(eswitch.status());
    if (eswitch.ok()) connections->eswitches.push_back(*std::move(eswitch));
  }
  first.Update(ReadMasters(nl, links, connections));
  return first;
}

}  // namespace xsw
