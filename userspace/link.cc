// SPDX-License-Identifier: Apache-2.0
#include "userspace/link.h"

#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <netlink/attr.h>
#include <sys/socket.h>

#include <cctype>
#include <cstring>

#include "userspace/status.h"

namespace xsw {
namespace {

constexpr size_t kAltNameSize = 128;  // ALTIFNAMSIZ

Link ParseLink(nlmsghdr* header) {
  auto* info = static_cast<ifinfomsg*>(nlmsg_data(header));
  Link link{.ifindex = info->ifi_index, .flags = info->ifi_flags, .type = info->ifi_type};
  nlattr* tb[IFLA_MAX + 1] = {};
  nlmsg_parse(header, sizeof(*info), tb, IFLA_MAX, nullptr);
  if (tb[IFLA_IFNAME]) link.name = nla_get_string(tb[IFLA_IFNAME]);
  if (tb[IFLA_ADDRESS] && nla_len(tb[IFLA_ADDRESS]) == 6)
    std::memcpy(link.mac.data(), nla_data(tb[IFLA_ADDRESS]), 6);
  if (tb[IFLA_MTU]) link.mtu = nla_get_u32(tb[IFLA_MTU]);
  if (tb[IFLA_PROMISCUITY]) link.promiscuity = nla_get_u32(tb[IFLA_PROMISCUITY]);
  if (tb[IFLA_GROUP]) link.group = nla_get_u32(tb[IFLA_GROUP]);
  if (tb[IFLA_MASTER]) link.master = static_cast<int>(nla_get_u32(tb[IFLA_MASTER]));
  if (tb[IFLA_LINK]) link.peer = static_cast<int>(nla_get_u32(tb[IFLA_LINK]));
  if (tb[IFLA_LINK_NETNSID]) link.peer_netns = nla_get_s32(tb[IFLA_LINK_NETNSID]);
  if (tb[IFLA_STATS64]) {
    rtnl_link_stats64 stats = {};
    std::memcpy(&stats, nla_data(tb[IFLA_STATS64]),
                std::min<size_t>(sizeof(stats), nla_len(tb[IFLA_STATS64])));
    link.rx_packets = stats.rx_packets;
    link.tx_packets = stats.tx_packets;
    link.rx_bytes = stats.rx_bytes;
    link.tx_bytes = stats.tx_bytes;
    link.rx_dropped = stats.rx_dropped;
  }
  if (tb[IFLA_XDP]) {
    nlattr* xdp[IFLA_XDP_MAX + 1] = {};
    nla_parse_nested(xdp, IFLA_XDP_MAX, tb[IFLA_XDP], nullptr);
    if (xdp[IFLA_XDP_DRV_PROG_ID]) link.xdp_program = nla_get_u32(xdp[IFLA_XDP_DRV_PROG_ID]);
  }
  if (tb[IFLA_LINKINFO]) {
    nlattr* kind[IFLA_INFO_MAX + 1] = {};
    nla_parse_nested(kind, IFLA_INFO_MAX, tb[IFLA_LINKINFO], nullptr);
    if (kind[IFLA_INFO_KIND]) link.kind = nla_get_string(kind[IFLA_INFO_KIND]);
  }
  return link;
}

// Without the counters of IPv6, which would be most of the answer.
void LeaveIpv6StatsOut(const NlMsg& msg) {
  nla_put_u32(msg.get(), IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
}

absl::StatusOr<Link> GetOne(Netlink& nl, const NlMsg& msg, const std::string& what) {
  std::optional<Link> link;
  XSW_RETURN_IF_ERROR(nl.Send(msg, what, [&](nlmsghdr* header) { link = ParseLink(header); }));
  if (!link) return absl::NotFoundError(absl::StrCat(what, ": no answer"));
  return *link;
}

void PutName(const NlMsg& msg, const std::string& name) {
  if (!name.empty()) nla_put_string(msg.get(), IFLA_IFNAME, name.c_str());
}

void PutVethEnd(const NlMsg& msg, const VethEnd& end, uint32_t mtu) {
  PutName(msg, end.name);
  nla_put(msg.get(), IFLA_ADDRESS, 6, end.mac.data());
  nla_put_u32(msg.get(), IFLA_MTU, mtu);
  if (end.queues) {
    nla_put_u32(msg.get(), IFLA_NUM_RX_QUEUES, end.queues);
    nla_put_u32(msg.get(), IFLA_NUM_TX_QUEUES, end.queues);
  }
  if (end.netns) nla_put_u32(msg.get(), IFLA_NET_NS_FD, end.netns->get());
}

NlMsg SelfAddressMessage(int type, int flags, int ifindex, const Mac& mac) {
  NlMsg msg = NewMessage(type, flags,
                         ndmsg{.ndm_family = PF_BRIDGE,
                               .ndm_ifindex = ifindex,
                               .ndm_state = NUD_PERMANENT,
                               .ndm_flags = NTF_SELF});
  nla_put(msg.get(), NDA_LLADDR, 6, mac.data());
  return msg;
}

}  // namespace

bool IsNetdevName(const std::string& name) {
  bool valid = !name.empty() && name.size() < IFNAMSIZ && name != "." && name != "..";
  for (unsigned char c : name) valid = valid && c != '/' && c != ':' && c != '%' && std::isgraph(c);
  return valid;
}

absl::StatusOr<Link> GetLink(Netlink& nl, const std::string& name) {
  NlMsg msg = NewMessage(RTM_GETLINK, 0, ifinfomsg{.ifi_family = AF_UNSPEC});
  if (name.empty() || name.size() >= kAltNameSize)
    return absl::NotFoundError(absl::StrCat("netdev ", name, ": No such device"));
  nla_put_string(msg.get(), IFLA_ALT_IFNAME, name.c_str());
  return GetOne(nl, msg, absl::StrCat("netdev ", name));
}

absl::StatusOr<Link> GetLink(Netlink& nl, int ifindex, std::optional<int> target_nsid) {
  NlMsg msg = NewMessage(RTM_GETLINK, 0, ifinfomsg{.ifi_family = AF_UNSPEC, .ifi_index = ifindex});
  LeaveIpv6StatsOut(msg);
  if (target_nsid) nla_put_s32(msg.get(), IFLA_TARGET_NETNSID, *target_nsid);
  return GetOne(nl, msg, absl::StrCat("netdev with index ", ifindex));
}

absl::StatusOr<std::vector<Link>> DumpLinks(Netlink& nl) {
  for (;;) {
    std::vector<Link> links;
    NlMsg msg = NewMessage(RTM_GETLINK, NLM_F_DUMP, ifinfomsg{.ifi_family = AF_UNSPEC});
    LeaveIpv6StatsOut(msg);
    absl::Status status =
        nl.Send(msg, "list netdevs", [&](nlmsghdr* h) { links.push_back(ParseLink(h)); });
    // Other netdevs come and go meanwhile: once more, or one of ours could be missing.
    if (absl::IsAborted(status)) continue;
    if (!status.ok()) return status;
    return links;
  }
}

absl::Status MakeVeth(Netlink& nl, const VethEnd& end, const VethEnd& peer, uint32_t mtu) {
  ifinfomsg header{.ifi_family = AF_UNSPEC, .ifi_index = end.ifindex};
  NlMsg msg = NewMessage(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, header);
  header.ifi_index = 0;
  PutVethEnd(msg, end, mtu);
  nlattr* info = nla_nest_start(msg.get(), IFLA_LINKINFO);
  nla_put_string(msg.get(), IFLA_INFO_KIND, "veth");
  nlattr* data = nla_nest_start(msg.get(), IFLA_INFO_DATA);
  nlattr* nest = nla_nest_start(msg.get(), VETH_INFO_PEER);
  nlmsg_append(msg.get(), &header, sizeof(header), NLMSG_ALIGNTO);
  PutVethEnd(msg, peer, mtu);
  nla_nest_end(msg.get(), nest);
  nla_nest_end(msg.get(), data);
  nla_nest_end(msg.get(), info);
  return nl.Send(msg, absl::StrCat("create ", end.name, " with function ", peer.name));
}

absl::Status ChangeLink(Netlink& nl, int ifindex, const LinkChange& change,
                        const std::string& what) {
  ifinfomsg header{.ifi_family = AF_UNSPEC, .ifi_index = ifindex};
  auto flag = [&](std::optional<bool> wanted, unsigned bit) {
    if (!wanted) return;
    header.ifi_change |= bit;
    if (*wanted) header.ifi_flags |= bit;
  };
  flag(change.up, IFF_UP);
  flag(change.promisc, IFF_PROMISC);
  flag(change.allmulti, IFF_ALLMULTI);
  NlMsg msg = NewMessage(RTM_SETLINK, 0, header);
  PutName(msg, change.name);
  if (change.mac) nla_put(msg.get(), IFLA_ADDRESS, 6, change.mac->data());
  if (change.mtu) nla_put_u32(msg.get(), IFLA_MTU, *change.mtu);
  if (change.master) nla_put_u32(msg.get(), IFLA_MASTER, *change.master);
  if (change.netns) nla_put_u32(msg.get(), IFLA_NET_NS_FD, change.netns->get());
  return nl.Send(msg, what);
}

absl::Status AddAltName(Netlink& nl, int ifindex, const std::string& name) {
  NlMsg msg = NewMessage(RTM_NEWLINKPROP, NLM_F_CREATE | NLM_F_EXCL | NLM_F_APPEND,
                         ifinfomsg{.ifi_family = AF_UNSPEC, .ifi_index = ifindex});
  nlattr* list = nla_nest_start(msg.get(), IFLA_PROP_LIST);
  nla_put_string(msg.get(), IFLA_ALT_IFNAME, name.c_str());
  nla_nest_end(msg.get(), list);
  return nl.Send(msg, absl::StrCat("add altname ", name));
}

absl::Status DeleteLink(Netlink& nl, int ifindex, const std::string& what) {
  NlMsg msg = NewMessage(RTM_DELLINK, 0, ifinfomsg{.ifi_family = AF_UNSPEC, .ifi_index = ifindex});
  return nl.Send(msg, what);
}

absl::Status DeleteLink(Netlink& nl, const std::string& name, const std::string& what) {
  NlMsg msg = NewMessage(RTM_DELLINK, 0, ifinfomsg{.ifi_family = AF_UNSPEC});
  PutName(msg, name);
  return nl.Send(msg, what);
}

std::optional<int> NetnsId(Netlink& nl, const Fd& netns) {
  std::optional<int> id;
  NlMsg msg = NewMessage(RTM_GETNSID, 0, rtgenmsg{.rtgen_family = AF_UNSPEC});
  nla_put_u32(msg.get(), NETNSA_FD, netns.get());
  absl::Status status = nl.Send(msg, "read nsid", [&](nlmsghdr* header) {
    nlattr* attr = nlmsg_find_attr(header, sizeof(rtgenmsg), NETNSA_NSID);
    if (attr && nla_get_s32(attr) >= 0) id = nla_get_s32(attr);
  });
  return status.ok() ? id : std::nullopt;
}

absl::Status AddSelfAddress(Netlink& nl, int ifindex, const Mac& mac) {
  absl::Status status = nl.Send(SelfAddressMessage(RTM_NEWNEIGH, NLM_F_CREATE, ifindex, mac),
                                absl::StrCat("accept ", FormatMac(mac), " on the uplink"));
  return absl::IsAlreadyExists(status) ? absl::OkStatus() : status;
}

absl::Status RemoveSelfAddress(Netlink& nl, int ifindex, const Mac& mac) {
  absl::Status status = nl.Send(SelfAddressMessage(RTM_DELNEIGH, 0, ifindex, mac),
                                absl::StrCat("stop accepting ", FormatMac(mac), " on the uplink"));
  return absl::IsNotFound(status) ? absl::OkStatus() : status;
}

}  // namespace xsw
