// SPDX-License-Identifier: Apache-2.0
// Connections in words, the same in each picture.
#ifndef XSW_TOOLS_XSW_TOPOLOGY_WORDS_H_
#define XSW_TOOLS_XSW_TOPOLOGY_WORDS_H_

#include <string>
#include <vector>

#include "tools/xsw/topology/connections.h"

namespace xsw {

// Each a word or some; of a picture a line.
using WordList = std::vector<std::string>;

WordList UplinkWords(const ConnectedEswitch& eswitch);  // "driver veth", "mode legacy"
WordList PortWords(const ConnectedPort& port);          // "class netdev", "vlan 10"
WordList FunctionWords(const ConnectedPort& port);      // "in c1", "hw_addr ...", "attached"
WordList MasterWords(const Master& master);             // "bridge", "VLAN-aware"
WordList MemberWords(const MasterMember& member);       // "vxlan", "3 addresses"

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_TOPOLOGY_WORDS_H_
