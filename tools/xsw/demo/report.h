// SPDX-License-Identifier: Apache-2.0
// What the demo has to say: one screen of 80 columns and 24 lines, prompt included, or JSON.
#ifndef XSW_TOOLS_XSW_DEMO_REPORT_H_
#define XSW_TOOLS_XSW_DEMO_REPORT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/xsw/command.h"
#include "tools/xsw/demo/lab.h"
#include "tools/xsw/demo/traffic.h"

namespace xsw {

// `xsw -n xsw-demo-host -j -s port show`, and the uplink's own counters as "uplink".
absl::StatusOr<Json> DemoPorts(const std::string& bpffs);

std::string DemoScreen(const DemoNodes& nodes, const DemoTraffic& traffic, const Json& ports);
Json DemoJson(const DemoNodes& nodes, const DemoTraffic& traffic, const Json& ports);

// "12 of 12 paths work"
std::string DemoVerdict(const DemoTraffic& traffic);

// What to try while it stands, then how to remove it; xsw is how the user calls us.
std::vector<std::string> DemoCommandsToTry(const std::string& xsw);
std::string DemoCommandToRemove(const std::string& xsw);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_DEMO_REPORT_H_
