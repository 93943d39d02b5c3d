// SPDX-License-Identifier: Apache-2.0
// Ports of an eswitch: add, remove, look at.
#ifndef XSW_SWITCHDEV_MODEL_PORT_H_
#define XSW_SWITCHDEV_MODEL_PORT_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "switchdev_model/eswitch.h"
#include "switchdev_model/function.h"

namespace xsw {

struct PortSpec {
  std::optional<uint32_t> sfnum;  // default: the lowest free
  FunctionChange function;        // default: derived hw_addr, inactive
  xsw_class port_class = XSW_CLASS_NETDEV;
  std::optional<uint32_t> queues;       // class queues: default 1
  std::optional<xsw_program> program;   // class queues: default xsk
};

// Returns the new port's index, the lowest free one. All or nothing.
absl::StatusOr<uint32_t> AddPort(Eswitch& eswitch, const PortSpec& spec);
absl::Status DelPort(Eswitch& eswitch, uint32_t port);
absl::Status DelAllPorts(Eswitch& eswitch);
// What the two would refuse before they change anything.
absl::Status CheckAddPort(Eswitch& eswitch, const PortSpec& spec);
absl::Status CheckDelPort(Eswitch& eswitch, uint32_t port);

// Clears an index, whether a port, half a port or nothing is there.
absl::Status ForgetPort(Eswitch& eswitch, uint32_t port);

// NotFound: no port has this index.
absl::Status CheckPort(Eswitch& eswitch, uint32_t port);
std::vector<uint32_t> PortIndices(Eswitch& eswitch);

// The port of a representor, by its present name; none: not one of this eswitch.
std::optional<uint32_t> PortOfRepresentor(Eswitch& eswitch, const std::string& name);

// A port as the kernel has it at this moment.
struct PortInfo {
  uint32_t index = 0;
  std::string netdev;  // representor, the uplink itself for port 0; empty while it is gone
  uint32_t sfnum = 0;
  Mac hw_addr{};
  bool active = false;
  bool attached = false;  // function end up in its namespace
  std::string netns;      // name, "pid:N" or "" (the uplink's own), where it is or is to be
  std::string ifname;     // the function's
  uint32_t mtu = 0;
  std::optional<uint64_t> lost_at_socket;  // class queues: steered, but the socket had no room
  std::optional<uint64_t> function_rx;  // frames that the function's netdev has received
};
// links: DumpLinks() of the eswitch's namespace, so that many ports cost one dump.
PortInfo GetPort(Eswitch& eswitch, uint32_t port, const std::vector<Link>& links);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_PORT_H_
