// SPDX-License-Identifier: Apache-2.0
// Who is connected to what, at this moment.
#ifndef XSW_TOOLS_XSW_TOPOLOGY_CONNECTIONS_H_
#define XSW_TOOLS_XSW_TOPOLOGY_CONNECTIONS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "switchdev_model/policy/vlan.h"
#include "switchdev_model/ports/port_info.h"
#include "tools/xsw/handle.h"

namespace xsw {

struct ConnectedPort {
  std::string handle;
  PortInfo info;
  PortVlans vlans;
  std::string master;      // what its representor, or the uplink, is in: a bridge, say
  bool offloaded = false;  // the eswitch does of the bridge's work what it can
};

struct ConnectedEswitch {
  std::string driver;    // of the uplink; empty: it does not say
  std::string mode;      // "legacy"
  bool host = true;      // has a say, in mode legacy
  ConnectedPort uplink;  // port 0
  std::vector<ConnectedPort> ports;
};

struct MasterMember {
  std::string netdev;
  std::string handle;    // empty: not a port's
  std::string kind;      // "vxlan"; empty: a NIC
  size_t addresses = 0;  // that the bridge knows behind it
};

// What representors and uplinks are in, and what else is.
struct Master {
  std::string netdev;
  std::string kind;  // "bridge", "vrf"
  bool vlan_aware = false;
  std::vector<MasterMember> members;
};

struct Connections {
  std::vector<ConnectedEswitch> eswitches;
  std::vector<Master> masters;
};

// An error names what cannot be read; of the rest there is all.
absl::Status GetConnections(const std::string& bpffs, const std::vector<std::string>& uplinks,
                            Connections* connections);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_TOPOLOGY_CONNECTIONS_H_
