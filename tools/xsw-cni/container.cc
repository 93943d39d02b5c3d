// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw-cni/container.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "absl/strings/ascii.h"
#include "tools/xsw-cni/error.h"
#include "userspace/link.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw::cni {
namespace {

absl::Status Set(const std::string& family, const std::string& ifname, const char* what,
                 const char* value) {
  const std::string path = absl::StrCat("/proc/sys/net/", family, "/conf/", ifname, "/", what);
  std::ofstream file(path);
  if (file << value << std::flush) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("write ", path));
}

// The kernel itself tells the neighbours whose the addresses are: of IPv4 those that are there when
// the netdev is set up, of IPv6 each one that is added. (A packet socket could tell them, too; its
// end waits for all CPUs.)
absl::Status SetUp(Netlink& nl, const Link& link, const Given& given) {
  XSW_RETURN_IF_ERROR(Set("ipv4", link.name, "arp_notify", "1"));
  for (const GivenAddress& it : given.addresses)
    if (it.address.ip.is_v4()) XSW_RETURN_IF_ERROR(AddAddress(nl, link.ifindex, it.address));
  return ChangeLink(nl, link.ifindex, {.up = true}, absl::StrCat("set ", link.name, " up"));
}

// A system whose netdevs have no IPv6 by default may still want an address of it here.
absl::Status AddIpv6(Netlink& nl, const Link& link, const GivenAddress& given) {
  XSW_RETURN_IF_ERROR(Set("ipv6", link.name, "disable_ipv6", "0"));
  // Whoever gives addresses out knows that nobody else has it.
  XSW_RETURN_IF_ERROR(Set("ipv6", link.name, "accept_dad", "0"));
  XSW_RETURN_IF_ERROR(Set("ipv6", link.name, "ndisc_notify", "1"));
  return AddAddress(nl, link.ifindex, given.address);
}

// The netdev's entry in a result; null: there is none.
const Json* InterfaceIn(const Json& previous, const std::string& ifname, size_t* index) {
  if (!previous.contains("interfaces") || !previous["interfaces"].is_array()) return nullptr;
  const Json& all = previous["interfaces"];
  for (size_t i = 0; i < all.size(); i++) {
    *index = i;
    if (all[i].is_object() && all[i].value("name", "") == ifname &&
        !all[i].value("sandbox", "").empty())
      return &all[i];
  }
  return nullptr;
}

absl::Status CheckLink(const Link& link, const Json& interface) {
  const std::string mac = absl::AsciiStrToLower(interface.value("mac", ""));
  const uint32_t mtu = interface.value("mtu", 0u);
  if (!link.up()) return absl::FailedPreconditionError(absl::StrCat(link.name, ": is down"));
  if (!mac.empty() && mac != FormatMac(link.mac))
    return absl::FailedPreconditionError(
        absl::StrCat(link.name, ": has MAC ", FormatMac(link.mac), ", not ", mac));
  if (mtu && mtu != link.mtu)
    return absl::FailedPreconditionError(
        absl::StrCat(link.name, ": has MTU ", link.mtu, ", not ", mtu));
  return absl::OkStatus();
}

absl::Status CheckAddresses(Netlink& nl, const Link& link, const Json& previous, size_t index) {
  XSW_ASSIGN_OR_RETURN(const std::vector<IpPrefix> there, AddressesOf(nl, link.ifindex));
  for (const Json& ip : previous.value("ips", Json::array())) {
    if (!ip.is_object() || ip.value("interface", index) != index) continue;
    XSW_ASSIGN_OR_RETURN(const IpPrefix wanted, ParsePrefix(ip.value("address", "")));
    if (std::find(there.begin(), there.end(), wanted) == there.end())
      return absl::FailedPreconditionError(
          absl::StrCat(link.name, ": has no address ", FormatPrefix(wanted)));
  }
  return absl::OkStatus();
}

// As ADD would set them.
absl::Status CheckRoutes(Netlink& nl, const Link& link, const Json& previous) {
  XSW_ASSIGN_OR_RETURN(const Given wanted, ReadGiven(previous));
  XSW_ASSIGN_OR_RETURN(const std::vector<Route> there, RoutesOf(nl, link.ifindex));
  for (const Route& route : wanted.routes) {
    const auto is_it = [&](const Route& it) { return it.to == route.to && it.via == route.via; };
    if (std::none_of(there.begin(), there.end(), is_it))
      return absl::FailedPreconditionError(
          absl::StrCat(link.name, ": has no route to ", FormatPrefix(route.to)));
  }
  return absl::OkStatus();
}

absl::Status CheckIn(const std::string& ifname, const Json& previous) {
  size_t index = 0;
  const Json* interface = InterfaceIn(previous, ifname, &index);
  if (!interface)
    return Error(Code::kInvalidConfig, absl::StrCat("prevResult has no interface ", ifname));
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
  XSW_ASSIGN_OR_RETURN(const Link link, GetLink(nl, ifname));
  XSW_RETURN_IF_ERROR(CheckLink(link, *interface));
  XSW_RETURN_IF_ERROR(CheckAddresses(nl, link, previous, index));
  return CheckRoutes(nl, link, previous);
}

}  // namespace

absl::StatusOr<Fd> OpenContainer(const std::string& netns) {
  if (!netns.starts_with('/'))
    return Error(Code::kInvalidEnvironment, absl::StrCat("CNI_NETNS \"", netns, "\" is no path"));
  absl::StatusOr<Fd> fd = OpenNetns(netns);
  if (!fd.ok()) return WithCode(Code::kUnknownContainer, fd.status());
  XSW_ASSIGN_OR_RETURN(const Fd own, OpenCurrentNetns());
  const char* permitted = std::getenv("CNI_NETNS_OVERRIDE");
  const std::string word = absl::AsciiStrToLower(permitted ? permitted : "");
  if (SameNetns(*fd, own) && word != "1" && word != "true")
    return Error(Code::kInvalidEnvironment,
                 absl::StrCat("CNI_NETNS \"", netns,
                              "\" is the runtime's own (CNI_NETNS_OVERRIDE=1 permits it)"));
  return fd;
}

absl::Status Furnish(const Fd& netns, const std::string& ifname, const Given& given) {
  return InNetns(netns, [&]() -> absl::Status {
    XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
    XSW_ASSIGN_OR_RETURN(const Link link, GetLink(nl, ifname));
    XSW_RETURN_IF_ERROR(SetUp(nl, link, given));
    for (const GivenAddress& it : given.addresses)
      if (!it.address.ip.is_v4()) XSW_RETURN_IF_ERROR(AddIpv6(nl, link, it));
    for (const Route& route : given.routes) XSW_RETURN_IF_ERROR(AddRoute(nl, link.ifindex, route));
    return absl::OkStatus();
  });
}

absl::Status CheckNetdev(const Fd& netns, const std::string& ifname, const Json& previous) {
  return InNetns(netns, [&] {
    try {
      return CheckIn(ifname, previous);
    } catch (const Json::exception& error) {
      return Error(Code::kDecodingFailure, absl::StrCat("prevResult: ", error.what()));
    }
  });
}

}  // namespace xsw::cni
