// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/repair/repair.h"

#include <chrono>
#include <thread>

#include "absl/container/flat_hash_map.h"
#include "switchdev_model/eswitch/uplink.h"
#include "switchdev_model/health/record.h"
#include "switchdev_model/ports/class_change.h"
#include "switchdev_model/ports/expedited.h"
#include "switchdev_model/ports/place.h"
#include "switchdev_model/ports/port.h"
#include "switchdev_model/ports/port_class.h"
#include "switchdev_model/ports/quiet.h"
#include "switchdev_model/ports/representor.h"
#include "switchdev_model/show/notify.h"
#include "switchdev_model/words.h"
#include "userspace/netdev.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// What the kernel takes to end a namespace with its netdevs, on a busy machine, and how often to
// look: the news of it (RTM_DELLINK) may have come before anybody listened.
constexpr std::chrono::milliseconds kDeathLimit(3000), kDeathStep(5);

bool IsOpen(Eswitch& eswitch, uint32_t port) {
  return eswitch.datapath().ports()[port].flags & XSW_PORT_ACTIVE;
}

// The representor last: by its MTU the next command sees what is to be done. True: it is done.
bool SyncMtu(Eswitch& eswitch, uint32_t port, const Link& representor) {
  const xsw_port_conf& conf = eswitch.datapath().confs()[port];
  const uint32_t mtu = conf.mtu ? conf.mtu : eswitch.uplink().mtu;
  if (representor.mtu == mtu) return false;
  absl::StatusOr<Fd> netns = CurrentNetns(eswitch, port, representor);
  // One that cannot be changed the next command tries again, by the representor that keeps its MTU.
  return netns.ok() && ChangeLinkIn(*netns, representor.peer, {.mtu = mtu}, "follow MTU").ok() &&
         ChangeLink(eswitch.nl(), representor.ifindex, {.mtu = mtu}, "follow MTU").ok();
}

void Sync(Eswitch& eswitch, uint32_t port, const Link& representor,
          std::optional<int> parked_nsid) {
  xsw_port_conf& conf = eswitch.datapath().confs()[port];
  conf.master = representor.master;
  const bool renamed = representor.name != conf.representor, was_open = IsOpen(eswitch, port);
  if (renamed) CopyName(representor.name, conf.representor);
  // A program that cannot be attached: `health show` says that it is missing.
  eswitch.mended().programs += AttachRepresentor(eswitch, port).value_or(false);
  eswitch.mended().others += renamed + SyncMtu(eswitch, port, representor);
  ClassOf(eswitch, port).Sync(eswitch, port, representor, parked_nsid);
  eswitch.mended().others += was_open != IsOpen(eswitch, port);
}

// What a `port add` or `port del` that was killed has left: names, but no port.
void ClearHalfPorts(Eswitch& eswitch) {
  for (uint32_t port = 1; port <= XSW_MAX_PORTS; port++) {
    const xsw_port_conf& conf = eswitch.datapath().confs()[port];
    // One that cannot be cleared keeps its index to itself, and is in no other's way.
    if (conf.present || !*conf.representor || !ClearPort(eswitch, port).ok()) continue;
    eswitch.cleared().push_back(port);
    eswitch.mended().others++;
  }
}

// Nothing to do for a port but what its users may have done by hand.
bool IsWhole(Eswitch& eswitch, uint32_t port) {
  return eswitch.datapath().Target(port).value_or(1) &&
         IsOpen(eswitch, port) == (eswitch.datapath().confs()[port].active != 0);
}

// A killed command has not come to the end of making its pair. A function that waits for its
// namespace is no target either.
bool IsUnfinished(Eswitch& eswitch, uint32_t port, const Link& representor,
                  std::optional<int> parked_nsid) {
  if (eswitch.datapath().Target(port).value_or(1)) return false;
  const bool link_off = eswitch.datapath().ports()[port].flags & XSW_PORT_LINK_OFF;
  const bool waits = eswitch.datapath().confs()[port].active && IsParked(representor, parked_nsid);
  return !waits || (!representor.up() && !link_off);
}

// Of a port that is not whole.
bool CanBeMended(Eswitch& eswitch, uint32_t port, std::optional<int> parked_nsid) {
  const xsw_port_conf& conf = eswitch.datapath().confs()[port];
  absl::StatusOr<Link> representor = RepresentorOf(eswitch, port);
  if (!representor.ok()) return absl::IsNotFound(representor.status()) && HasPlace(eswitch, port);
  return IsUnfinished(eswitch, port, *representor, parked_nsid) || !conf.active ||
         NamedPlace(conf).ok();
}

