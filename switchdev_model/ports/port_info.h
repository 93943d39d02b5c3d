// SPDX-License-Identifier: Apache-2.0
// What there is to see of a port: its settings, and its netdevs as they are now.
#ifndef XSW_SWITCHDEV_MODEL_PORTS_PORT_INFO_H_
#define XSW_SWITCHDEV_MODEL_PORTS_PORT_INFO_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "switchdev_model/eswitch/eswitch.h"
#include "switchdev_model/ports/attachment.h"
#include "switchdev_model/ports/function_change.h"

namespace xsw {

// Of class queues alone.
struct QueuesInfo {
  uint32_t number = 0;
  xsw_program program = XSW_PROGRAM_XSK;
  Owner owner;
  uint64_t memory_max = 0;  // bytes
};

// A port as the kernel has it at this moment.
struct PortInfo {
  uint32_t index = 0;
  std::string netdev;  // representor, the uplink itself for port 0; empty while it is gone
  uint32_t sfnum = 0;
  xsw_class port_class = XSW_CLASS_NETDEV;
  std::optional<QueuesInfo> queues;
  Mac hw_addr{};
  bool active = false;
  bool attached = false;  // function end up in its namespace
  // Set up or set down; none: that netdev is gone.
  std::optional<bool> netdev_up, function_up;
  std::string netns;   // name, "pid:N" or "" (the uplink's own), where it is or is to be
  std::string ifname;  // the function's
  uint32_t mtu = 0;
  std::optional<uint64_t> lost_at_socket;  // class queues: steered, but the socket had no room
  std::optional<Attachment> attachment;    // of a container runtime's port
  std::optional<uint64_t> function_rx;     // frames that the function's netdev has received
};
// In the order of ports.
absl::StatusOr<std::vector<PortInfo>> GetPorts(Eswitch& eswitch,
                                               const std::vector<uint32_t>& ports);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_PORTS_PORT_INFO_H_
