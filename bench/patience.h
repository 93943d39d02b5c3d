// SPDX-License-Identifier: Apache-2.0
// Waiting for what others do: daemons that start, links that come up, frames on their way.
#ifndef XSW_BENCH_PATIENCE_H_
#define XSW_BENCH_PATIENCE_H_

#include <unistd.h>

#include "absl/status/status.h"
#include "bench/clock.h"

namespace xsw::bench {

// Looks every millisecond. False: not within so many seconds.
template <typename Condition>
bool WaitUntil(double seconds, const Condition& condition) {
  for (const double end = Now() + seconds; !condition(); usleep(1000))
    if (Now() > end) return false;
  return true;
}

// Before frames are counted, also where none may be: an absence has no event to wait for, and an
// application's own count no look from outside. Rings of 256 to 2048 frames are empty long before,
// on another CPU too. Never in the time that is measured.
inline void LetFramesArrive() { usleep(50000); }

// A self-check, tried again: a bridge forwards, and xswd or a daemon serves, only when the kernel
// has told it that a link is up, some time after the command has returned. The last answer: a
// contender that is wrong stays so.
template <typename Check>
absl::Status Patiently(const Check& check) {
  constexpr int kTries = 8;
  constexpr useconds_t kPauseUs = 250000;
  absl::Status status = check();
  for (int tries = 1; !status.ok() && tries < kTries; tries++) {
    usleep(kPauseUs);  // the check itself sends frames: not as often as could be
    status = check();
  }
  return status;
}

}  // namespace xsw::bench

#endif  // XSW_BENCH_PATIENCE_H_
