// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/eswitch/reception.h"

#include "switchdev_model/eswitch/uplink_kind.h"
#include "userspace/ethtool.h"
#include "userspace/status.h"

namespace xsw {

namespace {

// The flag first: who is killed in between has changed less than it says.
absl::Status Change(Eswitch& eswitch, uint32_t flag, const LinkChange& change,
                    const std::string& what) {
  const bool was_set = eswitch.config().flags & flag;
  eswitch.config().flags |= flag;
  absl::Status status = ChangeLink(eswitch.nl(), eswitch.uplink().ifindex, change, what);
  if (!status.ok() && !was_set) eswitch.config().flags &= ~flag;
  return status;
}

absl::Status MakePromiscuous(Eswitch& eswitch) {
  return Change(eswitch, XSW_ESWITCH_PROMISC, {.promisc = true},
                absl::StrCat("make ", eswitch.uplink().name, " promiscuous"));
}

// The kernel's own answer, by errno: no room (ENOSPC, ENOMEM), or a driver without a list for it.
bool SaysFull(const absl::Status& status) {
  return absl::IsResourceExhausted(status) || absl::IsUnimplemented(status) ||
         absl::IsInvalidArgument(status);
}

}  // namespace

absl::Status AcceptAddress(Eswitch& eswitch, const Mac& mac) {
  const Link& uplink = eswitch.uplink();
  if (mac == uplink.mac) return absl::OkStatus();
  absl::Status status = AddSelfAddress(eswitch.nl(), uplink.ifindex, mac);
  if (!SaysFull(status)) return status;
  // Its user's own wish stays his.
  if (uplink.flags & IFF_PROMISC) return absl::OkStatus();
  return MakePromiscuous(eswitch);
}

absl::Status StopAccepting(Eswitch& eswitch, const Mac& mac) {
  if (!eswitch.uplink().ifindex || mac == eswitch.uplink().mac) return absl::OkStatus();
  absl::Status status = RemoveSelfAddress(eswitch.nl(), eswitch.uplink().ifindex, mac);
  // It was not in the list, which was full.
  return IsMadePromiscuous(eswitch) ? absl::OkStatus() : status;
}

bool IsMadePromiscuous(Eswitch& eswitch) { return eswitch.config().flags & XSW_ESWITCH_PROMISC; }

void RestorePromiscuous(Eswitch& eswitch, bool was_promiscuous) {
  if (was_promiscuous || !IsMadePromiscuous(eswitch)) return;
  absl::Status status = ChangeLink(eswitch.nl(), eswitch.uplink().ifindex, {.promisc = false},
                                   "restore the receive filter");
  // One that stays promiscuous `eswitch del` restores, by this flag.
  if (status.ok()) eswitch.config().flags &= ~XSW_ESWITCH_PROMISC;
}

absl::Status AcceptMulticast(Eswitch& eswitch) {
  const Link& uplink = eswitch.uplink();
  if (IsVirtual(uplink) || (uplink.flags & IFF_ALLMULTI)) return absl::OkStatus();
  return Change(eswitch, XSW_ESWITCH_ALLMULTI, {.allmulti = true},
                absl::StrCat("let ", uplink.name, " receive all multicast"));
}

absl::Status AcceptVlans(Eswitch& eswitch) {
  const Link& uplink = eswitch.uplink();
  if (IsVirtual(uplink) || (uplink.flags & IFF_PROMISC)) return absl::OkStatus();
  XSW_ASSIGN_OR_RETURN(const bool filtered, HasFeature(uplink.ifindex, "rx-vlan-filter"));
  return filtered ? MakePromiscuous(eswitch) : absl::OkStatus();
}

std::string ReceptionNote(Eswitch& eswitch) {
  const Link& uplink = eswitch.uplink();
  if (IsMadePromiscuous(eswitch))
    return "promiscuous: the receive filter of this netdev cannot hold the ports' addresses or "
           "VLANs";
  // Whose wish that is the kernel does not tell; for a driver without a filter it is its own. A
  // bridge over the uplink always wants it.
  if (!IsVirtual(uplink) && uplink.promiscuity && !uplink.master)
    return "promiscuous: its driver cannot filter by further addresses, or somebody else wants all "
           "frames";
  return "";
}

}  // namespace xsw
