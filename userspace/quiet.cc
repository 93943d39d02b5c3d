// SPDX-License-Identifier: Apache-2.0
#include "userspace/quiet.h"

#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include <cerrno>
#include <fstream>
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

// Its link-local address, if the kernel has made one.
absl::Status RemoveGeneratedAddress(Netlink& nl, int ifindex, const std::string& what) {
  std::vector<in6_addr> generated;
  // Asked for all: only a socket with strict checking is answered for one netdev.
  const absl::Status dumped =
      nl.Send(NewMessage(RTM_GETADDR, NLM_F_DUMP, ifaddrmsg{.ifa_family = AF_INET6}), what,
              [&](nlmsghdr* header) {
                const auto* address = static_cast<const ifaddrmsg*>(nlmsg_data(header));
                nlattr* made = nlmsg_find_attr(header, sizeof(*address), IFA_PROTO);
                nlattr* value = nlmsg_find_attr(header, sizeof(*address), IFA_ADDRESS);
                if (static_cast<int>(address->ifa_index) == ifindex && made && value &&
                    nla_get_u8(made) == IFAPROT_KERNEL_LL)
                  generated.push_back(*static_cast<const in6_addr*>(nla_data(value)));
              });
  XSW_RETURN_IF_ERROR(dumped);
  for (const in6_addr& address : generated) {
    NlMsg msg = NewMessage(
        RTM_DELADDR, 0,
        ifaddrmsg{
            .ifa_family = AF_INET6, .ifa_prefixlen = 64, .ifa_index = static_cast<__u32>(ifindex)});
    nla_put(msg.get(), IFA_LOCAL, sizeof(address), &address);
    XSW_RETURN_IF_ERROR(nl.Send(msg, what));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status SetUpQuietly(Netlink& nl, int ifindex, const std::string& name) {
  // Before it is up: the kernel would apply it in one request only after the flags.
  XSW_RETURN_IF_ERROR(
      SetAddrGenMode(nl, ifindex, IN6_ADDR_GEN_MODE_NONE, absl::StrCat("quieten ", name)));
  constexpr unsigned kFlags = IFF_UP | IFF_NOARP;
  return SetFlags(nl, ifindex, kFlags, kFlags, absl::StrCat("set ", name, " up"));
}

absl::Status SetQuiet(Netlink& nl, int ifindex, bool quiet, const std::string& name) {
  const std::string what = absl::StrCat(quiet ? "quieten " : "let speak ", name);
  if (!quiet) {
    // First: with it the kernel looks whether another has the address.
    XSW_RETURN_IF_ERROR(SetFlags(nl, ifindex, 0, IFF_NOARP, what));
    const std::optional<int> now = AddrGenMode(name), wanted = AddrGenMode("default");
    if (now != IN6_ADDR_GEN_MODE_NONE || !wanted) return absl::OkStatus();
    return ChangeAddrGenMode(name, *wanted, what);
  }
  XSW_RETURN_IF_ERROR(ChangeAddrGenMode(name, IN6_ADDR_GEN_MODE_NONE, what));
  XSW_RETURN_IF_ERROR(RemoveGeneratedAddress(nl, ifindex, what));
  return SetFlags(nl, ifindex, IFF_NOARP, IFF_NOARP, what);
}

}  // namespace xsw
