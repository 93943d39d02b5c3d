// SPDX-License-Identifier: Apache-2.0
#include "userspace/stats.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "userspace/status.h"

namespace xsw {
namespace {

// Memory of one call: all ports of a machine with some CPUs, some hundred of one with hundreds.
constexpr size_t kBatchBytes = 32 << 20;

}  // namespace

absl::StatusOr<xsw_stats> SumOfCpus(const Fd& map, uint32_t port) {
  std::vector<xsw_stats> cpus(libbpf_num_possible_cpus());
  if (bpf_map_lookup_elem(map.get(), &port, cpus.data()))
    return ErrnoStatus(errno, absl::StrCat("read counters of port ", port));
  xsw_stats sum = {};
  for (const xsw_stats& cpu : cpus) AddStats(cpu, sum);
  return sum;
}

absl::StatusOr<std::vector<xsw_stats>> SumsOfCpus(const Fd& map, uint32_t count) {
  const auto cpus = static_cast<size_t>(libbpf_num_possible_cpus());
  const auto batch =
      static_cast<uint32_t>(std::clamp<size_t>(kBatchBytes / (cpus * sizeof(xsw_stats)), 1, count));
  std::vector<uint32_t> ports(batch);
  std::vector<xsw_stats> values(batch * cpus), sums(count);
  __u32 next = 0;
  for (uint32_t done = 0; done < count;) {
    __u32 read = std::min(batch, count - done);
    // ENOENT: those were the last of the map.
    if (bpf_map_lookup_batch(map.get(), done ? &next : nullptr, &next, ports.data(), values.data(),
                             &read, nullptr) &&
        errno != ENOENT)
      return ErrnoStatus(errno, "read the counters of all ports");
    for (size_t i = 0; i < read; i++)
      for (size_t cpu = 0; cpu < cpus; cpu++) AddStats(values[i * cpus + cpu], sums[ports[i]]);
    if (read == 0) break;
    done += read;
  }
  return sums;
}

void AddStats(const xsw_stats& more, xsw_stats& sum) {
  // Nothing but 64-bit counters.
  constexpr size_t kWords = sizeof(xsw_stats) / sizeof(__u64);
  const auto* from = reinterpret_cast<const __u64*>(&more);
  auto* to = reinterpret_cast<__u64*>(&sum);
  for (size_t i = 0; i < kWords; i++) to[i] += from[i];
}

}  // namespace xsw
