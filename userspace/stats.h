// SPDX-License-Identifier: Apache-2.0
// Counters of a port as the programs keep them, one set for each CPU.
#ifndef XSW_USERSPACE_STATS_H_
#define XSW_USERSPACE_STATS_H_

#include <cstdint>
#include <vector>

#include "abi.h"
#include "absl/status/statusor.h"
#include "userspace/fd.h"

namespace xsw {

// Of a port in a map of them.
absl::StatusOr<xsw_stats> SumOfCpus(const Fd& map, uint32_t port);

// Of ports 0 to count - 1, as many in one system call as 32 MiB hold.
absl::StatusOr<std::vector<xsw_stats>> SumsOfCpus(const Fd& map, uint32_t count);

void AddStats(const xsw_stats& more, xsw_stats& sum);

}  // namespace xsw

#endif  // XSW_USERSPACE_STATS_H_
