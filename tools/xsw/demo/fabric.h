// SPDX-License-Identifier: Apache-2.0
// `xsw demo fabric`: three hosts with EVPN between them, made by the commands of docs/fabric.md,
// and what their containers have of it.
#ifndef XSW_TOOLS_XSW_DEMO_FABRIC_H_
#define XSW_TOOLS_XSW_DEMO_FABRIC_H_

#include "absl/status/status.h"
#include "tools/xsw/command.h"
#include "tools/xsw/demo/signals.h"

namespace xsw {

// From an empty machine to the report. Whatever happens, what was made is removed, unless kept.
absl::Status RunFabricDemo(Call& call, bool keep, const HeldSignals& signals);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_DEMO_FABRIC_H_
