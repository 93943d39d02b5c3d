// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/repair/remains.h"

#include <bpf/bpf.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <vector>

#include "abi.h"
#include "switchdev_model/eswitch/eswitch_dir.h"
#include "switchdev_model/ports/representor.h"
#include "switchdev_model/version/head.h"
#include "userspace/attach.h"
#include "userspace/bpffs.h"
#include "userspace/datapath.h"
#include "userspace/ethtool.h"
#include "userspace/grace_period.h"
#include "userspace/link.h"
#include "userspace/pinned.h"
#include "userspace/shared_xdp.h"
#include "userspace/state_table.h"
#include "userspace/status.h"
#include "userspace/version_dir.h"

namespace xsw {
namespace {

// The ifindex of the netdev that a pinned link is on; 0: on none.
int IfindexOfLink(const std::string& pin) {
  Fd link(bpf_obj_get(pin.c_str()));
  bpf_link_info info = {};
  __u32 len = sizeof(info);
  if (!link || bpf_obj_get_info_by_fd(link.get(), &info, &len)) return 0;
  // xdp.ifindex and tcx.ifindex are the same word of the union.
  return static_cast<int>(info.xdp.ifindex);
}

// By the devmaps, which the kernel keeps true; by the links too, should a pin of a devmap be
// missing. The function end of a queue block is no netdev of this namespace: its representor takes
// it along.
absl::StatusOr<std::vector<int>> Representors(Netlink& nl, const EswitchDir& dir) {
  std::set<int> found;
  for (const char* map : {kDevTcMap, kDevXdpMap}) {
    XSW_ASSIGN_OR_RETURN(const std::vector<int> ports, PortNetdevs(dir.state(), map));
    found.insert(ports.begin(), ports.end());
  }
  const std::string ports = dir.path() + "/ports";
  for (const std::string& pin : ListDir(ports)) {
    if (pin.find("_xsw_port_") != std::string::npos)
      found.insert(IfindexOfLink(absl::StrCat(ports, "/", pin)));
  }
  std::vector<int> there;
  for (int ifindex : found) {
    absl::StatusOr<Link> link = GetLink(nl, ifindex);
    if (link.ok() && ifindex) there.push_back(ifindex);
    if (!link.ok() && !absl::IsNotFound(link.status()) && ifindex) return link.status();
  }
  return there;
}

// Of a `port add` that was killed before it could note the ifindex. Only a state of our own version
// says which names it was about to use; none of it can be read: there is no such pair.
std::vector<int> HalfMadePairs(Netlink& nl, const EswitchDir& dir) {
  std::vector<int> found;
  absl::StatusOr<Datapath> datapath = Datapath::Open(dir.state());
  for (uint32_t port = 1; datapath.ok() && port <= XSW_MAX_PORTS; port++) {
    const xsw_port_conf& conf = datapath->confs()[port];
    if (!*conf.representor) continue;
    absl::StatusOr<Link> link = GetLink(nl, conf.representor);
    if (link.ok() && IsHalfMade(*link, conf, MacFrom(datapath->eswitch().mac)))
      found.push_back(link->ifindex);
  }
  return found;
}

absl::Status RemoveRepresentors(Netlink& nl, const EswitchDir& dir) {
  const std::string what = absl::StrCat("delete the representors of ", dir.uplink().name);
  for (;;) {
    XSW_ASSIGN_OR_RETURN(std::vector<int> ifindices, Representors(nl, dir));
    for (int ifindex : HalfMadePairs(nl, dir)) {
      if (std::find(ifindices.begin(), ifindices.end(), ifindex) == ifindices.end())
        ifindices.push_back(ifindex);
    }
    std::erase(ifindices, dir.ifindex());
    absl::Status status = DeleteLinks(nl, ifindices, what);
    // A function's namespace was faster with one of them: once more, without it.
    if (!absl::IsNotFound(status)) return status;
  }
}

absl::Status DetachPrograms(const EswitchDir& dir) {
  const std::string& path = dir.path();
  absl::Status first;
  std::vector<std::string> states = OtherStates(path);
  states.push_back(dir.state());
  for (const std::string& state : states) {
    if (!dir.uplink().ifindex) RemoveDeadMembership(state, dir.ifindex());
    first.Update(LeaveDispatcher(state, dir.uplink().ifindex,
                                 absl::StrCat("detach from ", dir.uplink().name)));
  }
  for (const std::string& pin : ListDir(path)) {
    if (pin.starts_with("link_")) first.Update(DetachLink(absl::StrCat(path, "/", pin)));
  }
  for (const std::string& pin : ListDir(path + "/ports")) {
    if (pin.find("_xsw_") != std::string::npos)
      first.Update(DetachLink(absl::StrCat(path, "/ports/", pin)));
  }
  if (!dir.uplink().ifindex) return first;
  // Filters have no pins.
  XSW_ASSIGN_OR_RETURN(const xsw_tc tc, ProbeTc());
  if (tc != XSW_TC_CLSACT) return first;
  for (TcHook hook : {TcHook::kIngress, TcHook::kEgress})
    first.Update(DetachTc(XSW_TC_CLSACT, dir.uplink().ifindex, hook, ""));
  return first;
}

// The uplink accepts what the FDB has: a key begins with the address in every version.
absl::Status StopAcceptingAll(Netlink& nl, const EswitchDir& dir) {
  const Link& uplink = dir.uplink();
  XSW_ASSIGN_OR_RETURN(const std::vector<Mac> addresses, AddressesIn(dir.state()));
  absl::Status first;
  for (const Mac& mac : std::set<Mac>(addresses.begin(), addresses.end())) {
    if (mac != uplink.mac) first.Update(RemoveSelfAddress(nl, uplink.ifindex, mac));
  }
  return first;
}

absl::Status ResetUplink(Netlink& nl, const EswitchDir& dir, uint32_t flags) {
  const Link& uplink = dir.uplink();
  if (!uplink.ifindex) return absl::OkStatus();
  absl::Status first = StopAcceptingAll(nl, dir);
  // A list that was full has not taken all of them, and a driver without one none.
  if (flags & XSW_ESWITCH_PROMISC) first = absl::OkStatus();
  LinkChange change;
  if (flags & XSW_ESWITCH_PROMISC) change.promisc = false;
  if (flags & XSW_ESWITCH_ALLMULTI) change.allmulti = false;
  if (change.promisc || change.allmulti)
    first.Update(ChangeLink(nl, uplink.ifindex, change,
                            absl::StrCat("reset the receive filter of ", uplink.name)));
  if (flags & XSW_ESWITCH_RXVLAN_OFF) first.Update(SetRxVlan(uplink.ifindex, true));
  return first;
}

// Version 4 and before have no such flags.
absl::Status ChangeFlags(const std::string& state, uint32_t set, uint32_t clear) {
  XSW_ASSIGN_OR_RETURN(const Fd map, OpenMap(state, kEswitchMap));
  __u32 zero = 0, abi = 0, flags = 0;
  uint8_t value[kMostHeadBytes] = {};
  if (bpf_map_lookup_elem(map.get(), &zero, value)) return ErrnoStatus(errno, "read xsw_eswitch");
  std::memcpy(&abi, value + offsetof(xsw_eswitch, abi), sizeof(abi));
  if (abi < kFlagsInHeadSince) return absl::OkStatus();
  std::memcpy(&flags, value + offsetof(xsw_eswitch, flags), sizeof(flags));
  flags = (flags & ~clear) | set;
  std::memcpy(value + offsetof(xsw_eswitch, flags), &flags, sizeof(flags));
  if (bpf_map_update_elem(map.get(), &zero, value, BPF_ANY))
    return ErrnoStatus(errno, "write xsw_eswitch");
  return absl::OkStatus();
}

// Each representor's removal waits for two grace periods (ports/expedited.h): nobody could change a
// netdev of the machine for half a minute at 1,300 ports.
bool IsWorthExpediting(const std::string& state, const std::optional<StateHead>& head) {
  if (!head || head->abi < kFlagsInHeadSince) return false;
  const absl::StatusOr<std::vector<int>> ports = PortNetdevs(state, kDevTcMap);
  return ports.ok() && !ports->empty() && CanExpediteGracePeriods();
}

}  // namespace

absl::Status RestoreGracePeriods(const std::string& state) {
  const std::optional<StateHead> head = ReadHead(state);
  if (!head || !(head->flags & XSW_ESWITCH_EXPEDITED)) return absl::OkStatus();
  XSW_RETURN_IF_ERROR(ExpediteGracePeriods(false));
  return ChangeFlags(state, 0, XSW_ESWITCH_EXPEDITED);
}

absl::Status RemoveRemains(Netlink& nl, const EswitchDir& dir) {
  const std::optional<StateHead> head = ReadHead(dir.state());
  const uint32_t ready = dir.IsReady() ? XSW_ESWITCH_READY : 0;
  const uint32_t expedited = IsWorthExpediting(dir.state(), head) ? XSW_ESWITCH_EXPEDITED : 0;
  // No command takes the eswitch for whole from here on.
  if (ready | expedited) XSW_RETURN_IF_ERROR(ChangeFlags(dir.state(), expedited, ready));
  // Without it all takes longer, and comes to the same end.
  if (expedited) ExpediteGracePeriods(true).IgnoreError();
  absl::Status netdevs = RemoveRepresentors(nl, dir);
  absl::Status first = RestoreGracePeriods(dir.state());
  // What cannot be said ready again is removed by the same command, said again.
  if (!netdevs.ok() && ready) ChangeFlags(dir.state(), ready, 0).IgnoreError();
  if (!netdevs.ok()) return netdevs;
  first.Update(ResetUplink(nl, dir, head ? head->flags : 0));
  first.Update(DetachPrograms(dir));
  first.Update(dir.RemoveNetnses());
  return first;
}

}  // namespace xsw
