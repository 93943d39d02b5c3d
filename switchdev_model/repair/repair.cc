// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/repair/repair.h"

#include "absl/container/flat_hash_map.h"
#include "switchdev_model/eswitch/uplink.h"
#include "switchdev_model/ports/place.h"
#include "switchdev_model/ports/port.h"
#include "switchdev_model/ports/queues.h"
#include "switchdev_model/ports/representor.h"
#include "switchdev_model/show/notify.h"
#include "switchdev_model/words.h"
#include "userspace/netdev.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// Active, but its namespace is gone: its frames are dropped as detached, not lost at a netdev that
// is down.
absl::Status MakeParked(Eswitch& eswitch, uint32_t port, bool active) {
  XSW_ASSIGN_OR_RETURN(FunctionPlace parked, ParkedPlace(eswitch, port));
  XSW_RETURN_IF_ERROR(MakeRepresentor(eswitch, port, parked));
  if (!active) return absl::OkStatus();
  XSW_RETURN_IF_ERROR(eswitch.datapath().ClearTarget(port));
  OpenPort(eswitch, port, parked.peer);
  return absl::OkStatus();
}

absl::Status MakeInPlace(Eswitch& eswitch, uint32_t port, bool active) {
  XSW_ASSIGN_OR_RETURN(FunctionPlace place,
                       PlaceOf(eswitch, port, eswitch.datapath().confs()[port]));
  XSW_RETURN_IF_ERROR(MakeRepresentor(eswitch, port, place));
  if (active) OpenPort(eswitch, port, place.peer);
  return absl::OkStatus();
}

absl::Status Remake(Eswitch& eswitch, uint32_t port) {
  xsw_port_conf& conf = eswitch.datapath().confs()[port];
  const bool active = conf.active;
  XSW_RETURN_IF_ERROR(RemoveRepresentor(eswitch, port));
  // The wanted namespace may not be there, or its name taken; the parking place is ours alone. A
  // queue block has no other place than its own: it stays detached until that is back.
  const bool queues = IsQueues(eswitch, port);
  if ((!active && !queues) || !MakeInPlace(eswitch, port, active).ok()) {
    if (queues) return absl::OkStatus();
    XSW_RETURN_IF_ERROR(MakeParked(eswitch, port, active));
  }
  if (!conf.master) return absl::OkStatus();
  // The bridge may be gone too.
  ChangeLink(eswitch.nl(), static_cast<int>(conf.ifindex), {.master = conf.master}, "rejoin bridge")
      .IgnoreError();
  return absl::OkStatus();
}

// An active port that waits for its namespace goes there as soon as there is one of that name; one
// whose move was cut off arrives.
void BringHome(Eswitch& eswitch, uint32_t port) {
  const xsw_port_conf& conf = eswitch.datapath().confs()[port];
  absl::StatusOr<FunctionPlace> place = PlaceOf(eswitch, port, conf);
  if (!place.ok() || !MoveFunction(eswitch, port, *place, conf.representor).ok()) return;
  if (eswitch.datapath().SetRepresentor(port, static_cast<int>(conf.ifindex)).ok())
    OpenPort(eswitch, port, place->peer);
}

// What `state inactive` has begun.
absl::Status FinishParking(Eswitch& eswitch, uint32_t port) {
  ClosePort(eswitch, port);
  XSW_ASSIGN_OR_RETURN(FunctionPlace parked, ParkedPlace(eswitch, port));
  return MoveFunction(eswitch, port, parked, eswitch.datapath().confs()[port].representor);
}

// The representor last: by its MTU the next command sees what is to be done.
void FollowMtu(Eswitch& eswitch, uint32_t port, const Link& representor) {
  const xsw_port_conf& conf = eswitch.datapath().confs()[port];
  const uint32_t mtu = conf.mtu ? conf.mtu : eswitch.uplink().mtu;
  if (representor.mtu == mtu) return;
  absl::StatusOr<Fd> netns = CurrentNetns(eswitch, port, representor);
  // One that cannot be changed the next command tries again.
  if (!netns.ok() || !ChangeLinkIn(*netns, representor.peer, {.mtu = mtu}, "follow MTU").ok())
    return;
  // A representor that keeps its MTU is what the next command sees, and tries again.
  ChangeLink(eswitch.nl(), representor.ifindex, {.mtu = mtu}, "follow MTU").IgnoreError();
}

// The name of the namespace into which its user has moved a function by hand; none: it has no name.
std::optional<std::string> NetnsName(Eswitch& eswitch, std::optional<int> nsid) {
  if (!nsid) return "";
  for (const std::string& name : NetnsNames()) {
    absl::StatusOr<Fd> netns = OpenNetns(name);
    if (netns.ok() && NetnsId(eswitch.nl(), *netns) == nsid) return name;
  }
  return std::nullopt;
}

void FollowNamespace(Eswitch& eswitch, xsw_port_conf& conf, std::optional<int> nsid) {
  if (conf.nsid == nsid.value_or(-1)) return;
  conf.nsid = nsid.value_or(-1);
  if (std::optional<std::string> name = NetnsName(eswitch, nsid)) CopyName(*name, conf.netns);
}

void FollowFunction(Eswitch& eswitch, uint32_t port, const Link& representor,
                    std::optional<int> parked_nsid) {
  xsw_port_conf& conf = eswitch.datapath().confs()[port];
  const uint16_t flags = eswitch.datapath().ports()[port].flags;
  const bool open = flags & XSW_PORT_ACTIVE, parked = IsParked(representor, parked_nsid);
  if (!conf.active) {
    // One that stays where it is is shown so, and the next command tries again.
    if (open || !parked) FinishParking(eswitch, port).IgnoreError();
    return;
  }
  if (parked || !open) return BringHome(eswitch, port);
  FollowNamespace(eswitch, conf, representor.peer_netns);
  const bool peer = representor.peer_netns.has_value();
  if (peer != ((flags & XSW_PORT_PEER) != 0)) OpenPort(eswitch, port, peer);
}

