// SPDX-License-Identifier: Apache-2.0
// xsw bridge: what of the bridges' work eswitches in mode switchdev do themselves. xsw-bridge has
// it so.
#include "switchdev_model/bridge/offload_info.h"
#include "tools/xsw/command.h"
#include "tools/xsw/fields.h"
#include "tools/xsw/handle.h"
#include "userspace/status.h"

namespace xsw {
namespace {

Fields PortFields(const OffloadInfo& info, const PortOffload& port, bool json) {
  Fields fields(json);
  const bool offloaded = info.is_switchdev && info.valid && !port.bridge.empty();
  const char* without = info.is_switchdev ? "no_lease" : "mode";
  fields.OnOff("offload", offloaded);
  if (!port.bridge.empty()) fields.Word("bridge", port.bridge);
  if (!offloaded) fields.Word("reason", info.is_switchdev && info.valid ? port.aside : without);
  fields.Number("addresses", port.addresses);
  return fields;
}

absl::Status ShowOne(Call& call, const std::string& uplink) {
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, Eswitch::OpenToRead(call.bpffs, uplink));
  XSW_RETURN_IF_ERROR(eswitch.CheckVersion());
  XSW_ASSIGN_OR_RETURN(const OffloadInfo info, GetOffload(eswitch));
  const bool json = call.output.json();
  for (const PortOffload& port : info.ports) {
    const std::string handle = FormatHandle(eswitch.uplink().name, port.port);
    Fields fields = PortFields(info, port, json);
    if (json)
      call.output.doc()["bridge"][handle] = std::move(fields.json());
    else
      call.output.Line(fields.Text(handle));
  }
  return absl::OkStatus();
}

absl::Status Show(Call& call) { return ShowUplinks(call, ShowOne); }

constexpr Command kCommands[] = {
    {"bridge", "show", "[DEV]", "list what ports do of their bridges' work, or why they do not",
     Show},
};

}  // namespace

absl::Span<const Command> BridgeCommands() { return kCommands; }

}  // namespace xsw
