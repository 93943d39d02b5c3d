// SPDX-License-Identifier: Apache-2.0
// What a port's counters say.
#ifndef XSW_SWITCHDEV_MODEL_SHOW_STATS_H_
#define XSW_SWITCHDEV_MODEL_SHOW_STATS_H_

#include <cstdint>
#include <optional>

#include "abi.h"
#include "absl/status/statusor.h"
#include "switchdev_model/ports/port_info.h"

namespace xsw {

xsw_count Total(const xsw_count (&counts)[XSW_CAST_COUNT]);

// Frames sent towards the function, by the eswitch or by the host on the representor.
uint64_t SteeredFrames(const xsw_stats& stats);

// All that a port's counters say. Directions as the representor sees them.
struct PortStats {
  xsw_stats counted = {};
  // In all. Of port 0 they are its netdev's: rx came from the wire.
  xsw_count rx = {}, tx = {};
  // Frames that the kernel lost behind our redirect, where it counts nothing: steered since the
  // function's netdev was made, minus what that netdev received. None: it is gone, nobody can tell.
  std::optional<uint64_t> lost_at_function;
  // Class queues: steered, but the socket had no room.
  std::optional<uint64_t> lost_at_socket;
};
absl::StatusOr<PortStats> GetStats(Eswitch& eswitch, const PortInfo& info);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_SHOW_STATS_H_
