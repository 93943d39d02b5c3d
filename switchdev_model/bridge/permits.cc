// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/bridge/permits.h"

#include <linux/if_ether.h>

#include "switchdev_model/ports/port.h"
#include "switchdev_model/version/programs.h"
#include "userspace/state_table.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// A frame of each address rises so often in its ageing time.
constexpr uint64_t kRefreshes = 4;

// What legacy mode would apply on the way to the function, and what changes a frame's VLAN.
constexpr uint16_t kRules =
    XSW_PORT_TRUNK | XSW_PORT_ISOLATED | XSW_PORT_PROMISC | XSW_PORT_RX_MAX | XSW_PORT_LINK_OFF;

const std::set<std::string>& QdiscsOf(const BridgeFacts& facts, int ifindex) {
  static const std::set<std::string> kNone;
  const auto found = facts.qdiscs.find(ifindex);
  return found == facts.qdiscs.end() ? kNone : found->second;
}

bool HasClsact(const std::set<std::string>& qdiscs) {
  return qdiscs.contains("clsact") || qdiscs.contains("ingress");
}

// The fast path goes past the queueing of a representor, and through that of the uplink.
bool Queues(const BridgeFacts& facts, const Member& member) {
  if (member.port == XSW_UPLINK) return false;
  for (const std::string& kind : QdiscsOf(facts, member.ifindex)) {
    if (kind != "noqueue" && kind != "clsact" && kind != "ingress") return true;
  }
  return false;
}

bool IsFiltered(const BridgeFilters& filters, const BridgeDev& dev) {
  return filters.frames || (filters.packets && (filters.called || dev.calls_iptables));
}

xsw_aside AsideOf(const BridgeFacts& facts, const Member& member) {
  const auto port = facts.bridges.ports.find(member.ifindex);
  if (port == facts.bridges.ports.end()) return XSW_ASIDE_NO_BRIDGE;
  const auto dev = facts.bridges.devs.find(port->second.bridge);
  if (dev == facts.bridges.devs.end() || !dev->second.up || dev->second.mst ||
      (dev->second.vlan_filtering && dev->second.vlan_protocol != ETH_P_8021Q))
    return XSW_ASIDE_BRIDGE;
  if (dev->second.promisc) return XSW_ASIDE_WATCHED;
  if (IsFiltered(facts.filters, dev->second)) return XSW_ASIDE_FILTER;
  if (!port->second.forwarding) return XSW_ASIDE_STATE;
  if (port->second.mtu < member.least_mtu) return XSW_ASIDE_MTU;
  if (port->second.tunnels) return XSW_ASIDE_TUNNEL;
  if (member.has_rules) return XSW_ASIDE_POLICY;
  if (facts.bridges.with_uppers.contains(member.ifindex)) return XSW_ASIDE_UPPER;
  if (member.has_filter || Queues(facts, member)) return XSW_ASIDE_TC;
  if (member.has_program) return XSW_ASIDE_PROGRAM;
  return XSW_ASIDE_NO;
}

// ARP and ND are answered for whoever is in the bridge.
bool Suppresses(const Bridges& bridges, int bridge) {
  for (const auto& [ifindex, port] : bridges.ports)
    if (port.bridge == bridge && port.suppresses) return true;
  return false;
}

uint16_t PvidOf(const BridgePort& port) {
  for (const auto& [vid, vlan] : port.vlans)
    if (vlan.pvid && vlan.forwarding) return vid;
  return 0;
}

xsw_bport PlaceOf(const BridgeFacts& facts, const Member& member) {
  const xsw_aside aside = AsideOf(facts, member);
  if (aside != XSW_ASIDE_NO) return {.aside = static_cast<__u8>(aside)};
  const BridgePort& port = facts.bridges.ports.at(member.ifindex);
  const BridgeDev& dev = facts.bridges.devs.at(port.bridge);
  xsw_bport place{.bridge = static_cast<uint32_t>(port.bridge),
                  .refresh = dev.ageing_ns / kRefreshes};
  if (dev.vlan_filtering) place.flags |= XSW_BPORT_VLANS;
  if (dev.vlan_filtering) place.pvid = PvidOf(port);
  if (Suppresses(facts.bridges, port.bridge)) place.flags |= XSW_BPORT_SUPPRESS;
  if (facts.filters.called || dev.calls_iptables) place.flags |= XSW_BPORT_NETFILTER;
  return place;
}

