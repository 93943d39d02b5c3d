// SPDX-License-Identifier: Apache-2.0
// A port as devlink shows it, and its statistics.
#ifndef XSW_TOOLS_XSW_SHOW_PORT_H_
#define XSW_TOOLS_XSW_SHOW_PORT_H_

#include <vector>

#include "absl/status/status.h"
#include "switchdev_model/eswitch/eswitch.h"
#include "switchdev_model/ports/port_info.h"
#include "tools/xsw/command.h"
#include "tools/xsw/fields.h"

namespace xsw {

Fields PortFields(Eswitch& eswitch, const PortInfo& info, bool json);

// Appends to the output; with -s, statistics too.
absl::Status ShowPorts(Call& call, Eswitch& eswitch, const std::vector<uint32_t>& indices);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_SHOW_PORT_H_
