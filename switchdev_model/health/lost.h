// SPDX-License-Identifier: Apache-2.0
// Frames that ports have lost, and of which their user has not taken note.
#ifndef XSW_SWITCHDEV_MODEL_HEALTH_LOST_H_
#define XSW_SWITCHDEV_MODEL_HEALTH_LOST_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "switchdev_model/eswitch/eswitch.h"
#include "switchdev_model/health/record.h"
#include "switchdev_model/ports/port_info.h"
#include "switchdev_model/show/stats.h"

namespace xsw {

struct Lost {
  uint32_t port = 0;
  uint64_t frames = 0;  // that are news
  uint64_t in_all = 0;  // since the function's netdev was made: for NoteLost()
  std::string text;     // "7 frames lost at its function, which is down"
};

// Of the ports that have some. The loss is what was steered and has not been received, so frames
// that are on their way look lost. Where any are missing they get some milliseconds: as many as the
// function receives meanwhile do not count. So of a port that is busy a loss is seen if it is
// larger than that, or when the port is at rest.
absl::StatusOr<std::vector<Lost>> LostFrames(Eswitch& eswitch, const HealthRecords& records,
                                             const std::vector<PortInfo>& ports,
                                             const std::vector<PortStats>& stats);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_HEALTH_LOST_H_
