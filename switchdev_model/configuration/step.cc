// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/configuration/step.h"

#include "absl/strings/str_cat.h"
#include "switchdev_model/configuration/change.h"
#include "switchdev_model/ports/port_class.h"
#include "switchdev_model/repair/repair.h"
#include "switchdev_model/tables/fdb.h"
#include "switchdev_model/tables/mdb.h"
#include "switchdev_model/words.h"
#include "userspace/status.h"

namespace xsw {

struct TableOfEntries {
  using Function = absl::Status (*)(Eswitch& eswitch, const Mac& mac, uint16_t vlan, uint32_t port);
  const char* object;
  Function check_add, check_del, add, del;
};

namespace {

template <absl::Status (*kFunction)(Eswitch&, const xsw_fdb_key&, uint32_t)>
absl::Status OnFdb(Eswitch& eswitch, const Mac& mac, uint16_t vlan, uint32_t port) {
  return kFunction(eswitch, FdbKey(mac, vlan), port);
}

template <absl::Status (*kFunction)(Eswitch&, const MdbEntry&)>
absl::Status OnMdb(Eswitch& eswitch, const Mac& mac, uint16_t vlan, uint32_t port) {
  return kFunction(eswitch, {mac, vlan, port});
}

}  // namespace

const TableOfEntries kFdbTable = {"fdb", OnFdb<CheckFdbAdd>, OnFdb<CheckFdbDel>, OnFdb<FdbAdd>,
                                  OnFdb<FdbDel>};
const TableOfEntries kMdbTable = {"mdb", OnMdb<CheckMdbAdd>, OnMdb<CheckMdbDel>, OnMdb<MdbAdd>,
                                  OnMdb<MdbDel>};

absl::StatusOr<uint32_t> PortRef::In(Eswitch& eswitch) const {
  if (index_) return *index_;
  for (uint32_t port : PortIndices(eswitch))
    if (eswitch.datapath().confs()[port].sfnum == sfnum_) return port;
  return absl::NotFoundError(
      absl::StrCat("port ", eswitch.uplink().name, " sfnum ", sfnum_, ": does not exist"));
}

std::string PortRef::Handle(const std::string& uplink) const {
  return index_ ? absl::StrCat(uplink, "/", *index_) : RepresentorName(uplink, sfnum_);
}

std::string SettingsStep::Text(const std::string& uplink) const {
  return absl::StrCat("eswitch set ", uplink, Words(change_));
}

absl::Status PortAddStep::CheckAhead(Eswitch& eswitch) const {
  const std::string what =
      absl::StrCat("port ", eswitch.uplink().name, " sfnum ", spec_.sfnum.value_or(0));
  const xsw_class port_class = spec_.function.port_class.value_or(XSW_CLASS_NETDEV);
  XSW_RETURN_IF_ERROR(ClassOf(port_class).CheckWords(spec_.function, what));
  XSW_RETURN_IF_ERROR(CheckFunctionChange(eswitch, spec_.function, what));
  return PolicyAfter(eswitch.uplink().mtu, {}, spec_.function.policy, what).status();
}

absl::Status PortAddStep::Run(Eswitch& eswitch) {
  XSW_ASSIGN_OR_RETURN(index_, AddPort(eswitch, spec_));
  return absl::OkStatus();
}

std::string PortAddStep::Text(const std::string& uplink) const {
  return absl::StrCat("port add ", uplink, Words(spec_));
}

absl::Status PortDelStep::Check(Eswitch& eswitch) const {
  XSW_ASSIGN_OR_RETURN(const uint32_t port, port_.In(eswitch));
  return CheckDelPort(eswitch, port);
}

absl::Status PortDelStep::Run(Eswitch& eswitch) {
  XSW_ASSIGN_OR_RETURN(const uint32_t port, port_.In(eswitch));
  return DelPort(eswitch, port);
}

absl::Status PortDelStep::Undo(Eswitch& eswitch) {
  for (auto& step : back_) XSW_RETURN_IF_ERROR(step->Run(eswitch));
  return absl::OkStatus();
}

std::string PortDelStep::Text(const std::string& uplink) const {
  return absl::StrCat("port del ", port_.Handle(uplink));
}

absl::StatusOr<uint32_t> FunctionStep::Port(Eswitch& eswitch) const {
  XSW_ASSIGN_OR_RETURN(const uint32_t port, port_.In(eswitch));
  XSW_RETURN_IF_ERROR(CheckPort(eswitch, port));
  if (port != XSW_UPLINK) return port;
  return absl::InvalidArgumentError(
      absl::StrCat("port ", eswitch.uplink().name, "/0: the uplink has no function"));
}

absl::Status FunctionStep::Check(Eswitch& eswitch) const {
  XSW_ASSIGN_OR_RETURN(const uint32_t port, Port(eswitch));
  return CheckSetFunction(eswitch, port, change_);
}

absl::Status FunctionStep::CheckAhead(Eswitch& eswitch) const {
  return CheckFunctionChange(eswitch, change_,
                             absl::StrCat("port ", port_.Handle(eswitch.uplink().name)));
}

absl::Status FunctionStep::Run(Eswitch& eswitch) {
  XSW_ASSIGN_OR_RETURN(const uint32_t port, Port(eswitch));
  const absl::Status status = SetFunction(eswitch, port, change_);
  return !status.ok() && MendDying(eswitch, port) ? SetFunction(eswitch, port, change_) : status;
}

absl::Status FunctionStep::Undo(Eswitch& eswitch) {
  XSW_ASSIGN_OR_RETURN(const uint32_t port, Port(eswitch));
  return SetFunction(eswitch, port, back_);
}

std::string FunctionStep::Text(const std::string& uplink) const {
  return absl::StrCat("port function set ", port_.Handle(uplink), Words(change_));
}

absl::Status EntryStep::Check(Eswitch& eswitch) const {
  XSW_ASSIGN_OR_RETURN(const uint32_t port, port_.In(eswitch));
  XSW_RETURN_IF_ERROR(CheckPort(eswitch, port));
  return (add_ ? table_.check_add : table_.check_del)(eswitch, mac_, vlan_, port);
}

absl::Status EntryStep::Change(Eswitch& eswitch, bool add) const {
  XSW_ASSIGN_OR_RETURN(const uint32_t port, port_.In(eswitch));
  XSW_RETURN_IF_ERROR(CheckPort(eswitch, port));
  return (add ? table_.add : table_.del)(eswitch, mac_, vlan_, port);
}

std::string EntryStep::Text(const std::string& uplink) const {
  return absl::StrCat(table_.object, add_ ? " add " : " del ", uplink, " ", FormatMac(mac_),
                      " port ", port_.Handle(uplink),
                      say_vlan_ ? absl::StrCat(" vlan ", vlan_) : "");
}

}  // namespace xsw
