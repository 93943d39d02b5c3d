// SPDX-License-Identifier: Apache-2.0
// What a port's counters say.
#ifndef XSW_SWITCHDEV_MODEL_SHOW_STATS_H_
#define XSW_SWITCHDEV_MODEL_SHOW_STATS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "switchdev_model/ports/port_info.h"

namespace xsw {

struct Count {
  uint64_t frames = 0, bytes = 0;
};

struct CastCount {
  const char* cast;  // "unicast"
  Count count;
};

struct DropCount {
  const char* reason;  // "link_local"
  uint64_t frames;
};

// All that a port's counters say. Directions as the representor sees them.
struct PortStats {
  // In all. Of port 0 they are its netdev's: rx came from the wire.
  Count rx, tx;
  std::vector<CastCount> rx_casts, tx_casts;  // in the fast path
  Count slow_rx, slow_tx;                     // by the host's stack, on the representor
  uint64_t misses = 0;                        // frames of its function
  std::vector<DropCount> drops;               // each reason, in one order for all ports
  // Frames that the kernel lost behind our redirect, where it counts nothing: steered since the
  // function's netdev was made, minus what that netdev received. None: it is gone, nobody can tell.
  std::optional<uint64_t> lost_at_function;
  // Class queues: steered, but the socket had no room.
  std::optional<uint64_t> lost_at_socket;
};
// In the order of infos. The counters of several are read with one system call.
absl::StatusOr<std::vector<PortStats>> GetStats(Eswitch& eswitch,
                                                const std::vector<PortInfo>& infos);

// Frames sent towards the function until now, by the eswitch or by the host on the representor.
absl::StatusOr<uint64_t> SteeredFrames(Eswitch& eswitch, uint32_t port);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_SHOW_STATS_H_
