// SPDX-License-Identifier: Apache-2.0
// What the programs do not see of a frame's way: netdevs that are down, addresses that are in
// another VLAN, and whom a broadcast passes by.
#ifndef XSW_SWITCHDEV_MODEL_SHOW_REMARK_H_
#define XSW_SWITCHDEV_MODEL_SHOW_REMARK_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "switchdev_model/ports/port_info.h"
#include "switchdev_model/show/explain.h"

namespace xsw {

struct Remark {
  enum Kind {
    kUplinkDown = 0,
    kRepresentorDown,
    kFunctionDown,
    kGroOff,     // of the function, where XDP sends frames
    kNoBridge,   // the frame rises on a representor that is in none
    kElsewhere,  // the destination is at port, but in VLAN vlan
    // Ports that get no copy of what goes to many.
    kSkipsSender,
    kSkipsInactive,
    kSkipsVlan,  // the frame's, vlan
    kSkipsIsolated,
    kSkipsAllOfIsolated,  // the sender is isolated
    kSkipsNoMember,
    kKinds,
  };
  Kind kind;
  uint32_t port;
  uint16_t vlan = 0;
};

// parts is what Explain() has said of the frame, which has come in at port.
absl::StatusOr<std::vector<Remark>> Remarks(Eswitch& eswitch, uint32_t port,
                                            const std::vector<uint8_t>& frame,
                                            const std::vector<Explained>& parts);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_SHOW_REMARK_H_