void MendPort(Eswitch& eswitch, uint32_t port) {
  const std::optional<int> parked_nsid = NetnsId(eswitch.nl(), eswitch.parked());
  absl::StatusOr<Link> representor = RepresentorOf(eswitch, port);
  if (representor.ok() && !IsUnfinished(eswitch, port, *representor, parked_nsid))
    return Sync(eswitch, port, *representor, parked_nsid);
  if (!representor.ok() && !absl::IsNotFound(representor.status())) return;
  // One that cannot be made stays detached, and is in no other's way.
  if (!RemakePort(eswitch, port).ok()) return;
  eswitch.mended().others++;
  NotifyPort(eswitch, Action::kSet, port);
}

// Their namespace is dying, and takes the pairs along in a moment.
void RemakeParked(Eswitch& eswitch) {
  for (uint32_t port : PortIndices(eswitch)) {
    const bool elsewhere =
        eswitch.datapath().confs()[port].active && eswitch.datapath().Target(port).value_or(1);
    // One that cannot be made the next command tries again.
    if (!elsewhere && ClassOf(eswitch, port).facts.parks) RemakePort(eswitch, port).IgnoreError();
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
      Sync(eswitch, port, *link->second, parked_nsid);
    } else {
      MendPort(eswitch, port);
    }
  }
  return absl::OkStatus();
}

absl::Status MendUplink(Eswitch& eswitch) {
  // It may have been in another namespace meanwhile.
  XSW_RETURN_IF_ERROR(eswitch.datapath().SetUplink(eswitch.uplink().ifindex));
  XSW_ASSIGN_OR_RETURN(const bool tc, AttachUplink(eswitch));
  XSW_ASSIGN_OR_RETURN(const bool xdp, SyncXdp(eswitch));
  eswitch.mended().programs += tc || xdp;
  const bool another_address = MacFrom(eswitch.config().mac) != eswitch.uplink().mac;
  // Should a port own the uplink's new address, every command would fail here: the port keeps it.
  eswitch.mended().others += SyncHostAddress(eswitch).ok() && another_address;
  return absl::OkStatus();
}

// A record that cannot be written is in no command's way.
void RecordMended(Eswitch& eswitch) {
  AddMended(eswitch, XSW_REPORTER_PROGRAMS, eswitch.mended().programs).IgnoreError();
  AddMended(eswitch, XSW_REPORTER_MENDING, eswitch.mended().others).IgnoreError();
  eswitch.mended() = {};
}

absl::Status MendPorts(Eswitch& eswitch, Mend mend) {
  xsw_eswitch& config = eswitch.config();
  const bool another_mtu = config.mtu != eswitch.uplink().mtu;
  if (mend == Mend::kAll || another_mtu) {
    XSW_RETURN_IF_ERROR(MendAll(eswitch));
    config.mtu = eswitch.uplink().mtu;
    eswitch.mended().others += another_mtu;
    return absl::OkStatus();
  }
  for (uint32_t port : PortIndices(eswitch))
    if (!IsWhole(eswitch, port)) MendPort(eswitch, port);
  return absl::OkStatus();
}

}  // namespace

absl::Status Repair(Eswitch& eswitch, Mend mend) {
  // A writer may have been killed between a change and its announcement.
  eswitch.datapath().fdb().Invalidate();
  EndExpedited(eswitch);
  XSW_RETURN_IF_ERROR(eswitch.dir_.SetName(eswitch.uplink().name));
  XSW_ASSIGN_OR_RETURN(const bool lost_parking, eswitch.OpenParked());
  XSW_RETURN_IF_ERROR(MendUplink(eswitch));
  ClearHalfPorts(eswitch);
  SyncPromisc(eswitch);
  // One that cannot be changed the next command tries again.
  SyncQuiet(eswitch).IgnoreError();
  if (lost_parking) RemakeParked(eswitch);
  eswitch.mended().others += lost_parking;
  const absl::Status status = MendPorts(eswitch, mend);
  RecordMended(eswitch);
  return status;
}

bool MendDying(Eswitch& eswitch, uint32_t port) {
  const auto end = std::chrono::steady_clock::now() + kDeathLimit;
  for (;;) {
    const absl::StatusOr<Link> representor = RepresentorOf(eswitch, port);
    if (absl::IsNotFound(representor.status())) break;
    if (!representor.ok() || std::chrono::steady_clock::now() > end ||
        !absl::IsNotFound(GetFunction(eswitch.nl(), *representor).status()))
      return false;
    std::this_thread::sleep_for(kDeathStep);
  }
  MendPort(eswitch, port);
  RecordMended(eswitch);
  return true;
}

bool HasWork(Eswitch& eswitch) {
  const std::optional<int> parked_nsid = ParkedId(eswitch);
  for (uint32_t port = 1; port <= XSW_MAX_PORTS; port++) {
    const xsw_port_conf& conf = eswitch.datapath().confs()[port];
    if (conf.present && !IsWhole(eswitch, port) && CanBeMended(eswitch, port, parked_nsid))
      return true;
  }
  return false;
}

}  // namespace xsw
