// SPDX-License-Identifier: Apache-2.0
// `xsw top` on a terminal.
#ifndef XSW_TOOLS_XSW_TOP_LIVE_H_
#define XSW_TOOLS_XSW_TOP_LIVE_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "tools/xsw/top/meter.h"
#include "tools/xsw/top/screen.h"

namespace xsw {

struct TopOptions {
  double interval = 1;  // seconds
  uint32_t count = 0;   // how often; 0: until it is ended
};

// Until the user quits: 0; or the signal that has ended it. meter has looked once.
absl::StatusOr<int> RunLive(Meter& meter, const TopOptions& options);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_TOP_LIVE_H_
