// SPDX-License-Identifier: Apache-2.0
// What the eswitch would do with a frame, asked of its own programs.
#ifndef XSW_SWITCHDEV_MODEL_SHOW_EXPLAIN_H_
#define XSW_SWITCHDEV_MODEL_SHOW_EXPLAIN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "switchdev_model/eswitch/eswitch.h"
#include "userspace/tracer.h"

namespace xsw {

// What a program does with the frame, one after the other.
struct FrameStep {
  xsw_step what;
  uint32_t port;
  uint16_t vlan;                    // as in the tables; 0: untagged
  bool tagged = false;              // XSW_STEP_TO_*: it leaves with the tag of its VLAN
  xsw_drop reason = XSW_DROP_NONE;  // XSW_STEP_DROP
};

// One program's part.
struct Explained {
  std::string program;
  bool is_xdp = false;
  bool left_to_tc = false;  // an XDP program that does not decide
  std::vector<FrameStep> steps;
};

// A frame as it comes in at a port: 0 is the uplink, from the wire; another one's function sends
// it. Nothing changes, counters included. FailedPrecondition: the port's netdevs are gone.
absl::StatusOr<std::vector<Explained>> Explain(Eswitch& eswitch, Tracer& tracer, uint32_t port,
                                               const std::vector<uint8_t>& frame);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_SHOW_EXPLAIN_H_
