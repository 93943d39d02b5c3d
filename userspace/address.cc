// SPDX-License-Identifier: Apache-2.0
#include "userspace/address.h"

#include <arpa/inet.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>

#include <cstring>

#include "absl/strings/numbers.h"
#include "userspace/status.h"

namespace xsw {
namespace {

int FamilyOf(const IpAddress& ip) { return ip.is_v4() ? AF_INET : AF_INET6; }

void Put(const NlMsg& msg, int type, const IpAddress& ip) {
  nla_put(msg.get(), type, static_cast<int>(ip.bytes.size()), ip.bytes.data());
}

IpAddress FromAttr(nlattr* attr) {
  const auto* data = static_cast<const uint8_t*>(nla_data(attr));
  return {{data, data + nla_len(attr)}};
}

absl::Status UnlessThere(const absl::Status& status) {
  return absl::IsAlreadyExists(status) ? absl::OkStatus() : status;
}

}  // namespace

absl::StatusOr<IpAddress> ParseIp(const std::string& text) {
  for (int family : {AF_INET, AF_INET6}) {
    IpAddress ip{std::vector<uint8_t>(family == AF_INET ? 4 : 16)};
    if (inet_pton(family, text.c_str(), ip.bytes.data()) == 1) return ip;
  }
  return absl::InvalidArgumentError(absl::StrCat("\"", text, "\" is no IP address"));
}

std::string FormatIp(const IpAddress& ip) {
  char text[INET6_ADDRSTRLEN] = {};
  inet_ntop(FamilyOf(ip), ip.bytes.data(), text, sizeof(text));
  return text;
}

absl::StatusOr<IpPrefix> ParsePrefix(const std::string& text) {
  const size_t slash = text.find('/');
  XSW_ASSIGN_OR_RETURN(IpAddress ip, ParseIp(text.substr(0, slash)));
  int length = -1;
  if (slash != std::string::npos && absl::SimpleAtoi(text.substr(slash + 1), &length) &&
      length >= 0 && length <= static_cast<int>(ip.bytes.size()) * 8)
    return IpPrefix{std::move(ip), static_cast<uint8_t>(length)};
  return absl::InvalidArgumentError(
      absl::StrCat("\"", text, "\" is no IP address with the length of its prefix"));
}

std::string FormatPrefix(const IpPrefix& prefix) {
  return absl::StrCat(FormatIp(prefix.ip), "/", prefix.length);
}

absl::Status AddAddress(Netlink& nl, int ifindex, const IpPrefix& address) {
  const NlMsg msg = NewMessage(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL,
                               ifaddrmsg{.ifa_family = static_cast<__u8>(FamilyOf(address.ip)),
                                         .ifa_prefixlen = address.length,
                                         .ifa_index = static_cast<__u32>(ifindex)});
  Put(msg, IFA_LOCAL, address.ip);
  Put(msg, IFA_ADDRESS, address.ip);
  // As iproute2's "brd +", which a /31 or /32 has none of.
  if (address.ip.is_v4() && address.length < 31) {
    uint32_t bits;
    std::memcpy(&bits, address.ip.bytes.data(), sizeof(bits));
    bits |= htonl(UINT32_MAX >> address.length);
    nla_put_u32(msg.get(), IFA_BROADCAST, bits);
  }
  return UnlessThere(nl.Send(msg, absl::StrCat("add address ", FormatPrefix(address))));
}

absl::StatusOr<std::vector<IpPrefix>> AddressesOf(Netlink& nl, int ifindex) {
  std::vector<IpPrefix> all;
  XSW_RETURN_IF_ERROR(
      nl.Send(NewMessage(RTM_GETADDR, NLM_F_DUMP, ifaddrmsg{.ifa_family = AF_UNSPEC}),
              "list addresses", [&](nlmsghdr* header) {
                const auto* msg = static_cast<const ifaddrmsg*>(nlmsg_data(header));
                nlattr* tb[IFA_MAX + 1] = {};
                nlmsg_parse(header, sizeof(*msg), tb, IFA_MAX, nullptr);
                nlattr* local = tb[IFA_LOCAL] ? tb[IFA_LOCAL] : tb[IFA_ADDRESS];
                if (static_cast<int>(msg->ifa_index) == ifindex && local)
                  all.push_back({FromAttr(local), msg->ifa_prefixlen});
              }));
  return all;
}

absl::Status AddRoute(Netlink& nl, int ifindex, const Route& route) {
  const bool direct = route.via.bytes.empty();
  const NlMsg msg = NewMessage(
      RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL,
      rtmsg{.rtm_family = static_cast<unsigned char>(FamilyOf(route.to.ip)),
            .rtm_dst_len = route.to.length,
            .rtm_table = RT_TABLE_MAIN,
            .rtm_protocol = RTPROT_BOOT,
            .rtm_scope = route.scope.value_or(direct ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE),
            .rtm_type = RTN_UNICAST});
  Put(msg, RTA_DST, route.to.ip);
  if (!direct) Put(msg, RTA_GATEWAY, route.via);
  nla_put_u32(msg.get(), RTA_OIF, static_cast<uint32_t>(ifindex));
  if (route.table) nla_put_u32(msg.get(), RTA_TABLE, route.table);
  if (route.metric) nla_put_u32(msg.get(), RTA_PRIORITY, route.metric);
  nlattr* metrics = nla_nest_start(msg.get(), RTA_METRICS);
  if (route.mtu) nla_put_u32(msg.get(), RTAX_MTU, route.mtu);
  if (route.advmss) nla_put_u32(msg.get(), RTAX_ADVMSS, route.advmss);
  nla_nest_end(msg.get(), metrics);
  const std::string via = direct ? "" : absl::StrCat(" via ", FormatIp(route.via));
  return UnlessThere(nl.Send(msg, absl::StrCat("add route ", FormatPrefix(route.to), via)));
}

absl::StatusOr<std::vector<Route>> RoutesOf(Netlink& nl, int ifindex) {
  std::vector<Route> all;
  XSW_RETURN_IF_ERROR(nl.Send(
      NewMessage(RTM_GETROUTE, NLM_F_DUMP, rtmsg{.rtm_family = AF_UNSPEC}), "list routes",
      [&](nlmsghdr* header) {
        const auto* msg = static_cast<const rtmsg*>(nlmsg_data(header));
        nlattr* tb[RTA_MAX + 1] = {};
        nlmsg_parse(header, sizeof(*msg), tb, RTA_MAX, nullptr);
        if (!tb[RTA_OIF] || static_cast<int>(nla_get_u32(tb[RTA_OIF])) != ifindex) return;
        const size_t bytes = msg->rtm_family == AF_INET ? 4 : 16;
        Route route;
        // The default route has none.
        route.to = {tb[RTA_DST] ? FromAttr(tb[RTA_DST]) : IpAddress{std::vector<uint8_t>(bytes)},
                    msg->rtm_dst_len};
        if (tb[RTA_GATEWAY]) route.via = FromAttr(tb[RTA_GATEWAY]);
        all.push_back(std::move(route));
      }));
  return all;
}

}  // namespace xsw
