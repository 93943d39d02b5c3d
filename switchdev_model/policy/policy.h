// SPDX-License-Identifier: Apache-2.0
// What the representor side lets a port's function send and get: VLANs, filters, rates, link.
#ifndef XSW_SWITCHDEV_MODEL_POLICY_POLICY_H_
#define XSW_SWITCHDEV_MODEL_POLICY_POLICY_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "switchdev_model/eswitch/eswitch.h"
#include "switchdev_model/policy/rate.h"
#include "switchdev_model/policy/vlan.h"

namespace xsw {

struct Policy {
  PortVlans vlans;
  PortRates rates;
  bool spoofchk = true;
  bool trust = false;
  bool promisc = false;   // a copy of unknown unicast; needs trust
  bool allmulti = false;  // every multicast group; needs trust
  bool isolated = false;  // the uplink and the host only
  bool link = true;       // false: the function sees no carrier

  bool operator==(const Policy&) const = default;
};

// What a user asks for; what is not set stays.
struct PolicyChange {
  VlanChange vlan;
  std::optional<uint64_t> tx_max, rx_max, burst;
  std::optional<bool> spoofchk, trust, promisc, allmulti, isolated, link;
};

Policy GetPolicy(Eswitch& eswitch, uint32_t port);

// What the change makes of it. InvalidArgument says which words do not go together; what names the
// port. mtu: CheckRates().
absl::StatusOr<Policy> PolicyAfter(uint32_t mtu, const Policy& before, const PolicyChange& change,
                                   const std::string& what);

// Live, all or nothing. AlreadyExists: another port has the function's address in one of the VLANs.
absl::Status SetPolicy(Eswitch& eswitch, uint32_t port, const Policy& policy);

// Programs look at one word of the eswitch before they look for promiscuous ports.
void SyncPromisc(Eswitch& eswitch);

// Of a port without netdevs: one that is being made, or (Policy{}) removed.
void WritePolicy(Eswitch& eswitch, uint32_t port, const Policy& policy);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_POLICY_POLICY_H_
