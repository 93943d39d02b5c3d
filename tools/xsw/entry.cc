// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/entry.h"

#include "absl/strings/str_cat.h"
#include "switchdev_model/policy/vlan.h"
#include "switchdev_model/ports/port.h"
#include "switchdev_model/tables/fdb.h"
#include "tools/xsw/handle.h"
#include "userspace/status.h"

namespace xsw {
namespace {

struct EntryWords {
  std::string uplink;
  Mac mac{};
  uint32_t port = 0;
  std::optional<uint32_t> vlan;
};

absl::StatusOr<EntryWords> TakeEntry(Call& call, const std::string& what,
                                     absl::StatusOr<Mac> (*parse)(const std::string& text)) {
  EntryWords entry;
  XSW_ASSIGN_OR_RETURN(entry.uplink, call.args.Take("DEV"));
  XSW_ASSIGN_OR_RETURN(std::string mac, call.args.Take(what));
  XSW_ASSIGN_OR_RETURN(entry.mac, parse(mac));
  XSW_RETURN_IF_ERROR(call.args.Expect("port"));
  XSW_ASSIGN_OR_RETURN(std::string text, call.args.Take("DEV/INDEX"));
  auto number = [](const std::string& word) { return ParseNumber("vlan", word); };
  XSW_RETURN_IF_ERROR(call.args.TakePairs({{"vlan", Store(number, &entry.vlan)}}));
  XSW_ASSIGN_OR_RETURN(PortHandle handle, ParsePortHandle(call, text));
  if (handle.uplink != entry.uplink)
    return absl::InvalidArgumentError(
        absl::StrCat(call.object, " ", entry.uplink, ": port ", text, " is of another eswitch"));
  entry.port = handle.index;
  return entry;
}

// Also looks whether there is such a port.
absl::StatusOr<uint16_t> VlanOf(Eswitch& eswitch, const EntryWords& words) {
  XSW_RETURN_IF_ERROR(CheckPort(eswitch, words.port));
  const std::string what = OwnerName(eswitch, words.port);
  if (words.vlan) {
    // 0: of no VLAN, which a port that has lost its last such frames may still have entries of.
    if (*words.vlan != 0) XSW_RETURN_IF_ERROR(CheckVlan(*words.vlan, absl::StrCat(what, ": vlan")));
    return static_cast<uint16_t>(*words.vlan);
  }
  if (words.port == XSW_UPLINK) return 0;
  const PortVlans vlans = GetVlans(eswitch, words.port);
  if (vlans.pvid != XSW_VLAN_NONE) return vlans.pvid;
  return absl::InvalidArgumentError(
      absl::StrCat(what, ": is a trunk without pvid, say in which vlan"));
}

}  // namespace

absl::Status ChangeEntry(Call& call, const std::string& what,
                         absl::StatusOr<Mac> (*parse)(const std::string& text),
                         const TableOfEntries& table, bool add) {
  XSW_ASSIGN_OR_RETURN(const EntryWords words, TakeEntry(call, what, parse));
  XSW_ASSIGN_OR_RETURN(const bool planned, IsPlanned(call, words.uplink, words.port));
  if (planned) return absl::OkStatus();
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, OpenToChange(call, words.uplink));
  XSW_ASSIGN_OR_RETURN(const uint16_t vlan, VlanOf(eswitch, words));
  EntryStep step(table, add, PortRef::AtIndex(words.port), words.mac, vlan);
  return RunStep(call, eswitch, step);
}

}  // namespace xsw
