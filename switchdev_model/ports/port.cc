// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/ports/port.h"

#include <algorithm>
#include <cstring>

#include "absl/cleanup/cleanup.h"
#include "switchdev_model/eswitch/reception.h"
#include "switchdev_model/eswitch/uplink.h"
#include "switchdev_model/ports/place.h"
#include "switchdev_model/ports/port_class.h"
#include "switchdev_model/ports/representor.h"
#include "switchdev_model/show/notify.h"
#include "switchdev_model/tables/fdb.h"
#include "switchdev_model/tables/flood.h"
#include "switchdev_model/tables/mdb.h"
#include "switchdev_model/tables/permit.h"
#include "switchdev_model/words.h"
#include "userspace/netdev.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw {
namespace {

std::string NewPortName(const Eswitch& eswitch, uint32_t sfnum) {
  return absl::StrCat("port ", eswitch.uplink().name, " sfnum ", sfnum);
}

absl::StatusOr<Mac> ChooseHwAddr(Eswitch& eswitch, uint32_t sfnum, std::optional<Mac> wanted) {
  if (wanted) return *wanted;
  XSW_ASSIGN_OR_RETURN(const std::vector<FdbRow> rows, FdbShow(eswitch));
  return DefaultHwAddr(eswitch, sfnum, 0, rows);
}

// A port that is to be: all that can be known, and refused, before anything changes.
struct NewPort {
  uint32_t index = 0;
  Mac mac{};
  xsw_port_conf conf{};
  Policy policy;
  bool waits = false;  // for its namespace
};

absl::StatusOr<xsw_port_conf> NewConf(const std::string& uplink, uint32_t sfnum,
                                      const FunctionChange& function) {
  const Owner owner = function.owner.value_or(Owner{});
  xsw_port_conf conf{.sfnum = sfnum,
                     .mtu = function.mtu.value_or(0),
                     .port_class = XSW_CLASS_NETDEV,
                     .queues = 1,
                     .memory_max = function.memory_max.value_or(0),
                     .owner_uid = owner.uid,
                     .owner_gid = owner.gid};
  CopyName(RepresentorName(uplink, sfnum), conf.representor);
  CopyName(FunctionName(uplink, sfnum), conf.function);
  return ConfAfter(function, conf);
}

// The function's address is free in each VLAN that the port will carry.
absl::Status CheckAddress(Eswitch& eswitch, const NewPort& port) {
  for (uint16_t vlan : Carried(port.policy.vlans))
    XSW_RETURN_IF_ERROR(CheckFree(eswitch, FdbKey(port.mac, vlan), port.index));
  return absl::OkStatus();
}

absl::StatusOr<NewPort> Plan(Eswitch& eswitch, const PortSpec& spec) {
  NewPort port;
  XSW_ASSIGN_OR_RETURN(const PortNumbers numbers,
                       ChooseNumbers(eswitch.uplink().name, TakenOf(eswitch), spec.sfnum));
  const uint32_t sfnum = numbers.sfnum;
  port.index = numbers.index;
  const std::string what = NewPortName(eswitch, sfnum);
  if (spec.attachment) XSW_RETURN_IF_ERROR(CheckAttachment(*spec.attachment));
  XSW_RETURN_IF_ERROR(CheckFunctionChange(eswitch, spec.function, what));
  const PortClass& port_class = ClassOf(spec.function.port_class.value_or(XSW_CLASS_NETDEV));
  XSW_RETURN_IF_ERROR(port_class.CheckWords(spec.function, what));
  XSW_ASSIGN_OR_RETURN(port.mac, ChooseHwAddr(eswitch, sfnum, spec.function.hw_addr));
  XSW_ASSIGN_OR_RETURN(port.policy,
                       PolicyAfter(eswitch.uplink().mtu, {}, spec.function.policy, what));
  XSW_RETURN_IF_ERROR(CheckAddress(eswitch, port));
  XSW_ASSIGN_OR_RETURN(port.conf, NewConf(eswitch.uplink().name, sfnum, spec.function));
  XSW_RETURN_IF_ERROR(CheckRepresentorNames(eswitch, port.conf, what));
  const auto place = port_class.PlaceBy(eswitch, port.index, port.conf);
  port.waits = Waits(spec.function, place.status());
  if (!place.ok() && !port.waits) return place.status();
  // In a place that is not there yet no name is taken.
  if (port.waits || !*place) return port;
  XSW_RETURN_IF_ERROR(CheckNameFree(**place, what));
  // Both ends in one namespace, of which neither is there yet.
  if (!(*place)->peer && (*place)->ifname == port.conf.representor)
    return absl::AlreadyExistsError(
        absl::StrCat(what, ": name ", (*place)->ifname, " is its representor's"));
  return port;
}

// By this very command, before its own work.
bool WasCleared(Eswitch& eswitch, uint32_t port) {
  const std::vector<uint32_t>& cleared = eswitch.cleared();
  return std::find(cleared.begin(), cleared.end(), port) != cleared.end();
}

}  // namespace

std::string NetdevOf(Eswitch& eswitch, uint32_t port) {
  if (port == XSW_UPLINK) return eswitch.uplink().name;
  return eswitch.datapath().confs()[port].representor;
}

TakenNumbers TakenOf(Eswitch& eswitch) {
  TakenNumbers taken;
  for (uint32_t i = 1; i <= XSW_MAX_PORTS; i++) {
    const xsw_port_conf& conf = eswitch.datapath().confs()[i];
    if (conf.present) taken[i] = conf.sfnum;
    // A name without a port is what a killed command has left, and could not be cleared away yet.
    if (!conf.present && *conf.representor) taken[i] = std::nullopt;
  }
  return taken;
}

