// SPDX-License-Identifier: Apache-2.0
// When to try again what may never succeed: soon at first, and ever more rarely.
#ifndef XSW_TOOLS_XSWD_BACKOFF_H_
#define XSW_TOOLS_XSWD_BACKOFF_H_

#include <algorithm>
#include <chrono>

namespace xsw {

class Backoff {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds kFirst{100}, kLongest{60'000};

  bool MayTry(Clock::time_point now) const { return now >= next_; }
  void Tried(Clock::time_point now) {
    next_ = now + delay_;
    delay_ = std::min(delay_ * 2, kLongest);
  }
  // It has succeeded, or something has changed that it may have waited for.
  void Reset() { *this = Backoff(); }

 private:
  std::chrono::milliseconds delay_ = kFirst;
  Clock::time_point next_;
};

}  // namespace xsw

#endif  // XSW_TOOLS_XSWD_BACKOFF_H_
