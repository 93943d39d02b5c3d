// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/show_eswitch.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "switchdev_model/eswitch/eswitch_info.h"
#include "switchdev_model/eswitch/reception.h"
#include "switchdev_model/eswitch/uplink.h"
#include "switchdev_model/ports/port.h"
#include "switchdev_model/version/head.h"
#include "switchdev_model/words.h"
#include "userspace/own_abi.h"
#include "userspace/status.h"

namespace xsw {
namespace {

std::string Notes(Eswitch& eswitch) {
  const SettingsDescription settings = GetEswitchInfo(eswitch).settings;
  std::vector<std::string> notes = {
      eswitch.uplink().ifindex ? XdpNote(eswitch) : "the netdev is gone", ReceptionNote(eswitch)};
  if (eswitch.uplink().ifindex && !UplinkHasPrograms(eswitch).value_or(false))
    notes.push_back(
        "xsw's programs have been taken off it, and nothing is switched: xsw eswitch set " +
        eswitch.uplink().name + " puts them back");
  if (settings.mode == XSW_MODE_SWITCHDEV && (settings.miss != XSW_MISS_AUTO || !settings.host))
    notes.push_back("host and miss have no say in mode switchdev: the kernel's software decides");
  if (eswitch.is_between_versions())
    notes.push_back(absl::StrCat("an upgrade is at work, or was cut off: xsw eswitch upgrade ",
                                 eswitch.uplink().name, " finishes it"));
  if (eswitch.made_by() != OwnAbi())
    notes.push_back(MadeBy(eswitch.made_by(), eswitch.uplink().name));
  std::erase(notes, "");
  return absl::StrJoin(notes, "; ");
}

}  // namespace

Fields EswitchFields(Eswitch& eswitch, bool json) {
  const EswitchInfo info = GetEswitchInfo(eswitch);
  Fields fields(json);
  fields.Word("mode", ModeWord(info.settings.mode));
  fields.Word("xdp", XdpWord(info.settings.xdp));
  // The note says why it is unknown.
  fields.Bool("xdp_attached", XdpIsAttached(eswitch).value_or(false));
  fields.Word("rx_path", RxPathWord(info.settings.rx_path));
  fields.Word("steers", info.xdp_steers ? "xdp" : "stack");
  fields.OnOff("host", info.settings.host);
  fields.Word("miss", MissWord(info.misses));
  fields.Word("tc", info.tc == XSW_TC_TCX ? "tcx" : "clsact");
  fields.Bool("promisc", info.promisc);
  fields.Number("ports", PortIndices(eswitch).size());
  if (const std::string notes = Notes(eswitch); !notes.empty()) fields.Note(notes);
  return fields;
}

absl::StatusOr<Fields> UseFields(Eswitch& eswitch, bool json) {
  XSW_ASSIGN_OR_RETURN(const EswitchUse use, GetEswitchUse(eswitch));
  Fields fields(json);
  fields.Use("ports", use.ports.used, use.ports.limit);
  fields.Use("fdb", use.fdb.used, use.fdb.limit);
  fields.Use("mdb", use.mdb.used, use.mdb.limit);
  return fields;
}

}  // namespace xsw
