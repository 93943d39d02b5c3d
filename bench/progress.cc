// SPDX-License-Identifier: Apache-2.0
#include "bench/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "bench/clock.h"

namespace xsw::bench {
namespace {
constexpr double kQuietSeconds = 10;  // between two lines, where lines stay
}  // namespace

Progress::Progress(double expected_seconds)
    : expected_(expected_seconds), start_(Now()), terminal_(isatty(STDERR_FILENO)) {}

Progress::~Progress() {
  if (terminal_) std::fprintf(stderr, "\r\033[K");
}

double Progress::SecondsLeft() const {
  const double pace = done_ > 0 ? (Now() - start_) / done_ : 1;
  return std::max(0.0, expected_ - done_) * pace;
}

void Progress::Show(const std::string& what) {
  if (!terminal_ && shown_ > 0 && Now() - shown_ < kQuietSeconds) return;
  shown_ = Now();
  const int left = static_cast<int>(SecondsLeft());
  std::fprintf(stderr, "%s%3.0f %%, %d:%02d left: %s%s", terminal_ ? "\r" : "",
               100 * std::min(1.0, done_ / expected_), left / 60, left % 60, what.c_str(),
               terminal_ ? "\033[K" : "\n");
  std::fflush(stderr);
}

void Progress::Done(double expected_seconds) { done_ += expected_seconds; }

}  // namespace xsw::bench
