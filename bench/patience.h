// SPDX-License-Identifier: Apache-2.0
// Self-checks that are tried again: a bridge forwards, and xswd or a daemon serves, only when the
// kernel has told it that a link is up, some time after the command has returned.
#ifndef XSW_BENCH_PATIENCE_H_
#define XSW_BENCH_PATIENCE_H_

#include <unistd.h>

#include "absl/status/status.h"

namespace xsw::bench {

// The last answer. A contender that is wrong stays so.
template <typename Check>
absl::Status Patiently(const Check& check) {
  constexpr int kTries = 8;
  constexpr useconds_t kPauseUs = 250000;
  absl::Status status = check();
  for (int tries = 1; !status.ok() && tries < kTries; tries++) {
    usleep(kPauseUs);
    status = check();
  }
  return status;
}

}  // namespace xsw::bench

#endif  // XSW_BENCH_PATIENCE_H_
