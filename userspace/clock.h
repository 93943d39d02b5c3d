// SPDX-License-Identifier: Apache-2.0
// The kernel's clocks.
#ifndef XSW_USERSPACE_CLOCK_H_
#define XSW_USERSPACE_CLOCK_H_

#include <cstdint>
#include <ctime>

namespace xsw {

// In nanoseconds: CLOCK_MONOTONIC is bpf_ktime_get_ns(), CLOCK_MONOTONIC_COARSE its _coarse_ns().
inline uint64_t NowNs(clockid_t clock) {
  timespec now;
  clock_gettime(clock, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(now.tv_nsec);
}

}  // namespace xsw

#endif  // XSW_USERSPACE_CLOCK_H_
