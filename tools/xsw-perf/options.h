// SPDX-License-Identifier: Apache-2.0
// The command line of xsw-perf.
#ifndef XSW_TOOLS_XSW_PERF_OPTIONS_H_
#define XSW_TOOLS_XSW_PERF_OPTIONS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "userspace/mac.h"

namespace xsw::perf {

enum class Mode { kSend, kRecv, kEcho, kLat };

struct Options {
  Mode mode = Mode::kRecv;
  std::string port;
  uint32_t first_queue = 0, last_queue = 0;
  std::optional<Mac> dst, src;
  uint32_t size = 60;    // bytes of a frame, without FCS
  uint64_t count = 0;    // frames; 0: no limit
  double seconds = 0;    // 0: no limit
  uint64_t rate = 0;     // frames a second; 0: as fast as it goes
  uint32_t batch = 64;   // frames a call
  uint32_t depth = 0;    // of the rings; 0: the library's default
  uint64_t memory = 0;   // bytes a queue; 0: the library's default
  uint32_t buffer = 0;   // bytes; 0: the library's default
  bool busy = false;     // never sleep
  bool json = false;
};

const char* ModeWord(Mode mode);

// Ends the process after --help and --version.
absl::StatusOr<Options> ParseOptions(int argc, char** argv);

}  // namespace xsw::perf

#endif  // XSW_TOOLS_XSW_PERF_OPTIONS_H_
