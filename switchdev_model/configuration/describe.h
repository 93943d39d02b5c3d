// SPDX-License-Identifier: Apache-2.0
// An eswitch as it is in the kernel, in the words of a description.
#ifndef XSW_SWITCHDEV_MODEL_CONFIGURATION_DESCRIBE_H_
#define XSW_SWITCHDEV_MODEL_CONFIGURATION_DESCRIBE_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "switchdev_model/configuration/description.h"
#include "switchdev_model/eswitch/eswitch.h"

namespace xsw {

// Of a port, what its description leaves out because it follows from something else.
struct PortFacts {
  uint32_t index = 0;
  Mac hw_addr{};          // what it has
  Mac default_hw_addr{};  // what it has if its user says none
};

struct Present {
  std::string uplink;
  Mac uplink_mac{};
  bool exists = true;  // false: `eswitch add` comes first
  Description description;
  std::map<uint32_t, PortFacts> ports;  // by sfnum
};

// But for the ports of container runtimes: no file makes them, and none takes them away.
absl::StatusOr<Present> Describe(Eswitch& eswitch);

// An entry does something: its port carries the VLAN, and it is not the port's own address. One
// that does not was made useful once, by other settings of its port; no command could make it now.
bool IsUseful(const FdbDescription& entry, const Description& description, const Present& present);
bool IsUseful(const MdbDescription& entry, const Description& description);

// What `save` says of it: the description without entries that are of no use.
Description ToSave(const Present& present);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_CONFIGURATION_DESCRIBE_H_
