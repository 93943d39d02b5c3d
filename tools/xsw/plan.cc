// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/plan.h"

#include "absl/strings/str_cat.h"
#include "switchdev_model/words.h"
#include "userspace/status.h"

namespace xsw {
namespace {

absl::Status Removed(const std::string& what) {
  return absl::NotFoundError(absl::StrCat(what, ": does not exist (an earlier line removes it)"));
}

}  // namespace

absl::StatusOr<bool> Plan::Makes(const std::string& uplink) const {
  auto planned = eswitches_.find(uplink);
  if (planned == eswitches_.end()) return false;
  if (planned->second.gone) return Removed(absl::StrCat("eswitch ", uplink));
  return planned->second.made;
}

absl::StatusOr<bool> Plan::Makes(const std::string& uplink, uint32_t port) const {
  XSW_ASSIGN_OR_RETURN(const bool eswitch_made, Makes(uplink));
  if (port == XSW_UPLINK) return eswitch_made;
  auto planned = eswitches_.find(uplink);
  if (planned == eswitches_.end()) return false;
  if (planned->second.ports.count(port)) return true;
  const std::string what = absl::StrCat("port ", FormatHandle(uplink, port));
  if (planned->second.removed.count(port)) return Removed(what);
  if (eswitch_made) return absl::NotFoundError(absl::StrCat(what, ": does not exist"));
  return false;
}

std::optional<PortHandle> Plan::Made(const std::string& name) const {
  for (const auto& [uplink, planned] : eswitches_) {
    if (planned.made && name == uplink) return PortHandle{uplink, XSW_UPLINK};
    for (const auto& [index, sfnum] : planned.ports) {
      if (name == RepresentorName(uplink, sfnum) || name == RepresentorAltName(uplink, sfnum))
        return PortHandle{uplink, index};
    }
  }
  return std::nullopt;
}

absl::Status Plan::AddEswitch(const std::string& uplink, const absl::Status& checked) {
  PlannedEswitch& planned = eswitches_[uplink];
  if (planned.made)
    return absl::AlreadyExistsError(
        absl::StrCat("eswitch ", uplink, ": already exists (an earlier line adds it)"));
  if (!checked.ok() && !(planned.gone && absl::IsAlreadyExists(checked))) return checked;
  planned = {.made = true};
  return absl::OkStatus();
}

void Plan::DelEswitch(const std::string& uplink) { eswitches_[uplink] = {.gone = true}; }

TakenNumbers Plan::NumbersOf(const PlannedEswitch& planned, Eswitch* eswitch) {
  TakenNumbers ports(planned.ports.begin(), planned.ports.end());
  if (!eswitch) return ports;
  for (const auto& [port, sfnum] : TakenOf(*eswitch))
    if (!planned.removed.count(port)) ports[port] = sfnum;
  return ports;
}

absl::Status Plan::AddPort(const std::string& uplink, Eswitch* eswitch, const PortSpec& spec) {
  PlannedEswitch& planned = eswitches_[uplink];
  // Where ports go, their names and numbers become free.
  if (eswitch && planned.removed.empty()) XSW_RETURN_IF_ERROR(CheckAddPort(*eswitch, spec));
  XSW_ASSIGN_OR_RETURN(const PortNumbers numbers,
                       ChooseNumbers(uplink, NumbersOf(planned, eswitch), spec.sfnum));
  planned.ports[numbers.index] = numbers.sfnum;
  return absl::OkStatus();
}

void Plan::DelPort(const std::string& uplink, uint32_t port) {
  PlannedEswitch& planned = eswitches_[uplink];
  if (!planned.ports.erase(port)) planned.removed.insert(port);
}

}  // namespace xsw
