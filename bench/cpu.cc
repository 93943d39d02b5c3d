// SPDX-License-Identifier: Apache-2.0
#include "bench/cpu.h"

#include <vector>

namespace xsw::bench {
namespace {

// As at the first call, before anything is pinned.
const std::vector<int>& AllowedCpus() {
  static const std::vector<int> cpus = [] {
    std::vector<int> found;
    cpu_set_t set;
    CPU_ZERO(&set);
    sched_getaffinity(0, sizeof(set), &set);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
      if (CPU_ISSET(cpu, &set)) found.push_back(cpu);
    return found;
  }();
  return cpus;
}

}  // namespace

// Interrupts of real devices tend to come to the first.
int LoadCpu() { return AllowedCpus().back(); }
int SenderCpu() {
  const std::vector<int>& cpus = AllowedCpus();
  return cpus.size() > 1 ? cpus[cpus.size() - 2] : cpus.back();
}

PinnedTo::PinnedTo(int cpu) : policy_before_(sched_getscheduler(0)) {
  AllowedCpus();
  CPU_ZERO(&cpus_before_);
  sched_getaffinity(0, sizeof(cpus_before_), &cpus_before_);
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(cpu, &one);
  sched_setaffinity(0, sizeof(one), &one);
  const sched_param priority = {.sched_priority = 1};
  sched_setscheduler(0, SCHED_FIFO, &priority);
}

PinnedTo::~PinnedTo() {
  const sched_param ordinary = {.sched_priority = 0};
  sched_setscheduler(0, policy_before_, &ordinary);
  sched_setaffinity(0, sizeof(cpus_before_), &cpus_before_);
}

}  // namespace xsw::bench
