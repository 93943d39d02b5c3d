// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/repair.h"

#include "absl/container/flat_hash_map.h"
#include "switchdev_model/place.h"
#include "switchdev_model/port.h"
#include "switchdev_model/queues.h"
#include "switchdev_model/representor.h"
#include "switchdev_model/uplink.h"
#include "switchdev_model/words.h"
#include "userspace/netdev.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// Where it belongs, else parked. A queue block cannot be parked: it stays detached until its namespace
// is back.
absl::Status MakeInPlace(Eswitch& eswitch, uint32_t port, bool active) {
  const bool queues = IsQueues(eswitch, port);
  if (active || queues) {
    absl::StatusOr<FunctionPlace> place = PlaceOf(eswitch, port);
    if (place.ok() && MakeRepresentor(eswitch, port, *place).ok()) {
      if (active) OpenPort(eswitch, port, place->peer);
      return absl::OkStatus();
    }
    if (queues) return absl::OkStatus();
  }
  XSW_ASSIGN_OR_RETURN(FunctionPlace parked, ParkedPlace(eswitch, port));
  XSW_RETURN_IF_ERROR(MakeRepresentor(eswitch, port, parked));
  if (active) OpenPort(eswitch, port, parked.peer);
  return absl::OkStatus();
}

absl::Status Remake(Eswitch& eswitch, uint32_t port) {
  xsw_port_conf& conf = eswitch.datapath().confs()[port];
  const bool active = eswitch.datapath().ports()[port].flags & XSW_PORT_ACTIVE;
  RemoveRepresentor(eswitch, port);
  XSW_RETURN_IF_ERROR(MakeInPlace(eswitch, port, active));
  if (!conf.master || !conf.ifindex) return absl::OkStatus();
  // The bridge may be gone too.
  ChangeLink(eswitch.nl(), conf.ifindex, {.master = conf.master}, "rejoin bridge").IgnoreError();
  return absl::OkStatus();
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

void Follow(Eswitch& eswitch, uint32_t port, const Link& representor) {
  xsw_port_conf& conf = eswitch.datapath().confs()[port];
  const uint16_t flags = eswitch.datapath().ports()[port].flags;
  conf.master = representor.master;
  if (representor.name != conf.representor) CopyName(representor.name, conf.representor);
  FollowMtu(eswitch, port, representor);
  const bool peer = representor.peer_netns.has_value() && !IsQueues(eswitch, port);
  if ((flags & XSW_PORT_ACTIVE) && peer != ((flags & XSW_PORT_PEER) != 0))
    OpenPort(eswitch, port, peer);
}

}  // namespace

absl::Status Repair(Eswitch& eswitch) {
  // Should a port own the uplink's new address, every command would fail here: the port keeps it.
  SyncHostAddress(eswitch).IgnoreError();
  XSW_ASSIGN_OR_RETURN(std::vector<Link> links, DumpLinks(eswitch.nl()));
  absl::flat_hash_map<uint32_t, const Link*> by_ifindex;
  for (const Link& link : links) by_ifindex[link.ifindex] = &link;
  for (uint32_t port : PortIndices(eswitch)) {
    auto link = by_ifindex.find(eswitch.datapath().confs()[port].ifindex);
    if (link != by_ifindex.end()) {
      Follow(eswitch, port, *link->second);
    } else {
      XSW_RETURN_IF_ERROR(Remake(eswitch, port));
    }
  }
  return absl::OkStatus();
}

}  // namespace xsw
