// SPDX-License-Identifier: Apache-2.0
// What a user wants to capture.
#ifndef XSW_TOOLS_XSW_CAPTURE_OPTIONS_H_
#define XSW_TOOLS_XSW_CAPTURE_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "abi_capture.h"
#include "absl/status/statusor.h"
#include "tools/xsw/command.h"

namespace xsw {

struct CaptureOptions {
  std::string uplink;
  std::vector<uint32_t> ports;  // empty: all
  xsw_capture wanted = {};
  uint64_t limit = 0;  // 0: none
  std::string file;    // empty: standard output
};

// `[DEV|DEV/INDEX]... [in|out|drops|all] [reason R] ...`, the rest of the line. Without a port or
// an eswitch the only one that there is.
absl::StatusOr<CaptureOptions> TakeCaptureOptions(Call& call);

// The ports are there.
absl::Status CheckCapturePorts(Eswitch& eswitch, const CaptureOptions& options);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_CAPTURE_OPTIONS_H_
