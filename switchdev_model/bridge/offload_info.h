// SPDX-License-Identifier: Apache-2.0
// What of the bridges' work an eswitch in mode switchdev does itself at this moment.
#ifndef XSW_SWITCHDEV_MODEL_BRIDGE_OFFLOAD_INFO_H_
#define XSW_SWITCHDEV_MODEL_BRIDGE_OFFLOAD_INFO_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "switchdev_model/eswitch/eswitch.h"

namespace xsw {

struct PortOffload {
  uint32_t port = 0;     // XSW_UPLINK: the wire
  std::string bridge;    // empty: it stands aside
  std::string aside;     // why, a word of AsideWord()
  size_t addresses = 0;  // behind it
};

struct OffloadInfo {
  bool is_switchdev = false;  // in the other modes no bridge decides
  bool valid = false;         // permits are: xsw-bridge is at work
  std::vector<PortOffload> ports;
};
absl::StatusOr<OffloadInfo> GetOffload(Eswitch& eswitch);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_BRIDGE_OFFLOAD_INFO_H_
