// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/repair.h"

#include "absl/container/flat_hash_map.h"
#include "switchdev_model/notify.h"
#include "switchdev_model/place.h"
#include "switchdev_model/port.h"
#include "switchdev_model/queues.h"
#include "switchdev_model/representor.h"
#include "switchdev_model/uplink.h"
#include "switchdev_model/words.h"
#include "userspace/netdev.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// Active, but its namespace is gone: its frames are dropped as detached, not lost at a netdev that is down.
absl::Status MakeParked(Eswitch& eswitch, uint32_t port, bool active) {
  XSW_ASSIGN_OR_RETURN(FunctionPlace parked, ParkedPlace(eswitch, port));
  XSW_RETURN_IF_ERROR(MakeRepresentor(eswitch, port, parked));
  if (active) OpenPort(eswitch, port, parked.peer);
  if (active) eswitch.datapath().ClearTarget(port);
  return absl::OkStatus();
}

absl::Status MakeInPlace(Eswitch& eswitch, uint32_t port, bool active) {
  if (IsPid(eswitch.datapath().confs()[port].netns))
    return absl::FailedPreconditionError("its namespace had a PID for a name");
  XSW_ASSIGN_OR_RETURN(FunctionPlace place,
                       PlaceOf(eswitch, port, eswitch.datapath().confs()[port]));
  XSW_RETURN_IF_ERROR(MakeRepresentor(eswitch, port, place));
  if (active) OpenPort(eswitch, port, place.peer);
  return absl::OkStatus();
}

absl::Status Remake(Eswitch& eswitch, uint32_t port) {
  xsw_port_conf& conf = eswitch.datapath().confs()[port];
  const bool active = eswitch.datapath().ports()[port].flags & XSW_PORT_ACTIVE;
  XSW_RETURN_IF_ERROR(RemoveRepresentor(eswitch, port));
  // The wanted namespace may not be there, or its name taken; the parking place is ours alone. A queue
  // block has no other place than its own: it stays detached until that is back.
  const bool queues = IsQueues(eswitch, port);
  if ((!active && !queues) || !MakeInPlace(eswitch, port, active).ok()) {
    if (queues) return absl::OkStatus();
    XSW_RETURN_IF_ERROR(MakeParked(eswitch, port, active));
  }
  if (!conf.master) return absl::OkStatus();
  // The bridge may be gone too.
  ChangeLink(eswitch.nl(), conf.ifindex, {.master = conf.master}, "rejoin bridge").IgnoreError();
  return absl::OkStatus();
}

// An active port that waits for its namespace goes there as soon as there is one of that name.
void BringHome(Eswitch& eswitch, uint32_t port) {
  const xsw_port_conf& conf = eswitch.datapath().confs()[port];
  if (IsPid(conf.netns)) return;
  absl::StatusOr<FunctionPlace> place = PlaceOf(eswitch, port, conf);
  if (!place.ok() || !MoveFunction(eswitch, port, *place, conf.representor).ok()) return;
  if (eswitch.datapath().SetRepresentor(port, conf.ifindex).ok())
    OpenPort(eswitch, port, place->peer);
}

void FollowMtu(Eswitch& eswitch, uint32_t port, const Link& representor) {
  const xsw_port_conf& conf = eswitch.datapath().confs()[port];
  const uint32_t mtu = eswitch.uplink().mtu;
  if (conf.mtu || representor.mtu == mtu) return;
  ChangeLink(eswitch.nl(), representor.ifindex, {.mtu = mtu}, "follow MTU").IgnoreError();
  absl::StatusOr<Fd> netns = CurrentNetns(eswitch, port, representor);
  if (netns.ok())
    ChangeLinkIn(*netns, representor.peer, {.mtu = mtu}, "follow MTU").IgnoreError();
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

void Follow(Eswitch& eswitch, uint32_t port, const Link& representor,
            std::optional<int> parked_nsid) {
  xsw_port_conf& conf = eswitch.datapath().confs()[port];
  const uint16_t flags = eswitch.datapath().ports()[port].flags;
  conf.master = representor.master;
  if (representor.name != conf.representor) CopyName(representor.name, conf.representor);
  FollowMtu(eswitch, port, representor);
  if (!(flags & XSW_PORT_ACTIVE)) return;
  const bool peer = representor.peer_netns.has_value() && !IsQueues(eswitch, port);
  if (peer && representor.peer_netns == parked_nsid) {
    BringHome(eswitch, port);
    return;
  }
  if (!IsQueues(eswitch, port)) FollowNamespace(eswitch, conf, representor.peer_netns);
  if (peer != ((flags & XSW_PORT_PEER) != 0)) OpenPort(eswitch, port, peer);
}

// What a `port add` that was killed has left: names, but no port. Its netdev may be there without its
// ifindex having been noted; that it is ours its address tells.
void ClearHalfPorts(Eswitch& eswitch, const std::vector<Link>& links) {
  for (uint32_t port = 1; port <= XSW_MAX_PORTS; port++) {
    xsw_port_conf& conf = eswitch.datapath().confs()[port];
    if (conf.present || !*conf.representor) continue;
    for (const Link& link : links) {
      if (link.name == conf.representor && link.kind == "veth" &&
          link.mac == RepresentorMac(eswitch, conf))
        conf.ifindex = link.ifindex;
    }
    ForgetPort(eswitch, port).IgnoreError();
  }
}

}  // namespace

absl::Status Repair(Eswitch& eswitch) {
  // A writer may have been killed between a change and its announcement.
  eswitch.datapath().fdb().Forget();
  // Should a port own the uplink's new address, every command would fail here: the port keeps it.
  SyncHostAddress(eswitch).IgnoreError();
  SyncShared(eswitch);
  // It may have been in another namespace meanwhile.
  if (eswitch.uplink().ifindex)
    XSW_RETURN_IF_ERROR(eswitch.datapath().SetUplink(eswitch.uplink().ifindex));
  XSW_ASSIGN_OR_RETURN(std::vector<Link> links, DumpLinks(eswitch.nl()));
  ClearHalfPorts(eswitch, links);
  absl::flat_hash_map<uint32_t, const Link*> by_ifindex;
  for (const Link& link : links) by_ifindex[link.ifindex] = &link;
  const std::optional<int> parked_nsid = NetnsId(eswitch.nl(), eswitch.parked());
  for (uint32_t port : PortIndices(eswitch)) {
    const uint32_t ifindex = eswitch.datapath().confs()[port].ifindex;
    auto link = by_ifindex.find(ifindex);
    if (link != by_ifindex.end()) {
      Follow(eswitch, port, *link->second, parked_nsid);
    } else if (!GetLink(eswitch.nl(), static_cast<int>(ifindex)).ok()) {
      // One that cannot be made stays detached, and is in no other's way.
      if (Remake(eswitch, port).ok()) TellPort(eswitch, Action::kSet, port);
    }
  }
  return absl::OkStatus();
}

}  // namespace xsw
