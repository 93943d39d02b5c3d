// SPDX-License-Identifier: Apache-2.0
// Which CPU does what: the same for every contender.
#ifndef XSW_BENCH_CPU_H_
#define XSW_BENCH_CPU_H_

#include <sched.h>

namespace xsw::bench {

// The generator, and all that the kernel does with its frames; the receiver of a TCP flow.
int LoadCpu();
// The sender of a TCP flow. The same as LoadCpu() on a machine of one CPU.
int SenderCpu();

// The calling thread on one CPU until destruction, at a real-time priority: neither other processes
// nor ksoftirqd take the CPU from it, so the softirqs that it raises run in it, at once.
class PinnedTo {
 public:
  explicit PinnedTo(int cpu);
  PinnedTo(const PinnedTo&) = delete;
  ~PinnedTo();

 private:
  cpu_set_t cpus_before_;
  int policy_before_;
};

}  // namespace xsw::bench

#endif  // XSW_BENCH_CPU_H_
