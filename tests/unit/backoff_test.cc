// SPDX-License-Identifier: Apache-2.0
#include "tools/xswd/backoff.h"

#include <gtest/gtest.h>

namespace xsw {
namespace {

using std::chrono::milliseconds;

TEST(Backoff, TheFirstTryIsAtOnceAndEachNextOneTwiceAsLate) {
  Backoff backoff;
  Backoff::Clock::time_point now{};
  for (milliseconds delay = Backoff::kFirst; delay < Backoff::kLongest; delay *= 2) {
    EXPECT_TRUE(backoff.MayTry(now));
    backoff.Tried(now);
    EXPECT_FALSE(backoff.MayTry(now + delay - milliseconds(1))) << delay.count();
    now += delay;
  }
}

TEST(Backoff, ItNeverGivesUp) {
  Backoff backoff;
  Backoff::Clock::time_point now{};
  for (int i = 0; i < 100; i++) {
    backoff.Tried(now);
    now += Backoff::kLongest;
    EXPECT_TRUE(backoff.MayTry(now)) << i;
  }
}

TEST(Backoff, AChangeBeginsItAnew) {
  Backoff backoff;
  const Backoff::Clock::time_point now{};
  for (int i = 0; i < 5; i++) backoff.Tried(now);
  EXPECT_FALSE(backoff.MayTry(now + milliseconds(150)));
  backoff.Reset();
  EXPECT_TRUE(backoff.MayTry(now));
  backoff.Tried(now);
  EXPECT_TRUE(backoff.MayTry(now + milliseconds(150)));
}

}  // namespace
}  // namespace xsw