absl::StatusOr<Mac> DefaultHwAddr(Eswitch& eswitch, uint32_t sfnum, uint32_t port,
                                  const std::vector<FdbRow>& rows) {
  // Salt 1 is the representor's.
  for (uint32_t salt = 0; salt < 16; salt += 2) {
    const Mac mac = DerivedMac(eswitch.uplink().mac, sfnum, salt);
    if (std::none_of(rows.begin(), rows.end(), [&](const FdbRow& row) {
          return row.mac == mac && (port == 0 || row.port != port);
        }))
      return mac;
  }
  return absl::ResourceExhaustedError(
      absl::StrCat(NewPortName(eswitch, sfnum), ": no free address, say hw_addr MAC"));
}

absl::Status CheckAddPort(Eswitch& eswitch, const PortSpec& spec) {
  return Plan(eswitch, spec).status();
}

// Nothing can come from the port or go to it before its netdevs are there, and then all its rules
// are.
absl::StatusOr<uint32_t> AddPort(Eswitch& eswitch, const PortSpec& spec) {
  XSW_ASSIGN_OR_RETURN(NewPort plan, Plan(eswitch, spec));
  const uint32_t index = plan.index;
  xsw_port& port = eswitch.datapath().ports()[index];
  // What cannot be taken back, names without a port, tells the next command what to clear away.
  absl::Cleanup forget = [&, was_promiscuous = IsMadePromiscuous(eswitch)] {
    ClearPort(eswitch, index).IgnoreError();
    RestorePromiscuous(eswitch, was_promiscuous);
  };
  eswitch.datapath().confs()[index] = plan.conf;
  if (spec.attachment) XSW_RETURN_IF_ERROR(SetAttachment(eswitch, index, *spec.attachment));
  CopyMac(plan.mac, port.hw_addr);
  WritePolicy(eswitch, index, plan.policy);
  if (plan.conf.mtu) port.flags |= XSW_PORT_MTU;
  if (plan.policy.vlans != PortVlans{}) XSW_RETURN_IF_ERROR(AcceptVlans(eswitch));
  XSW_RETURN_IF_ERROR(FdbClaimSelf(eswitch, index, plan.mac));
  XSW_RETURN_IF_ERROR(eswitch.datapath().ClearStats(index));
  XSW_RETURN_IF_ERROR(ClearPlace(eswitch.datapath().dir(), index));
  const PortClass& port_class = ClassOf(eswitch, index);
  XSW_RETURN_IF_ERROR(plan.waits ? port_class.Remake(eswitch, index)
                                 : port_class.MakeInPlace(eswitch, index));
  eswitch.datapath().confs()[index].present = 1;
  SyncPromisc(eswitch);
  XSW_RETURN_IF_ERROR(SyncSteering(eswitch));
  std::move(forget).Cancel();
  NotifyPort(eswitch, Action::kNew, index);
  return index;
}

absl::Status CheckDelPort(Eswitch& eswitch, uint32_t port) {
  if (WasCleared(eswitch, port)) return absl::OkStatus();
  XSW_RETURN_IF_ERROR(CheckPort(eswitch, port));
  if (port != XSW_UPLINK) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("port ", eswitch.uplink().name, "/0: is the uplink (xsw eswitch del)"));
}

absl::Status DelPort(Eswitch& eswitch, uint32_t port) {
  XSW_RETURN_IF_ERROR(CheckDelPort(eswitch, port));
  if (!WasCleared(eswitch, port)) XSW_RETURN_IF_ERROR(ClearPort(eswitch, port));
  NotifyPort(eswitch, Action::kDel, port);
  return absl::OkStatus();
}

// Not a port any more from the first step on: who is killed, or fails, behind it has left names
// without a port, and the next command goes on.
absl::Status ClearPort(Eswitch& eswitch, uint32_t port) {
  xsw_port& value = eswitch.datapath().ports()[port];
  xsw_port_conf& conf = eswitch.datapath().confs()[port];
  const uint32_t was_present = conf.present;
  // What cannot be read shall not leave half a port.
  XSW_ASSIGN_OR_RETURN(const std::vector<FdbRow> addresses, FdbShow(eswitch));
  XSW_ASSIGN_OR_RETURN(const std::vector<MdbEntry> groups, MdbShow(eswitch));
  conf.present = 0;
  absl::Status status = RemoveRepresentor(eswitch, port);
  // The pair is still there: so is the port, as it was.
  if (!status.ok() && conf.ifindex) conf.present = was_present;
  if (!status.ok()) return status;
  ClosePort(eswitch, port);
  XSW_RETURN_IF_ERROR(FdbReleaseAll(eswitch, port, addresses));
  XSW_RETURN_IF_ERROR(MdbReleaseAll(eswitch, port, groups));
  XSW_RETURN_IF_ERROR(ClearAttachment(eswitch, port));
  WritePolicy(eswitch, port, {});
  // next_member stays: a flood may be standing on this port.
  std::memset(value.hw_addr, 0, sizeof(value.hw_addr));
  value.flags = 0;
  conf = {};
  return SyncSteering(eswitch);
}

absl::Status CheckPort(Eswitch& eswitch, uint32_t port) {
  if (port == XSW_UPLINK || (port <= XSW_MAX_PORTS && eswitch.datapath().confs()[port].present))
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
    if (eswitch.datapath().confs()[port].ifindex == static_cast<uint32_t>(link->ifindex) &&
        IsRepresentorOf(eswitch, port, link->ifindex).value_or(false))
      return port;
  }
  return std::nullopt;
}

}  // namespace xsw
