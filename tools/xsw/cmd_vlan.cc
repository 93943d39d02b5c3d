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

// As `bridge vlan show` has it: runs of VLANs, and how the function sees them.
Json VlanList(const PortVlans& vlans) {
  Json list = Json::array();
  VlanSet tagged = vlans.tagged;
  if (vlans.pvid != XSW_VLAN_NONE) {
    if (vlans.pvid) tagged.reset(vlans.pvid);
    list.push_back({{"vlan", vlans.pvid}, {"flags", {"PVID", "Egress Untagged"}}});
    if (vlans.qos) list.back()["qos"] = vlans.qos;
  }
  for (auto [first, last] : VlanRuns(tagged)) {
    list.push_back({{"vlan", first}});
    if (last > first) list.back()["vlanEnd"] = last;
  }
  return list;
}

std::string LineOf(const Json& row) {
  std::string line = row["vlan"] == 0 ? "untagged" : absl::StrCat("vlan ", row["vlan"].dump());
  if (row.contains("vlanEnd")) absl::StrAppend(&line, "-", row["vlanEnd"].dump());
  if (row.contains("flags") && row["vlan"] != 0) absl::StrAppend(&line, " pvid egress untagged");
  if (row.contains("qos")) absl::StrAppend(&line, " qos ", row["qos"].dump());
  return line;
}

absl::Status ShowOne(Call& call, const std::string& uplink) {
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, Eswitch::OpenToRead(call.bpffs, uplink));
  for (uint32_t port : PortIndices(eswitch)) {
    const std::string handle = FormatHandle(eswitch.uplink().name, port);
    Json list = VlanList(GetVlans(eswitch, port));
    for (const Json& row : list) call.output.Line(absl::StrCat(handle, ": ", LineOf(row)));
    call.output.doc()["vlan"][handle] = std::move(list);
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
