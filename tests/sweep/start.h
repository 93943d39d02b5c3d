// SPDX-License-Identifier: Apache-2.0
// A command that stops at each system call of some numbers.
#ifndef XSW_TESTS_SWEEP_START_H_
#define XSW_TESTS_SWEEP_START_H_

#include <sys/types.h>

#include "tests/veth/command.h"
#include "userspace/fd.h"

namespace xsw::test {

struct Started {
  pid_t pid;
  Fd out, err;  // files: what it writes
};

// Stopped before its exec, traced by the calling thread, killed with it. All it starts is traced
// too; each of the calls of NumbersToLookAt() is a PTRACE_EVENT_SECCOMP.
Started StartTraced(const Argv& argv);

// All that is in the file.
std::string Contents(const Fd& file);

}  // namespace xsw::test

#endif  // XSW_TESTS_SWEEP_START_H_
