// SPDX-License-Identifier: Apache-2.0
// Seconds, on clocks that only go forward.
#ifndef XSW_BENCH_CLOCK_H_
#define XSW_BENCH_CLOCK_H_

#include <ctime>

namespace xsw::bench {

inline double ReadClock(clockid_t clock) {
  timespec now;
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

inline double Now() { return ReadClock(CLOCK_MONOTONIC); }
// Of the calling thread.
inline double CpuSeconds() { return ReadClock(CLOCK_THREAD_CPUTIME_ID); }

}  // namespace xsw::bench

#endif  // XSW_BENCH_CLOCK_H_
