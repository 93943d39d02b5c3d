// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/port.h"

#include <algorithm>
#include <cstring>

#include "absl/cleanup/cleanup.h"
#include "switchdev_model/fdb.h"
#include "switchdev_model/flood.h"
#include "switchdev_model/place.h"
#include "switchdev_model/representor.h"
#include "switchdev_model/uplink.h"
#include "switchdev_model/words.h"
#include "userspace/netdev.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw {
namespace {

std::string NewPortName(const Eswitch& eswitch, uint32_t sfnum) {
  return absl::StrCat("port ", eswitch.uplink().name, " sfnum ", sfnum);
}

absl::StatusOr<uint32_t> FreeIndex(Eswitch& eswitch) {
  for (uint32_t i = 1; i <= XSW_MAX_PORTS; i++) {
    if (!eswitch.datapath().confs()[i].present) return i;
  }
  return absl::ResourceExhaustedError(
      absl::StrCat("eswitch ", eswitch.uplink().name, ": all ", XSW_MAX_PORTS, " ports are in use"));
}

// The wanted number, or the lowest free one.
absl::StatusOr<uint32_t> ChooseSfnum(Eswitch& eswitch, std::optional<uint32_t> wanted) {
  std::vector<uint32_t> used;
  for (uint32_t port : PortIndices(eswitch)) {
    used.push_back(eswitch.datapath().confs()[port].sfnum);
    if (wanted == used.back())
      return absl::AlreadyExistsError(
          absl::StrCat(NewPortName(eswitch, *wanted), ": in use by ", OwnerName(eswitch, port)));
  }
  if (wanted) return *wanted;
  std::sort(used.begin(), used.end());
  uint32_t free = 1;
  for (uint32_t number : used) free += number == free;
  return free;
}

// The user's address, or one derived from uplink and sfnum that nobody here has.
absl::StatusOr<Mac> ChooseHwAddr(Eswitch& eswitch, uint32_t sfnum, std::optional<Mac> wanted) {
  if (wanted) return *wanted;
  const std::vector<FdbRow> rows = FdbShow(eswitch);
  // Salt 1 is the representor's.
  for (uint32_t salt = 0; salt < 16; salt += 2) {
    Mac mac = DerivedMac(eswitch.uplink().mac, sfnum, salt);
    if (std::none_of(rows.begin(), rows.end(), [&](const FdbRow& r) { return r.mac == mac; }))
      return mac;
  }
  return absl::ResourceExhaustedError(
      absl::StrCat(NewPortName(eswitch, sfnum), ": no free address, say hw_addr MAC"));
}

// The kernel's own "File exists" does not say which of the two names it means.
absl::Status CheckNames(Eswitch& eswitch, const xsw_port_conf& conf, const FunctionPlace& place) {
  if (GetLink(eswitch.nl(), std::string(conf.representor)).ok())
    return absl::AlreadyExistsError(absl::StrCat(NewPortName(eswitch, conf.sfnum), ": name ",
                                                 conf.representor, " is taken"));
  return CheckNameFree(place, NewPortName(eswitch, conf.sfnum));
}

absl::Status CheckQueues(const PortSpec& spec, const std::string& what) {
  if (spec.port_class != XSW_CLASS_QUEUES) {
    if (!spec.queues && !spec.program && !spec.function.owner) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat(what, ": queues, program and owner are for class queues"));
  }
  if (spec.queues && (*spec.queues < 1 || *spec.queues > XSW_MAX_QUEUES))
    return absl::InvalidArgumentError(absl::StrCat(what, ": queues ", *spec.queues,
                                                   " is not within 1 to ", XSW_MAX_QUEUES));
  return absl::OkStatus();
}

absl::Status FillConf(Eswitch& eswitch, uint32_t port, uint32_t sfnum, const PortSpec& spec) {
  const FunctionChange& function = spec.function;
  const std::string& uplink = eswitch.uplink().name;
  xsw_port_conf& conf = eswitch.datapath().confs()[port];
  const Owner owner = function.owner.value_or(Owner{});
  conf = {.sfnum = sfnum,
          .mtu = function.mtu.value_or(0),
          .port_class = spec.port_class,
          .program = spec.program.value_or(XSW_PROGRAM_XSK),
          .queues = static_cast<__u16>(spec.queues.value_or(1)),
          .owner_uid = owner.uid,
          .owner_gid = owner.gid};
  XSW_ASSIGN_OR_RETURN(std::string netns, CanonicalNetns(function.netns.value_or("")));
  CopyName(netns, conf.netns);
  CopyName(RepresentorName(uplink, sfnum), conf.representor);
  CopyName(function.ifname.value_or(FunctionName(uplink, sfnum)), conf.function);
  return absl::OkStatus();
}

void Forget(Eswitch& eswitch, uint32_t port) {
  xsw_port& value = eswitch.datapath().ports()[port];
  ClosePort(eswitch, port);
  FdbReleaseAll(eswitch, port);
  RemoveRepresentor(eswitch, port);
  eswitch.datapath().confs()[port] = {};
  // next_member stays: a flood may be standing on this port.
  std::memset(value.hw_addr, 0, sizeof(value.hw_addr));
  value.flags = 0;
  SyncSteering(eswitch);
}

}  // namespace

