// SPDX-License-Identifier: Apache-2.0
// A port as devlink shows it, and its statistics.
#ifndef XSW_TOOLS_XSW_SHOW_PORT_H_
#define XSW_TOOLS_XSW_SHOW_PORT_H_

#include <vector>

#include "absl/status/status.h"
#include "switchdev_model/eswitch/eswitch.h"
#include "switchdev_model/ports/port_info.h"
#include "tools/xsw/command.h"

namespace xsw {

// A port as one JSON object, and that as lines of text.
Json PortToJson(Eswitch& eswitch, const PortInfo& info);
std::string PortToText(const std::string& handle, const Json& port);

// Appends to the output; with -s, statistics too.
absl::Status ShowPorts(Call& call, Eswitch& eswitch, const std::vector<uint32_t>& indices);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_SHOW_PORT_H_
