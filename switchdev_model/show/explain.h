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

// One program's part.
struct Explained {
  std::string program;
  bool is_xdp = false;
  bool left_to_tc = false;  // an XDP program that does not decide
  Traced traced;
};

// A frame as it comes in at a port: 0 is the uplink, from the wire; another one's function sends
// it. Nothing changes, counters included. FailedPrecondition: the port's netdevs are gone.
absl::StatusOr<std::vector<Explained>> Explain(Eswitch& eswitch, Tracer& tracer, uint32_t port,
                                               const std::vector<uint8_t>& frame);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_SHOW_EXPLAIN_H_
