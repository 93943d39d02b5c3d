// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/ports/port_info.h"

#include "absl/container/flat_hash_map.h"
#include "switchdev_model/ports/place.h"
#include "switchdev_model/ports/port_class.h"
#include "switchdev_model/ports/representor.h"
#include "userspace/netdev.h"
#include "userspace/status.h"

namespace xsw {
namespace {

using LinksByIndex = absl::flat_hash_map<uint32_t, Link>;

// Those that are there. One netdev is asked for by itself: a list of all takes the longer the more
// there are.
absl::StatusOr<LinksByIndex> RepresentorLinks(Eswitch& eswitch,
                                              const std::vector<uint32_t>& ports) {
  LinksByIndex links;
  if (ports.size() == 1) {
    const uint32_t ifindex = eswitch.datapath().confs()[ports.front()].ifindex;
    absl::StatusOr<Link> link = GetLink(eswitch.nl(), static_cast<int>(ifindex));
    if (ifindex && link.ok()) links[ifindex] = *std::move(link);
    return links;
  }
  XSW_ASSIGN_OR_RETURN(std::vector<Link> all, DumpLinks(eswitch.nl()));
  for (Link& link : all) links[static_cast<uint32_t>(link.ifindex)] = std::move(link);
  return links;
}

// representor: null while it is gone.
PortInfo GetPort(Eswitch& eswitch, uint32_t port, const Link* representor,
                 std::optional<int> parked_id) {
  const xsw_port_conf& conf = eswitch.datapath().confs()[port];
  const xsw_port& value = eswitch.datapath().ports()[port];
  if (port == XSW_UPLINK) {
    PortInfo info{.netdev = eswitch.uplink().name, .mtu = eswitch.uplink().mtu};
    if (eswitch.uplink().ifindex) info.netdev_up = eswitch.uplink().up();
    return info;
  }
  PortInfo info{.index = port,
                .sfnum = conf.sfnum,
                .port_class = static_cast<xsw_class>(conf.port_class),
                .hw_addr = MacFrom(value.hw_addr),
                .active = conf.active != 0,
                .netns = conf.netns,
                .ifname = conf.function,
                .mtu = conf.mtu ? conf.mtu : eswitch.uplink().mtu};
  const PortClass& port_class = ClassOf(info.port_class);
  port_class.Describe(conf, nullptr, &info);
  if (!representor) return info;
  info.netdev = representor->name;
  info.netdev_up = representor->up();
  info.mtu = representor->mtu;
  absl::StatusOr<Link> function = GetFunction(eswitch.nl(), *representor);
  if (!function.ok()) return info;
  info.function_up = function->up();
  const bool parked = IsParked(*representor, parked_id);
  info.attached = function->up() && !parked;
  if (!parked) info.ifname = function->name;
  info.function_rx = function->rx_packets;
  port_class.Describe(conf, &*function, &info);
  return info;
}

}  // namespace

absl::StatusOr<std::vector<PortInfo>> GetPorts(Eswitch& eswitch,
                                               const std::vector<uint32_t>& ports) {
  XSW_ASSIGN_OR_RETURN(LinksByIndex links, RepresentorLinks(eswitch, ports));
  const std::optional<int> parked_id = ParkedId(eswitch);
  XSW_ASSIGN_OR_RETURN(const auto attachments, Attachments(eswitch));
  std::vector<PortInfo> infos;
  for (uint32_t port : ports) {
    auto link = links.find(eswitch.datapath().confs()[port].ifindex);
    const bool there =
        link != links.end() && IsRepresentorOf(eswitch, port, link->second.ifindex).value_or(false);
    infos.push_back(GetPort(eswitch, port, there ? &link->second : nullptr, parked_id));
    if (const auto it = attachments.find(port); it != attachments.end())
      infos.back().attachment = it->second;
  }
  return infos;
}

}  // namespace xsw
