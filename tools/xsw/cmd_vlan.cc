// SPDX-License-Identifier: Apache-2.0
// xsw vlan: which VLANs each port carries. They are set with `xsw port function set`.
#include "absl/strings/str_cat.h"
#include "switchdev_model/policy/vlan.h"
#include "switchdev_model/ports/port.h"
#include "tools/xsw/command.h"
#include "tools/xsw/handle.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// As `bridge vlan show` has it: a run of VLANs, and how the function sees them.
struct Shown {
  uint16_t first, last;
  bool pvid = false;
  uint8_t qos = 0;

  std::string Text() const {
    std::string text = first ? absl::StrCat("vlan ", first) : "untagged";
    if (last > first) absl::StrAppend(&text, "-", last);
    if (pvid && first) absl::StrAppend(&text, " pvid egress untagged");
    if (qos) absl::StrAppend(&text, " qos ", qos);
    return text;
  }
  Json ToJson() const {
    Json json = {{"vlan", first}};
    if (last > first) json["vlanEnd"] = last;
    if (pvid) json["flags"] = {"PVID", "Egress Untagged"};
    if (qos) json["qos"] = qos;
    return json;
  }
};

std::vector<Shown> RowsOf(const PortVlans& vlans) {
  std::vector<Shown> rows;
  VlanSet tagged = vlans.tagged;
  if (vlans.pvid != XSW_VLAN_NONE) {
    if (vlans.pvid) tagged.reset(vlans.pvid);
    rows.push_back({vlans.pvid, vlans.pvid, true, vlans.qos});
  }
  for (auto [first, last] : VlanRuns(tagged)) rows.push_back({first, last});
  return rows;
}

absl::Status ShowOne(Call& call, const std::string& uplink) {
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, Eswitch::OpenToRead(call.bpffs, uplink));
  for (uint32_t port : PortIndices(eswitch)) {
    const std::string handle = FormatHandle(eswitch.uplink().name, port);
    Json& list = call.output.doc()["vlan"][handle] = Json::array();
    for (const Shown& row : RowsOf(GetVlans(eswitch, port))) {
      if (call.output.json())
        list.push_back(row.ToJson());
      else
        call.output.Line(absl::StrCat(handle, ": ", row.Text()));
    }
  }
  return absl::OkStatus();
}

absl::Status Show(Call& call) { return ShowUplinks(call, ShowOne); }

constexpr Command kCommands[] = {
    {"vlan", "show", "[DEV]", "list the VLANs of ports (port function set changes them)", Show},
};

}  // namespace

absl::Span<const Command> VlanCommands() { return kCommands; }

}  // namespace xsw
