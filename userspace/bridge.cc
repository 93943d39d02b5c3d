// SPDX-License-Identifier: Apache-2.0
#include "userspace/bridge.h"

#include <arpa/inet.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <string_view>

#include "userspace/status.h"

namespace xsw {
namespace {

// Later than the headers of Debian 12 (Linux 6.2 and 6.4).
constexpr int kNeighVlanSuppress = 43;     // IFLA_BRPORT_NEIGH_VLAN_SUPPRESS
constexpr uint32_t kNeighLocked = 1 << 1;  // NTF_EXT_LOCKED

using Attrs = std::vector<nlattr*>;

Attrs Parse(nlattr* nest, int max) {
  Attrs attrs(static_cast<size_t>(max) + 1);
  nla_parse(attrs.data(), max, static_cast<nlattr*>(nla_data(nest)), nla_len(nest), nullptr);
  return attrs;
}

uint8_t U8(const Attrs& attrs, int type) { return attrs[type] ? nla_get_u8(attrs[type]) : 0; }

// Of a time in clock ticks for users (USER_HZ).
uint64_t NsOf(nlattr* ticks) {
  return ticks ? uint64_t{nla_get_u32(ticks)} * 1'000'000'000 /
                     static_cast<uint64_t>(sysconf(_SC_CLK_TCK))
               : 0;
}

BridgeDev ParseBridge(const ifinfomsg& info, nlattr* promiscuity, nlattr* data) {
  const Attrs attrs = Parse(data, IFLA_BR_MAX);
  BridgeDev dev{.up = (info.ifi_flags & IFF_UP) != 0,
                .promisc = promiscuity && nla_get_u32(promiscuity) > 0,
                .vlan_filtering = U8(attrs, IFLA_BR_VLAN_FILTERING) != 0};
  if (attrs[IFLA_BR_VLAN_PROTOCOL])
    dev.vlan_protocol = ntohs(nla_get_u16(attrs[IFLA_BR_VLAN_PROTOCOL]));
  // After a change of the spanning tree a bridge forgets sooner (hold_time() in br_fdb.c).
  dev.ageing_ns =
      NsOf(attrs[U8(attrs, IFLA_BR_TOPOLOGY_CHANGE) ? IFLA_BR_FORWARD_DELAY : IFLA_BR_AGEING_TIME]);
  if (attrs[IFLA_BR_MULTI_BOOLOPT]) {
    br_boolopt_multi options = {};
    std::memcpy(&options, nla_data(attrs[IFLA_BR_MULTI_BOOLOPT]), sizeof(options));
    dev.mst = options.optval & (1u << BR_BOOLOPT_MST_ENABLE);
  }
  for (int type : {IFLA_BR_NF_CALL_IPTABLES, IFLA_BR_NF_CALL_IP6TABLES, IFLA_BR_NF_CALL_ARPTABLES})
    dev.calls_iptables |= U8(attrs, type) != 0;
  return dev;
}

BridgePort ParsePort(int bridge, uint32_t mtu, nlattr* data) {
  const Attrs attrs = Parse(data, kNeighVlanSuppress);
  return {.bridge = bridge,
          .mtu = mtu,
          .forwarding = U8(attrs, IFLA_BRPORT_STATE) == BR_STATE_FORWARDING,
          .isolated = U8(attrs, IFLA_BRPORT_ISOLATED) != 0,
          .suppresses = U8(attrs, IFLA_BRPORT_NEIGH_SUPPRESS) || U8(attrs, kNeighVlanSuppress) ||
                        U8(attrs, IFLA_BRPORT_PROXYARP) || U8(attrs, IFLA_BRPORT_PROXYARP_WIFI),
          .tunnels = U8(attrs, IFLA_BRPORT_VLAN_TUNNEL) != 0};
}

void ParseLink(nlmsghdr* header, Bridges* all) {
  const auto* info = static_cast<const ifinfomsg*>(nlmsg_data(header));
  nlattr* tb[IFLA_MAX + 1] = {};
  nlmsg_parse(header, sizeof(*info), tb, IFLA_MAX, nullptr);
  if (!tb[IFLA_LINKINFO]) return;
  const Attrs kind = Parse(tb[IFLA_LINKINFO], IFLA_INFO_MAX);
  const auto is = [&](int type, std::string_view name) {
    return kind[type] && nla_get_string(kind[type]) == name;
  };
  if (is(IFLA_INFO_KIND, "bridge") && kind[IFLA_INFO_DATA])
    all->devs[info->ifi_index] = ParseBridge(*info, tb[IFLA_PROMISCUITY], kind[IFLA_INFO_DATA]);
  // A veth's is its peer.
  if (tb[IFLA_LINK] && !tb[IFLA_LINK_NETNSID] && !is(IFLA_INFO_KIND, "veth"))
    all->with_uppers.insert(static_cast<int>(nla_get_u32(tb[IFLA_LINK])));
  const uint32_t mtu = tb[IFLA_MTU] ? nla_get_u32(tb[IFLA_MTU]) : 0;
  if (tb[IFLA_MASTER] && is(IFLA_INFO_SLAVE_KIND, "bridge") && kind[IFLA_INFO_SLAVE_DATA])
    all->ports[info->ifi_index] =
        ParsePort(static_cast<int>(nla_get_u32(tb[IFLA_MASTER])), mtu, kind[IFLA_INFO_SLAVE_DATA]);
}

void ParseVlanEntry(nlattr* entry, BridgePort* port) {
  const Attrs attrs = Parse(entry, BRIDGE_VLANDB_ENTRY_MAX);
  if (!attrs[BRIDGE_VLANDB_ENTRY_INFO]) return;
  bridge_vlan_info info;
  std::memcpy(&info, nla_data(attrs[BRIDGE_VLANDB_ENTRY_INFO]), sizeof(info));
  const uint16_t last =
      attrs[BRIDGE_VLANDB_ENTRY_RANGE] ? nla_get_u16(attrs[BRIDGE_VLANDB_ENTRY_RANGE]) : info.vid;
  for (uint32_t vid = info.vid; vid <= last; vid++)
    port->vlans[static_cast<uint16_t>(vid)] = {
        .pvid = (info.flags & BRIDGE_VLAN_INFO_PVID) != 0,
        .untagged = (info.flags & BRIDGE_VLAN_INFO_UNTAGGED) != 0,
        .forwarding = U8(attrs, BRIDGE_VLANDB_ENTRY_STATE) == BR_STATE_FORWARDING};
}

void ParseVlans(nlmsghdr* header, Bridges* all) {
  const auto* msg = static_cast<const br_vlan_msg*>(nlmsg_data(header));
  const auto port = all->ports.find(static_cast<int>(msg->ifindex));
  if (port == all->ports.end()) return;
  nlattr* attr;
  int left;
  nlmsg_for_each_attr(attr, header, static_cast<int>(sizeof(*msg)), left) {
    if (nla_type(attr) == BRIDGE_VLANDB_ENTRY) ParseVlanEntry(attr, &port->second);
  }
}

void ParseAddress(nlmsghdr* header, std::vector<BridgeAddress>* all) {
  const auto* msg = static_cast<const ndmsg*>(nlmsg_data(header));
  nlattr* tb[NDA_MAX + 1] = {};
  nlmsg_parse(header, sizeof(*msg), tb, NDA_MAX, nullptr);
  // Without a master it is a netdev's own; a permanent one is the bridge's.
  if (!tb[NDA_MASTER] || !tb[NDA_LLADDR] || nla_len(tb[NDA_LLADDR]) != 6 ||
      (msg->ndm_state & NUD_PERMANENT) || (msg->ndm_flags & NTF_SELF))
    return;
  BridgeAddress it{.port = msg->ndm_ifindex,
                   .bridge = static_cast<int>(nla_get_u32(tb[NDA_MASTER])),
                   .ages = !(msg->ndm_state & NUD_NOARP) && !(msg->ndm_flags & NTF_EXT_LEARNED)};
  // Of a static one somebody wants to know whether it is in use (NFEA_ACTIVITY_NOTIFY).
  it.ages |= tb[NDA_FDB_EXT_ATTRS] != nullptr;
  std::memcpy(it.mac.data(), nla_data(tb[NDA_LLADDR]), 6);
  if (tb[NDA_VLAN]) it.vlan = nla_get_u16(tb[NDA_VLAN]);
  if (tb[NDA_FLAGS_EXT]) it.locked = (nla_get_u32(tb[NDA_FLAGS_EXT]) & kNeighLocked) != 0;
  all->push_back(it);
}

}  // namespace

absl::StatusOr<Bridges> ReadBridges(Netlink& nl) {
  Bridges all;
  NlMsg links = NewMessage(RTM_GETLINK, NLM_F_DUMP, ifinfomsg{.ifi_family = AF_UNSPEC});
  nla_put_u32(links.get(), IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
  XSW_RETURN_IF_ERROR(
      nl.Send(links, "list bridges", [&](nlmsghdr* header) { ParseLink(header, &all); }));
  if (all.ports.empty()) return all;
  const absl::Status vlans =
      nl.Send(NewMessage(RTM_GETVLAN, NLM_F_DUMP, br_vlan_msg{.family = AF_BRIDGE}),
              "list bridges' VLANs", [&](nlmsghdr* header) { ParseVlans(header, &all); });
  // A kernel whose bridges look at no VLANs.
  if (!vlans.ok() && !absl::IsUnimplemented(vlans)) return vlans;
  return all;
}

absl::StatusOr<std::vector<BridgeAddress>> ReadBridgeAddresses(Netlink& nl) {
  std::vector<BridgeAddress> all;
  XSW_RETURN_IF_ERROR(nl.Send(NewMessage(RTM_GETNEIGH, NLM_F_DUMP, ndmsg{.ndm_family = AF_BRIDGE}),
                              "list bridges' addresses",
                              [&](nlmsghdr* header) { ParseAddress(header, &all); }));
  return all;
}

}  // namespace xsw
