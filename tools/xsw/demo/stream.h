// SPDX-License-Identifier: Apache-2.0
// One TCP connection of the demo, as fast as it goes.
#ifndef XSW_TOOLS_XSW_DEMO_STREAM_H_
#define XSW_TOOLS_XSW_DEMO_STREAM_H_

#include "tools/xsw/demo/traffic.h"

namespace xsw {

// Sends for a quarter of a second, then waits until all has arrived. Cancelled by a signal.
absl::Status RunStream(const DemoNode& from, const DemoNode& to, DemoStream& stream,
                       const HeldSignals& signals);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_DEMO_STREAM_H_
