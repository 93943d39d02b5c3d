// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/reception.h"

#include "switchdev_model/uplink.h"
#include "userspace/ethtool.h"
#include "userspace/status.h"

namespace xsw {

absl::Status AcceptMulticast(Eswitch& eswitch) {
  const Link& uplink = eswitch.uplink();
  if (IsVirtual(uplink) || (uplink.flags & IFF_ALLMULTI)) return absl::OkStatus();
  XSW_RETURN_IF_ERROR(ChangeLink(eswitch.nl(), uplink.ifindex, {.allmulti = true},
                                 absl::StrCat("let ", uplink.name, " receive all multicast")));
  eswitch.config().flags |= XSW_ESWITCH_ALLMULTI;
  return absl::OkStatus();
}

absl::Status AcceptVlans(Eswitch& eswitch) {
  const Link& uplink = eswitch.uplink();
  if (IsVirtual(uplink) || (uplink.flags & IFF_PROMISC)) return absl::OkStatus();
  absl::StatusOr<bool> filtered = HasFeature(uplink.ifindex, "rx-vlan-filter");
  if (!filtered.ok() || !*filtered) return absl::OkStatus();
  XSW_RETURN_IF_ERROR(ChangeLink(eswitch.nl(), uplink.ifindex, {.promisc = true},
                                 absl::StrCat("make ", uplink.name, " promiscuous")));
  eswitch.config().flags |= XSW_ESWITCH_PROMISC;
  return absl::OkStatus();
}

absl::Status ResetReception(Eswitch& eswitch) {
  const Link& uplink = eswitch.uplink();
  const uint32_t flags = eswitch.config().flags;
  LinkChange change;
  if (flags & XSW_ESWITCH_PROMISC) change.promisc = false;
  if (flags & XSW_ESWITCH_ALLMULTI) change.allmulti = false;
  if (!uplink.ifindex || (!change.promisc && !change.allmulti)) return absl::OkStatus();
  return ChangeLink(eswitch.nl(), uplink.ifindex, change,
                    absl::StrCat("reset the receive filter of ", uplink.name));
}

std::string ReceptionNote(Eswitch& eswitch) {
  const Link& uplink = eswitch.uplink();
  if (eswitch.config().flags & XSW_ESWITCH_PROMISC)
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
