// SPDX-License-Identifier: Apache-2.0
#include "userspace/stats.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <cerrno>
#include <vector>

#include "userspace/status.h"

namespace xsw {

absl::StatusOr<xsw_stats> SumOfCpus(const Fd& map, uint32_t port) {
  std::vector<xsw_stats> cpus(libbpf_num_possible_cpus());
  if (bpf_map_lookup_elem(map.get(), &port, cpus.data()))
    return ErrnoStatus(errno, absl::StrCat("read counters of port ", port));
  xsw_stats sum = {};
  for (const xsw_stats& cpu : cpus) AddStats(cpu, sum);
  return sum;
}

void AddStats(const xsw_stats& more, xsw_stats& sum) {
  // Nothing but 64-bit counters.
  constexpr size_t kWords = sizeof(xsw_stats) / sizeof(__u64);
  const auto* from = reinterpret_cast<const __u64*>(&more);
  auto* to = reinterpret_cast<__u64*>(&sum);
  for (size_t i = 0; i < kWords; i++) to[i] += from[i];
}

}  // namespace xsw
