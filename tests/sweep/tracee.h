// SPDX-License-Identifier: Apache-2.0
// A stopped thread of a traced process: its memory, its files, the system call that it is about to
// make.
#ifndef XSW_TESTS_SWEEP_TRACEE_H_
#define XSW_TESTS_SWEEP_TRACEE_H_

#include <sys/types.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "userspace/fd.h"

namespace xsw::test {

// As the kernel got it.
struct SystemCall {
  long number = -1;
  std::array<uint64_t, 6> args = {};
};

class Tracee {
 public:
  // process: whose memory and files those of the thread are.
  Tracee(pid_t process, pid_t thread) : process_(process), thread_(thread) {}

  pid_t process() const { return process_; }
  pid_t thread() const { return thread_; }

  // At a stop of seccomp, before the call.
  SystemCall Call() const;
  // Instead of the call: the thread gets this result.
  void Skip(long result) const;
  // At a stop behind a call: what it returned.
  long Returned() const;

  // False: not that many bytes are there.
  bool Read(uint64_t address, void* to, size_t bytes) const;
  bool Write(uint64_t address, const void* from, size_t bytes) const;
  template <typename T>
  T Get(uint64_t address) const {
    T value = {};
    Read(address, &value, sizeof(value));
    return value;
  }
  // Up to its NUL.
  std::string Text(uint64_t address) const;

  // The tracer's own copy of one of its files; none if it has no such.
  Fd File(int fd) const;
  // What /proc says the file is: a path, "socket:[7]".
  std::string NameOf(int fd) const;

 private:
  pid_t process_, thread_;
};

}  // namespace xsw::test

#endif  // XSW_TESTS_SWEEP_TRACEE_H_