// 0: neither from there nor to there.
uint16_t FlagsOf(const BridgeAddress& address, const BridgePort& port, bool vlan_filtering) {
  uint16_t flags = XSW_PERMIT_FROM | XSW_PERMIT_TO;
  if (port.isolated) flags |= XSW_PERMIT_ISOLATED;
  if (address.ages) flags |= XSW_PERMIT_AGES;
  if (address.locked || vlan_filtering != (address.vlan != 0)) return 0;
  if (!vlan_filtering) return flags;
  const auto vlan = port.vlans.find(address.vlan);
  if (vlan == port.vlans.end() || !vlan->second.forwarding) return 0;
  return vlan->second.untagged ? flags : flags | XSW_PERMIT_TAGGED;
}

absl::StatusOr<OwnPrograms> ReadPrograms(Eswitch& eswitch) {
  OwnPrograms programs;
  XSW_ASSIGN_OR_RETURN(programs.uplink.ingress, ProgramIds(eswitch, kUplinkRx));
  XSW_ASSIGN_OR_RETURN(programs.uplink.egress, ProgramIds(eswitch, kUplinkTx));
  XSW_ASSIGN_OR_RETURN(programs.port.ingress, ProgramIds(eswitch, kPortRx));
  XSW_ASSIGN_OR_RETURN(programs.port.egress, ProgramIds(eswitch, kPortTx));
  return programs;
}

absl::StatusOr<Member> ReadMember(Eswitch& eswitch, BridgeFacts& facts, uint32_t port,
                                  int ifindex) {
  Member member{.port = port, .ifindex = ifindex, .least_mtu = eswitch.config().mtu};
  if (port != XSW_UPLINK) {
    const xsw_port& value = eswitch.datapath().ports()[port];
    if (value.flags & XSW_PORT_MTU) member.least_mtu = 0;
    member.has_rules = value.pvid != 0 || (value.flags & kRules);
  }
  if (!facts.bridges.ports.contains(ifindex)) return member;
  if (HasClsact(QdiscsOf(facts, ifindex))) {
    XSW_ASSIGN_OR_RETURN(member.has_filter, HasForeignFilter(eswitch.nl(), ifindex));
  }
  const TcPrograms& ours = port == XSW_UPLINK ? facts.programs.uplink : facts.programs.port;
  XSW_ASSIGN_OR_RETURN(member.has_program, HasForeignTcx(eswitch.tc(), ifindex, ours));
  if (!member.has_program) return member;
  // A capture may have begun since they were read.
  XSW_ASSIGN_OR_RETURN(facts.programs, ReadPrograms(eswitch));
  XSW_ASSIGN_OR_RETURN(member.has_program, HasForeignTcx(eswitch.tc(), ifindex, ours));
  return member;
}

}  // namespace

absl::StatusOr<BridgeFacts> ReadFacts(Eswitch& eswitch) {
  BridgeFacts facts;
  XSW_ASSIGN_OR_RETURN(facts.programs, ReadPrograms(eswitch));
  XSW_ASSIGN_OR_RETURN(facts.bridges, ReadBridges(eswitch.nl()));
  XSW_ASSIGN_OR_RETURN(facts.filters, ReadBridgeFilters());
  XSW_ASSIGN_OR_RETURN(facts.qdiscs, ReadQdiscs(eswitch.nl()));
  XSW_ASSIGN_OR_RETURN(const Member uplink,
                       ReadMember(eswitch, facts, XSW_UPLINK, eswitch.uplink().ifindex));
  facts.members.push_back(uplink);
  for (uint32_t port : PortIndices(eswitch)) {
    // By the devmap, from which the kernel takes what is gone: an ifindex alone is used again.
    XSW_ASSIGN_OR_RETURN(const int ifindex, eswitch.datapath().Target(port));
    XSW_ASSIGN_OR_RETURN(const Member member, ReadMember(eswitch, facts, port, ifindex));
    facts.members.push_back(member);
  }
  return facts;
}

Permits DerivePermits(const BridgeFacts& facts, const std::vector<BridgeAddress>& addresses) {
  Permits permits;
  std::map<int, uint32_t> port_of;
  for (const Member& member : facts.members) {
    const xsw_bport place = PlaceOf(facts, member);
    permits.ports[member.port] = place;
    if (place.bridge) port_of[member.ifindex] = member.port;
  }
  for (const BridgeAddress& address : addresses) {
    const auto port = port_of.find(address.port);
    if (port == port_of.end()) continue;
    const BridgePort& place = facts.bridges.ports.at(address.port);
    const bool vlans = permits.ports[port->second].flags & XSW_BPORT_VLANS;
    const uint16_t flags = FlagsOf(address, place, vlans);
    if (flags && address.bridge == place.bridge)
      permits.permits[{static_cast<uint32_t>(address.bridge), address.vlan, address.mac}] = {
          .port = port->second, .flags = flags};
  }
  return permits;
}

}  // namespace xsw
