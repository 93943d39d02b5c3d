// SPDX-License-Identifier: Apache-2.0
#include "userspace/quiet.h"

#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include <cerrno>
#include <fstream>
#include <map>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "userspace/status.h"

namespace xsw {
namespace {

absl::Status SetAddrGenMode(Netlink& nl, int ifindex, uint8_t mode, const std::string& what) {
  NlMsg msg = NewMessage(RTM_SETLINK, 0, ifinfomsg{.ifi_family = AF_UNSPEC, .ifi_index = ifindex});
  nlattr* families = nla_nest_start(msg.get(), IFLA_AF_SPEC);
  nlattr* inet6 = nla_nest_start(msg.get(), AF_INET6);
  nla_put_u8(msg.get(), IFLA_INET6_ADDR_GEN_MODE, mode);
  nla_nest_end(msg.get(), inet6);
  nla_nest_end(msg.get(), families);
  const absl::Status status = nl.Send(msg, what);
  // Refused where there is no IPv6: in this kernel, or on a netdev with an MTU below 1280.
  const bool none = absl::IsUnimplemented(status) || absl::IsInvalidArgument(status);
  return none ? absl::OkStatus() : status;
}

// A netdev, or an address, that goes meanwhile says nothing any more.
absl::Status UnlessGone(const absl::Status& status) {
  return absl::IsNotFound(status) ? absl::OkStatus() : status;
}

absl::Status SetFlags(Netlink& nl, int ifindex, unsigned flags, unsigned change,
                      const std::string& what) {
  return nl.Send(NewMessage(RTM_SETLINK, 0,
                            ifinfomsg{.ifi_family = AF_UNSPEC,
                                      .ifi_index = ifindex,
                                      .ifi_flags = flags,
                                      .ifi_change = change}),
                 what);
}

// The setting by its file: the kernel generates the address at once, which it does not do for the
// same change by netlink.
std::string AddrGenFile(const std::string& name) {
  return absl::StrCat("/proc/sys/net/ipv6/conf/", name, "/addr_gen_mode");
}

// None: there is no IPv6, in this kernel or on this netdev.
std::optional<int> AddrGenMode(const std::string& name) {
  int mode = 0;
  if (std::ifstream(AddrGenFile(name)) >> mode) return mode;
  return std::nullopt;
}

absl::Status ChangeAddrGenMode(const std::string& name, int mode, const std::string& what) {
  const std::optional<int> before = AddrGenMode(name);
  if (!before || *before == mode) return absl::OkStatus();
  std::ofstream file(AddrGenFile(name));
  if (file << mode << std::flush) return absl::OkStatus();
  return ErrnoStatus(errno, what);
}

struct LinkLocal {
  int ifindex;
  in6_addr address;
};

// The link-local addresses that the kernel has made.
absl::StatusOr<std::vector<LinkLocal>> GeneratedAddresses(Netlink& nl) {
  std::vector<LinkLocal> generated;
  const absl::Status dumped =
      nl.Send(NewMessage(RTM_GETADDR, NLM_F_DUMP, ifaddrmsg{.ifa_family = AF_INET6}),
              "list IPv6 addresses", [&](nlmsghdr* header) {
                const auto* address = static_cast<const ifaddrmsg*>(nlmsg_data(header));
                nlattr* made = nlmsg_find_attr(header, sizeof(*address), IFA_PROTO);
                nlattr* value = nlmsg_find_attr(header, sizeof(*address), IFA_ADDRESS);
                if (made && value && nla_get_u8(made) == IFAPROT_KERNEL_LL)
                  generated.push_back({static_cast<int>(address->ifa_index),
                                       *static_cast<const in6_addr*>(nla_data(value))});
              });
  if (!dumped.ok()) return dumped;
  return generated;
}

absl::Status RemoveAddress(Netlink& nl, const LinkLocal& it, const std::string& what) {
  NlMsg msg = NewMessage(RTM_DELADDR, 0,
                         ifaddrmsg{.ifa_family = AF_INET6,
                                   .ifa_prefixlen = 64,
                                   .ifa_index = static_cast<__u32>(it.ifindex)});
  nla_put(msg.get(), IFA_LOCAL, sizeof(it.address), &it.address);
  return UnlessGone(nl.Send(msg, what));
}

std::string Quietening(const Link& link) { return absl::StrCat("quieten ", link.name); }

}  // namespace

absl::Status SetUpQuietly(Netlink& nl, int ifindex, const std::string& name) {
  // Before it is up: the kernel would apply it in one request only after the flags.
  XSW_RETURN_IF_ERROR(
      SetAddrGenMode(nl, ifindex, IN6_ADDR_GEN_MODE_NONE, absl::StrCat("quieten ", name)));
  constexpr unsigned kFlags = IFF_UP | IFF_NOARP;
  return SetFlags(nl, ifindex, kFlags, kFlags, absl::StrCat("set ", name, " up"));
}

absl::Status Quieten(Netlink& nl, const std::vector<Link>& links) {
  std::map<int, std::string> names;
  for (const Link& link : links) {
    names[link.ifindex] = Quietening(link);
    XSW_RETURN_IF_ERROR(ChangeAddrGenMode(link.name, IN6_ADDR_GEN_MODE_NONE, Quietening(link)));
  }
  // Once for all: from here on no more of theirs are made.
  XSW_ASSIGN_OR_RETURN(const std::vector<LinkLocal> generated, GeneratedAddresses(nl));
  for (const LinkLocal& it : generated) {
    auto name = names.find(it.ifindex);
    if (name != names.end()) XSW_RETURN_IF_ERROR(RemoveAddress(nl, it, name->second));
  }
  for (const Link& link : links)
    XSW_RETURN_IF_ERROR(
        UnlessGone(SetFlags(nl, link.ifindex, IFF_NOARP, IFF_NOARP, Quietening(link))));
  return absl::OkStatus();
}

absl::Status LetSpeak(Netlink& nl, const Link& link) {
  const std::string what = absl::StrCat("let speak ", link.name);
  // First: with it the kernel looks whether another has the address.
  XSW_RETURN_IF_ERROR(UnlessGone(SetFlags(nl, link.ifindex, 0, IFF_NOARP, what)));
  const std::optional<int> now = AddrGenMode(link.name), wanted = AddrGenMode("default");
  if (now != IN6_ADDR_GEN_MODE_NONE || !wanted) return absl::OkStatus();
  return ChangeAddrGenMode(link.name, *wanted, what);
}

}  // namespace xsw
