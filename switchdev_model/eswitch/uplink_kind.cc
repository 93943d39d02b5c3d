// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/eswitch/uplink_kind.h"

#include <net/if_arp.h>

#include "userspace/attach.h"
#include "userspace/state_table.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// Kinds of netdevs that pass on too little of what comes in or goes out to be an uplink; null: not
// one.
const char* KindRefused(const std::string& kind) {
  if (kind == "macvlan" || kind == "macvtap" || kind == "ipvlan" || kind == "ipvtap")
    return "it receives frames for its own address alone: take the netdev below it";
  if (kind == "ifb") return "what is sent to it does not go to a wire but back where it came from";
  return nullptr;
}

std::string NameOf(Netlink& nl, int ifindex) {
  absl::StatusOr<Link> link = GetLink(nl, ifindex);
  return link.ok() ? link->name : absl::StrCat("index ", ifindex);
}

}  // namespace

bool IsVirtual(const Link& link) { return link.kind == "veth" || link.kind == "tun"; }

absl::Status CheckUplink(Netlink& nl, const Link& link, bool ours) {
  auto refuse = [&](const std::string& why) {
    return absl::InvalidArgumentError(absl::StrCat("eswitch ", link.name, ": ", why));
  };
  if (link.flags & IFF_LOOPBACK) return refuse("the loopback cannot be an uplink");
  if (link.type != ARPHRD_ETHER) return refuse("not an Ethernet device");
  if (link.master)
    return refuse(absl::StrCat("a member of ", NameOf(nl, link.master),
                               ", which takes its frames first: remove it from there"));
  if (const char* why = KindRefused(link.kind))
    return refuse(absl::StrCat("a netdev of kind ", link.kind, " cannot be an uplink: ", why));
  if (ours) return absl::OkStatus();
  XSW_ASSIGN_OR_RETURN(const xsw_tc tc, ProbeTc());
  XSW_ASSIGN_OR_RETURN(const bool taken,
                       HasTcProgramNamed(tc, link.ifindex, TcHook::kIngress, kUplinkRx));
  if (taken)
    return refuse(
        "it is the uplink of an eswitch of another network namespace, from which it was "
        "moved here: xsw -n NETNS eswitch del there first");
  return absl::OkStatus();
}

}  // namespace xsw
