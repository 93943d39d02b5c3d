// SPDX-License-Identifier: Apache-2.0
// Those keys of the configuration that are about the port.
#ifndef XSW_TOOLS_XSW_CNI_PORT_CONFIG_H_
#define XSW_TOOLS_XSW_CNI_PORT_CONFIG_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "switchdev_model/configuration/reader.h"
#include "switchdev_model/ports/function_change.h"
#include "tools/xsw-cni/config.h"

namespace xsw::cni {

// bit/s and bits, as the bandwidth capability has them; 0: no limit, the default.
struct Bandwidth {
  uint64_t ingress_rate = 0, ingress_burst = 0;  // to the container
  uint64_t egress_rate = 0, egress_burst = 0;
};

struct PortConfig {
  FunctionChange function;  // what the configuration says
  uint32_t vlan = 0, qos = 0;
  // What the runtime says, and Multus, of a device.
  std::optional<Mac> mac;
  std::optional<Bandwidth> bandwidth;
  std::string device;
  bool wants_ips = false;
};

// By keys in lower case.
std::map<std::string, Reader> PortReaders(PortConfig* port);

// All that is said of the port into config->function, and the device into config->master.
absl::Status Combine(const Request& request, const PortConfig& port, Config* config);

}  // namespace xsw::cni

#endif  // XSW_TOOLS_XSW_CNI_PORT_CONFIG_H_
