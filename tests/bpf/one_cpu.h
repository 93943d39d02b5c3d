// SPDX-License-Identifier: Apache-2.0
// The calling thread on one CPU, for the life of the object: what programs remember, a CPU
// remembers for itself.
#ifndef XSW_TESTS_BPF_ONE_CPU_H_
#define XSW_TESTS_BPF_ONE_CPU_H_

#include <sched.h>

#include "tests/bpf/lab.h"

namespace xsw::test {

class OneCpu {
 public:
  OneCpu() {
    sched_getaffinity(0, sizeof(before_), &before_);
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    Must(sched_setaffinity(0, sizeof(one), &one) == 0, "stay on one CPU");
  }
  ~OneCpu() { sched_setaffinity(0, sizeof(before_), &before_); }
  OneCpu(const OneCpu&) = delete;
  OneCpu& operator=(const OneCpu&) = delete;

 private:
  cpu_set_t before_;
};

}  // namespace xsw::test

#endif  // XSW_TESTS_BPF_ONE_CPU_H_
