// SPDX-License-Identifier: Apache-2.0
// xsw demo: an eswitch with real traffic, in namespaces of its own.
#include "tools/command.h"

namespace xsw {
absl::Span<const Command> DemoCommands() { return {}; }
}  // namespace xsw
