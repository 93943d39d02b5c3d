// SPDX-License-Identifier: Apache-2.0
// A command with an accident: killed before or after one of its state-changing system calls, or
// with one of them failing once.
//
//   const Trace all = RunTraced(argv);                                     // no accident: lists
//   its calls RunTraced(argv, {How::kKillBefore, 3});                                // dies
//   instead of making call 3 RunTraced(argv, {How::kFail, 3, ENOSPC}); // call 3 is not made and
//   says ENOSPC
//
// All threads of the command count, but none of another program that it starts, in the order in
// which the kernel meets their calls. Stores to memory-mapped maps are no calls: they lie between
// two, so that killing after the first and before the second tells them apart.
#ifndef XSW_TESTS_SWEEP_INJECTOR_H_
#define XSW_TESTS_SWEEP_INJECTOR_H_

#include <cstddef>
#include <string>
#include <vector>

#include "tests/sweep/call.h"
#include "tests/sweep/objects.h"
#include "tests/veth/command.h"

namespace xsw::test {

enum class How {
  kNothing,
  kKillBefore,
  kKillAfter,
  kFail,    // the call is not made and returns the error
  kRefuse,  // a netlink request is not made, and the answer to it is the error
};

struct Accident {
  How how = How::kNothing;
  size_t call = 0;
  int error = 0;
};

struct Trace {
  Result result;
  std::vector<Call> calls;  // up to its end
  bool struck = false;      // the accident has happened: it made that many calls
  std::vector<BpfObject> made;
};

// In the namespaces of the caller. A command that is not done after 60 s ends by SIGALRM.
Trace RunTraced(const Argv& argv, const Accident& accident = {});

}  // namespace xsw::test

#endif  // XSW_TESTS_SWEEP_INJECTOR_H_
