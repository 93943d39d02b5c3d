// SPDX-License-Identifier: Apache-2.0
// Connections as a tree of text:
//
//   up0: driver veth, mode switchdev, up, in br0
//   |-- up0/1 up0sf1: class netdev, vlan 10, in br0, offload on
//   |   `-- eth0: in netns c1, hw_addr 02:00:00:00:00:01, state active, opstate attached
//   `-- host
//   br0: bridge, VLAN-aware
//   |-- up0: up0/0, 3 addresses
//   `-- vx100: vxlan, 12 addresses
#ifndef XSW_TOOLS_XSW_TOPOLOGY_TREE_H_
#define XSW_TOOLS_XSW_TOPOLOGY_TREE_H_

#include <string>

#include "tools/xsw/topology/connections.h"

namespace xsw {

// utf8: with lines of a box.
std::string DrawTree(const Connections& connections, bool utf8);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_TOPOLOGY_TREE_H_
