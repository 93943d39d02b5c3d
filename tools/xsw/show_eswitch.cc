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

Json EswitchToJson(Eswitch& eswitch) {
  const xsw_eswitch& config = eswitch.config();
  Json json = {
      {"mode", ModeWord(config.mode)},
      {"xdp", XdpWord(config.xdp)},
      {"xdp_attached", XdpIsAttached(eswitch).value_or(false)},  // note says why it is unknown
      {"rx_path", RxPathWord(config.rx_path)},
      {"steers", config.xdp_steers == XSW_STEERS_ALL ? "xdp" : "stack"},
      {"host", config.host != 0},
      {"miss", MissWord(config.misses)},
      {"tc", eswitch.tc() == XSW_TC_TCX ? "tcx" : "clsact"},
      {"promisc", (config.flags & XSW_ESWITCH_PROMISC) != 0},
      {"ports", PortIndices(eswitch).size()}};
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
  if (!notes.empty()) json["note"] = absl::StrJoin(notes, "; ");
  return json;
}

absl::StatusOr<Json> UseJson(Eswitch& eswitch) {
  XSW_ASSIGN_OR_RETURN(const auto fdb, eswitch.datapath().fdb().Dump());
  XSW_ASSIGN_OR_RETURN(const auto mdb, eswitch.datapath().mdb().Dump());
  return Json{{"ports", {{"used", PortIndices(eswitch).size()}, {"limit", XSW_MAX_PORTS}}},
              {"fdb", {{"used", fdb.size()}, {"limit", XSW_MAX_FDB}}},
              {"mdb", {{"used", mdb.size()}, {"limit", XSW_MAX_MDB}}}};
}

std::string EswitchToText(const std::string& uplink, const Json& json) {
  std::string text = absl::StrCat(uplink, ":");
  for (const auto& [key, value] : json.items()) {
    if (key == "note" || key == "use") continue;
    if (key == "host") {
      absl::StrAppend(&text, " host ", value.get<bool>() ? "on" : "off");
    } else {
      absl::StrAppend(&text, " ", key, " ",
                      value.is_string() ? value.get<std::string>() : value.dump());
    }
  }
  if (json.contains("use")) {
    absl::StrAppend(&text, "\n  use:");
    for (const auto& [what, use] : json["use"].items())
      absl::StrAppend(&text, " ", what, " ", use["used"].dump(), "/", use["limit"].dump());
  }
  if (json.contains("note")) absl::StrAppend(&text, "\n  note: ", json["note"].get<std::string>());
  return text;
}

}  // namespace xsw