void FollowQueues(Eswitch& eswitch, uint32_t port) {
  const bool open = eswitch.datapath().ports()[port].flags & XSW_PORT_ACTIVE;
  const bool active = eswitch.datapath().confs()[port].active;
  if (active && !open) OpenPort(eswitch, port, false);
  if (!active && open) ClosePort(eswitch, port);
  // One that a killed command has half made, and that cannot be made now, the next command tries
  // again.
  MendXskMap(eswitch, port).IgnoreError();
}

void Follow(Eswitch& eswitch, uint32_t port, const Link& representor,
            std::optional<int> parked_nsid) {
  xsw_port_conf& conf = eswitch.datapath().confs()[port];
  conf.master = representor.master;
  if (representor.name != conf.representor) CopyName(representor.name, conf.representor);
  // A program that cannot be attached: `explain` and the counters show that nothing comes through.
  AttachRepresentor(eswitch, port).IgnoreError();
  FollowMtu(eswitch, port, representor);
  IsQueues(eswitch, port) ? FollowQueues(eswitch, port)
                          : FollowFunction(eswitch, port, representor, parked_nsid);
}

// What a `port add` or `port del` that was killed has left: names, but no port.
void ClearHalfPorts(Eswitch& eswitch) {
  for (uint32_t port = 1; port <= XSW_MAX_PORTS; port++) {
    const xsw_port_conf& conf = eswitch.datapath().confs()[port];
    // One that cannot be cleared keeps its index to itself, and is in no other's way.
    if (conf.present || !*conf.representor || !ForgetPort(eswitch, port).ok()) continue;
    eswitch.cleared().push_back(port);
  }
}

// Nothing to do for a port but what its users may have done by hand.
bool IsWhole(Eswitch& eswitch, uint32_t port) {
  const bool open = eswitch.datapath().ports()[port].flags & XSW_PORT_ACTIVE;
  return eswitch.datapath().Target(port).value_or(1) &&
         open == (eswitch.datapath().confs()[port].active != 0);
}

void MendPort(Eswitch& eswitch, uint32_t port) {
  absl::StatusOr<Link> representor = RepresentorOf(eswitch, port);
  if (representor.ok())
    return Follow(eswitch, port, *representor, NetnsId(eswitch.nl(), eswitch.parked()));
  // One that cannot be made stays detached, and is in no other's way.
  if (absl::IsNotFound(representor.status()) && Remake(eswitch, port).ok())
    TellPort(eswitch, Action::kSet, port);
}

// Their namespace is dying, and takes the pairs along in a moment.
void RemakeParked(Eswitch& eswitch) {
  for (uint32_t port : PortIndices(eswitch)) {
    const bool elsewhere =
        eswitch.datapath().confs()[port].active && eswitch.datapath().Target(port).value_or(1);
    // One that cannot be made the next command tries again.
    if (!elsewhere && !IsQueues(eswitch, port)) Remake(eswitch, port).IgnoreError();
  }
}

absl::Status MendAll(Eswitch& eswitch) {
  XSW_ASSIGN_OR_RETURN(std::vector<Link> links, DumpLinks(eswitch.nl()));
  absl::flat_hash_map<int, const Link*> by_ifindex;
  for (const Link& link : links) by_ifindex[link.ifindex] = &link;
  const std::optional<int> parked_nsid = NetnsId(eswitch.nl(), eswitch.parked());
  for (uint32_t port : PortIndices(eswitch)) {
    auto link = by_ifindex.find(eswitch.datapath().Target(port).value_or(0));
    if (link != by_ifindex.end()) {
      Follow(eswitch, port, *link->second, parked_nsid);
    } else {
      MendPort(eswitch, port);
    }
  }
  return absl::OkStatus();
}

absl::Status MendUplink(Eswitch& eswitch) {
  // It may have been in another namespace meanwhile.
  XSW_RETURN_IF_ERROR(eswitch.datapath().SetUplink(eswitch.uplink().ifindex));
  XSW_RETURN_IF_ERROR(AttachUplink(eswitch));
  XSW_RETURN_IF_ERROR(SyncXdp(eswitch));
  // Should a port own the uplink's new address, every command would fail here: the port keeps it.
  SyncHostAddress(eswitch).IgnoreError();
  return absl::OkStatus();
}

}  // namespace

absl::Status Repair(Eswitch& eswitch, Mend mend) {
  // A writer may have been killed between a change and its announcement.
  eswitch.datapath().fdb().Forget();
  XSW_RETURN_IF_ERROR(eswitch.dir_.SetName(eswitch.uplink().name));
  XSW_ASSIGN_OR_RETURN(const bool lost_parking, eswitch.OpenParked());
  XSW_RETURN_IF_ERROR(MendUplink(eswitch));
  ClearHalfPorts(eswitch);
  SyncPromisc(eswitch);
  if (lost_parking) RemakeParked(eswitch);
  xsw_eswitch& config = eswitch.config();
  if (mend == Mend::kAll || config.mtu != eswitch.uplink().mtu) {
    XSW_RETURN_IF_ERROR(MendAll(eswitch));
    config.mtu = eswitch.uplink().mtu;
    return absl::OkStatus();
  }
  for (uint32_t port : PortIndices(eswitch))
    if (!IsWhole(eswitch, port)) MendPort(eswitch, port);
  return absl::OkStatus();
}

}  // namespace xsw
