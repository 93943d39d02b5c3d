// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/entry.h"

#include "absl/strings/str_cat.h"
#include "switchdev_model/policy/vlan.h"
#include "switchdev_model/ports/port.h"
#include "switchdev_model/tables/fdb.h"
#include "tools/xsw/handle.h"
#include "userspace/status.h"

namespace xsw {

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

absl::StatusOr<uint16_t> VlanOf(Eswitch& eswitch, const EntryWords& words) {
  XSW_RETURN_IF_ERROR(CheckPort(eswitch, words.port));
  const std::string what = OwnerName(eswitch, words.port);
  if (words.vlan) {
    XSW_RETURN_IF_ERROR(CheckVlan(*words.vlan, absl::StrCat(what, ": vlan")));
    return static_cast<uint16_t>(*words.vlan);
  }
  if (words.port == XSW_UPLINK) return 0;
  const PortVlans vlans = GetVlans(eswitch, words.port);
  if (vlans.pvid != XSW_VLAN_NONE) return vlans.pvid;
  return absl::InvalidArgumentError(
      absl::StrCat(what, ": is a trunk without pvid, say in which vlan"));
}

}  // namespace xsw
