// SPDX-License-Identifier: Apache-2.0
// From what the kernel says of its bridges to what the fast path may do of it (mode switchdev).
// What is not understood is not permitted: its frames rise.
#ifndef XSW_SWITCHDEV_MODEL_BRIDGE_PERMITS_H_
#define XSW_SWITCHDEV_MODEL_BRIDGE_PERMITS_H_

#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "switchdev_model/eswitch/eswitch.h"
#include "userspace/attach.h"
#include "userspace/bridge.h"
#include "userspace/filters.h"

namespace xsw {

// Of a VLAN of a bridge, by its ifindex; VLAN 0: of one that is not VLAN-aware.
struct PermitKey {
  uint32_t bridge = 0;
  uint16_t vlan = 0;
  Mac mac{};

  auto operator<=>(const PermitKey&) const = default;
};

struct Permits {
  std::map<uint32_t, xsw_bport> ports;  // by port; one that is not in it stands aside
  std::map<PermitKey, xsw_permit> permits;
};

// A port of the eswitch, or its uplink.
struct Member {
  uint32_t port = 0;
  int ifindex = 0;           // of its representor, or of the uplink
  uint32_t least_mtu = 0;    // of its netdev, for the programs to notice what is too long
  bool has_rules = false;    // of xsw's own, which the bridge knows nothing of
  bool has_filter = false;   // somebody's, of tc
  bool has_program = false;  // somebody's, at tcx
};

// The eswitch's programs.
struct OwnPrograms {
  TcPrograms uplink, port;
};

// All that is asked of the kernel, but for addresses.
struct BridgeFacts {
  OwnPrograms programs;
  Bridges bridges;
  BridgeFilters filters;
  std::map<int, std::set<std::string>> qdiscs;  // by netdev
  std::vector<Member> members;
};
absl::StatusOr<BridgeFacts> ReadFacts(Eswitch& eswitch);

// addresses: of all bridges; older than facts or not.
Permits DerivePermits(const BridgeFacts& facts, const std::vector<BridgeAddress>& addresses);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_BRIDGE_PERMITS_H_
