// SPDX-License-Identifier: Apache-2.0
// All that a user has set of an eswitch, and nothing that follows from it.
#ifndef XSW_SWITCHDEV_MODEL_CONFIGURATION_DESCRIPTION_H_
#define XSW_SWITCHDEV_MODEL_CONFIGURATION_DESCRIPTION_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "switchdev_model/eswitch/settings.h"
#include "switchdev_model/policy/policy.h"
#include "switchdev_model/ports/function_change.h"
#include "userspace/mac.h"

namespace xsw {

// What every member is by default is what a new port has.
struct PortDescription {
  xsw_class port_class = XSW_CLASS_NETDEV;
  uint32_t queues = 1;                    // class queues
  xsw_program program = XSW_PROGRAM_XSK;  // class queues
  std::optional<Mac> hw_addr;             // none: derived from uplink and sfnum
  std::optional<std::string> ifname;      // none: derived from uplink and sfnum
  // A name, or "" (the uplink's own, or a private one). As it is in the kernel also "pid:N". None,
  // in a file: the namespace and the state are not the file's to say.
  std::optional<std::string> netns = "";
  uint32_t mtu = 0;  // 0: the uplink's
  bool active = false;
  Owner owner;              // class queues
  uint64_t memory_max = 0;  // class queues; 0: the default
  Policy policy;

  bool operator==(const PortDescription&) const = default;
};

// A further address of a port, by its sfnum, or of the host.
struct FdbDescription {
  std::optional<uint32_t> sfnum;
  Mac mac{};
  uint16_t vlan = 0;  // 0: untagged

  auto operator<=>(const FdbDescription&) const = default;
};

struct MdbDescription {
  Mac group{};
  uint16_t vlan = 0;
  uint32_t sfnum = 0;

  auto operator<=>(const MdbDescription&) const = default;
};

struct Description {
  SettingsDescription settings;
  std::map<uint32_t, PortDescription> ports;  // by sfnum
  std::set<FdbDescription> fdb;
  std::set<MdbDescription> mdb;

  bool operator==(const Description&) const = default;
};

// By uplink.
using Configuration = std::map<std::string, Description>;

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_CONFIGURATION_DESCRIPTION_H_
