// SPDX-License-Identifier: Apache-2.0
// One accident to one form, and what must be true after it.
#ifndef XSW_TESTS_SWEEP_POINT_H_
#define XSW_TESTS_SWEEP_POINT_H_

#include <string>
#include <vector>

#include "tests/sweep/world.h"

namespace xsw::test {

// What an undisturbed run starts from and ends with.
struct Expected {
  Snapshot start, done;
  std::vector<Call> calls;
};

// What comes after an accident.
enum class Next {
  kRepeat,   // the same command
  kAnother,  // another writing command, and then the same one
  kDel,      // the eswitch's end
};

struct Point {
  Accident accident;
  Next next = Next::kRepeat;
};

// All points of these calls: each accident, with a repeat; and behind every second kill another
// command, behind every fourth the end.
std::vector<Point> PointsOf(const Form& form, const std::vector<Call>& calls);

// "killed before 3 (mkdir /run/xsw/7), then eswitch del"
std::string NameOf(const Point& point, const std::vector<Call>& calls);

struct Outcome {
  std::string defect;   // the first that was found; empty: none
  bool clean = true;    // the world is at the form's start again
  bool struck = false;  // the accident happened
};

Outcome TryPoint(World& world, const Form& form, const Expected& expected, const Point& point);

}  // namespace xsw::test

#endif  // XSW_TESTS_SWEEP_POINT_H_
