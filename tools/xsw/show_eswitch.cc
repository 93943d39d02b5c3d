// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/show_eswitch.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
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
  const xsw_eswitch& config = eswitch.config();
  std::vector<std::string> notes = {
      eswitch.uplink().ifindex ? XdpNote(eswitch) : "the netdev is gone", ReceptionNote(eswitch)};
  if (eswitch.uplink().ifindex && !UplinkHasPrograms(eswitch).value_or(false))
    notes.push_back(
        "xsw's programs have been taken off it, and nothing is switched: xsw eswitch set " +
        eswitch.uplink().name + " puts them back");
  if (config.mode == XSW_MODE_SWITCHDEV && (config.miss != XSW_MISS_AUTO || !config.host))
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
  const xsw_eswitch& config = eswitch.config();
  Fields fields(json);
  fields.Word("mode", ModeWord(config.mode));
  fields.Word("xdp", XdpWord(config.xdp));
  // The note says why it is unknown.
  fields.Bool("xdp_attached", XdpIsAttached(eswitch).value_or(false));
  fields.Word("rx_path", RxPathWord(config.rx_path));
  fields.Word("steers", config.xdp_steers == XSW_STEERS_ALL ? "xdp" : "stack");
  fields.OnOff("host", config.host != 0);
  fields.Word("miss", MissWord(config.misses));
  fields.Word("tc", eswitch.tc() == XSW_TC_TCX ? "tcx" : "clsact");
  fields.Bool("promisc", (config.flags & XSW_ESWITCH_PROMISC) != 0);
  fields.Number("ports", PortIndices(eswitch).size());
  if (const std::string notes = Notes(eswitch); !notes.empty()) fields.Note(notes);
  return fields;
}

absl::StatusOr<Fields> UseFields(Eswitch& eswitch, bool json) {
  XSW_ASSIGN_OR_RETURN(const auto fdb, eswitch.datapath().fdb().Dump());
  XSW_ASSIGN_OR_RETURN(const auto mdb, eswitch.datapath().mdb().Dump());
  Fields fields(json);
  fields.Use("ports", PortIndices(eswitch).size(), XSW_MAX_PORTS);
  fields.Use("fdb", fdb.size(), XSW_MAX_FDB);
  fields.Use("mdb", mdb.size(), XSW_MAX_MDB);
  return fields;
}

}  // namespace xsw
