// SPDX-License-Identifier: Apache-2.0
#include "userspace/filters.h"

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <optional>

#include "userspace/clsact.h"
#include "userspace/status.h"

namespace xsw {
namespace {

std::string KindOf(nlmsghdr* header) {
  nlattr* kind = nlmsg_find_attr(header, sizeof(tcmsg), TCA_KIND);
  return kind ? nla_get_string(kind) : "";
}

// Of a file that the kernel may not have: "" then; nullopt: it is there, and says nothing to us.
std::optional<std::string> FirstLineOf(const std::string& path) {
  std::ifstream file(path);
  if (!file.is_open() && errno == ENOENT) return "";
  std::string line;
  if (!std::getline(file, line) && !file.eof()) return std::nullopt;
  return line;
}

// One of these sysctls of br_netfilter, in this namespace.
bool IsAnyOn(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const auto on = FirstLineOf(absl::StrCat("/proc/sys/net/bridge/bridge-nf-", name));
    if (on != "" && on != "0") return true;
  }
  return false;
}

// Tables of the old kind exist once somebody has looked for rules in them.
bool HasXtables() {
  for (const char* family : {"ip", "ip6", "arp"}) {
    if (FirstLineOf(absl::StrCat("/proc/net/", family, "_tables_names")) != "") return true;
  }
  return false;
}

bool HasEbtables() {
  for (const char* table : {"filter", "nat", "broute"}) {
    if (access(absl::StrCat("/sys/module/ebtable_", table).c_str(), F_OK) == 0) return true;
  }
  return false;
}

void ParseChain(nlmsghdr* header, BridgeFilters* filters) {
  const auto* msg = static_cast<const nfgenmsg*>(nlmsg_data(header));
  nlattr* hook = nlmsg_find_attr(header, sizeof(*msg), NFTA_CHAIN_HOOK);
  if (!hook) return;
  nlattr* number = nla_find(static_cast<nlattr*>(nla_data(hook)), nla_len(hook), NFTA_HOOK_HOOKNUM);
  const bool ingress =
      msg->nfgen_family == NFPROTO_INET && number && ntohl(nla_get_u32(number)) == NF_INET_INGRESS;
  const bool frames =
      msg->nfgen_family == NFPROTO_BRIDGE || msg->nfgen_family == NFPROTO_NETDEV || ingress;
  (frames ? filters->frames : filters->packets) = true;
}

absl::StatusOr<BridgeFilters> ReadChains() {
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::OpenNetfilter());
  BridgeFilters filters;
  const absl::Status read =
      nl.Send(NewMessage(NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETCHAIN, NLM_F_DUMP,
                         nfgenmsg{.nfgen_family = NFPROTO_UNSPEC}),
              "list nftables' chains", [&](nlmsghdr* header) { ParseChain(header, &filters); });
  // A kernel without nftables.
  if (absl::IsInvalidArgument(read) || absl::IsUnimplemented(read)) return BridgeFilters();
  if (!read.ok()) return read;
  return filters;
}

}  // namespace

absl::StatusOr<std::map<int, std::set<std::string>>> ReadQdiscs(Netlink& nl) {
  std::map<int, std::set<std::string>> kinds;
  const absl::Status read =
      nl.Send(NewMessage(RTM_GETQDISC, NLM_F_DUMP, tcmsg{.tcm_family = AF_UNSPEC}), "list qdiscs",
              [&](nlmsghdr* header) {
                const auto* msg = static_cast<const tcmsg*>(nlmsg_data(header));
                kinds[msg->tcm_ifindex].insert(KindOf(header));
              });
  if (!read.ok()) return read;
  return kinds;
}

absl::StatusOr<bool> HasForeignFilter(Netlink& nl, int ifindex) {
  const bpf_tc_opts ours = ClsactOpts();
  bool foreign = false;
  for (const __u32 minor : {TC_H_MIN_INGRESS, TC_H_MIN_EGRESS}) {
    const tcmsg hook{.tcm_family = AF_UNSPEC,
                     .tcm_ifindex = ifindex,
                     .tcm_parent = TC_H_MAKE(TC_H_CLSACT, minor)};
    XSW_RETURN_IF_ERROR(nl.Send(NewMessage(RTM_GETTFILTER, NLM_F_DUMP, hook), "list filters",
                                [&](nlmsghdr* header) {
                                  const auto* msg = static_cast<const tcmsg*>(nlmsg_data(header));
                                  // Of a priority's filters the first answer, without a handle, is
                                  // for all.
                                  foreign |= (msg->tcm_handle && msg->tcm_handle != ours.handle) ||
                                             TC_H_MAJ(msg->tcm_info) >> 16 != ours.priority;
                                }));
  }
  return foreign;
}

absl::StatusOr<BridgeFilters> ReadBridgeFilters() {
  XSW_ASSIGN_OR_RETURN(BridgeFilters filters, ReadChains());
  filters.frames |= HasEbtables();
  filters.packets |= HasXtables();
  filters.called = IsAnyOn({"call-iptables", "call-ip6tables", "call-arptables"});
  // What is behind a tag no program here looks at.
  filters.frames |= filters.called && IsAnyOn({"filter-vlan-tagged", "filter-pppoe-tagged"});
  return filters;
}

}  // namespace xsw