absl::StatusOr<uint32_t> AddPort(Eswitch& eswitch, const PortSpec& spec) {
  XSW_ASSIGN_OR_RETURN(uint32_t index, FreeIndex(eswitch));
  XSW_ASSIGN_OR_RETURN(uint32_t sfnum, ChooseSfnum(eswitch, spec.sfnum));
  XSW_RETURN_IF_ERROR(CheckFunctionChange(eswitch, spec.function, NewPortName(eswitch, sfnum)));
  XSW_RETURN_IF_ERROR(CheckQueues(spec, NewPortName(eswitch, sfnum)));
  XSW_ASSIGN_OR_RETURN(Mac mac, ChooseHwAddr(eswitch, sfnum, spec.function.hw_addr));
  xsw_port_conf& conf = eswitch.datapath().confs()[index];
  xsw_port& port = eswitch.datapath().ports()[index];
  absl::Cleanup forget = [&] { Forget(eswitch, index); };
  XSW_RETURN_IF_ERROR(FillConf(eswitch, index, sfnum, spec));
  const bool active = spec.function.active.value_or(false);
  const bool queues = spec.port_class == XSW_CLASS_QUEUES;
  absl::StatusOr<FunctionPlace> place =
      active || queues ? PlaceOf(eswitch, index) : ParkedPlace(eswitch, index);
  if (!place.ok()) return place.status();
  XSW_RETURN_IF_ERROR(CheckNames(eswitch, conf, *place));
  XSW_RETURN_IF_ERROR(FdbClaim(eswitch, mac, index, XSW_FDB_SELF));
  XSW_RETURN_IF_ERROR(AcceptAddress(eswitch, mac));
  CopyMac(mac, port.hw_addr);
  port.flags = XSW_PORT_SPOOFCHK | (queues ? XSW_PORT_QUEUES : 0);
  XSW_RETURN_IF_ERROR(eswitch.datapath().ClearStats(index));
  XSW_RETURN_IF_ERROR(MakeRepresentor(eswitch, index, *place));
  if (active) OpenPort(eswitch, index, place->peer);
  conf.present = 1;
  SyncSteering(eswitch);
  std::move(forget).Cancel();
  return index;
}

absl::Status DelPort(Eswitch& eswitch, uint32_t port) {
  XSW_RETURN_IF_ERROR(CheckPort(eswitch, port));
  if (port == XSW_UPLINK)
    return absl::InvalidArgumentError(absl::StrCat("port ", eswitch.uplink().name,
                                                   "/0: is the uplink (xsw eswitch del)"));
  Forget(eswitch, port);
  return absl::OkStatus();
}

void DelAllPorts(Eswitch& eswitch) {
  for (uint32_t port : PortIndices(eswitch)) Forget(eswitch, port);
}

absl::Status CheckPort(Eswitch& eswitch, uint32_t port) {
  if (port == XSW_UPLINK ||
      (port <= XSW_MAX_PORTS && eswitch.datapath().confs()[port].present))
    return absl::OkStatus();
  return absl::NotFoundError(absl::StrCat(OwnerName(eswitch, port), ": does not exist"));
}

std::vector<uint32_t> PortIndices(Eswitch& eswitch) {
  std::vector<uint32_t> indices;
  for (uint32_t i = 1; i <= XSW_MAX_PORTS; i++) {
    if (eswitch.datapath().confs()[i].present) indices.push_back(i);
  }
  return indices;
}

std::optional<uint32_t> PortOfRepresentor(Eswitch& eswitch, const std::string& name) {
  absl::StatusOr<Link> link = GetLink(eswitch.nl(), name);
  if (!link.ok()) return std::nullopt;
  for (uint32_t port : PortIndices(eswitch)) {
    if (eswitch.datapath().confs()[port].ifindex == static_cast<uint32_t>(link->ifindex))
      return port;
  }
  return std::nullopt;
}

PortInfo GetPort(Eswitch& eswitch, uint32_t port, const std::vector<Link>& links) {
  const xsw_port_conf& conf = eswitch.datapath().confs()[port];
  const xsw_port& value = eswitch.datapath().ports()[port];
  if (port == XSW_UPLINK) return {.netdev = eswitch.uplink().name, .mtu = eswitch.uplink().mtu};
  PortInfo info{.index = port,
                .sfnum = conf.sfnum,
                .hw_addr = MacFrom(value.hw_addr),
                .active = (value.flags & XSW_PORT_ACTIVE) != 0,
                .netns = conf.netns,
                .ifname = conf.function,
                .mtu = conf.mtu ? conf.mtu : eswitch.uplink().mtu};
  for (const Link& link : links) {
    if (static_cast<uint32_t>(link.ifindex) != conf.ifindex) continue;
    info.netdev = link.name;
    info.mtu = link.mtu;
    absl::StatusOr<Link> function = GetFunction(eswitch.nl(), link);
    if (!function.ok()) break;
    const bool parked = IsParked(eswitch, link);
    info.attached = function->up() && !parked;
    if (!parked) info.ifname = function->name;
    info.function_rx = function->rx_packets;
    if (conf.port_class == XSW_CLASS_QUEUES) info.lost_at_socket = function->rx_dropped;
  }
  return info;
}

}  // namespace xsw
