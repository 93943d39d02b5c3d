// SPDX-License-Identifier: Apache-2.0
// What a run measured: a progress line while it runs, text or JSON at its end.
#ifndef XSW_TOOLS_XSW_PERF_RESULT_H_
#define XSW_TOOLS_XSW_PERF_RESULT_H_

#include <optional>
#include <vector>

#include "tools/xsw-perf/endpoint.h"
#include "tools/xsw-perf/options.h"

namespace xsw::perf {

struct Result {
  uint64_t frames = 0;
  uint64_t bytes = 0;
  double seconds = 0;  // recv, echo: between the first and the last frame
  std::optional<uint64_t> missing;     // by the frames' numbers, of one sender
  std::vector<uint32_t> round_trips;   // ns, lat
  uint64_t lost = 0;                   // lat: no answer
};

// Rewrites one line on a terminal's stderr once a second.
class Progress {
 public:
  void Show(const Result& result);
  ~Progress();

 private:
  Clock::time_point start_ = Clock::now(), shown_ = start_;
  uint64_t frames_ = 0;
  bool any_ = false;
};

void Print(const Options& options, Result& result, const xswq_stats& stats);

}  // namespace xsw::perf

#endif  // XSW_TOOLS_XSW_PERF_RESULT_H_
