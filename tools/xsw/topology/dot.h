// SPDX-License-Identifier: Apache-2.0
// Connections for graphviz.
#ifndef XSW_TOOLS_XSW_TOPOLOGY_DOT_H_
#define XSW_TOOLS_XSW_TOPOLOGY_DOT_H_

#include <string>

#include "absl/status/status.h"
#include "tools/xsw/topology/connections.h"

namespace xsw {

// In graphviz's language.
std::string DrawDot(const Connections& connections);

// What its program dot makes of that, on standard output. NotFound: it is not installed.
absl::Status PrintSvg(const std::string& dot);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_TOPOLOGY_DOT_H_
