// SPDX-License-Identifier: Apache-2.0
// VLANs of a port: none (untagged frames only), access (one VLAN, which its function sees untagged)
// or trunk (a list, seen tagged, one of which may be the untagged frames').
#ifndef XSW_SWITCHDEV_MODEL_POLICY_VLAN_H_
#define XSW_SWITCHDEV_MODEL_POLICY_VLAN_H_

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "switchdev_model/eswitch/eswitch.h"

namespace xsw {

using VlanSet = std::bitset<XSW_VLAN_MASK + 1>;

// "10,20-30". InvalidArgument: not such a list, or not within 1 to 4094.
absl::StatusOr<VlanSet> ParseVlanSet(const std::string& text);
// Runs of VLANs that follow each other, first and last of each.
std::vector<std::pair<uint16_t, uint16_t>> VlanRuns(const VlanSet& set);
std::string FormatVlanSet(const VlanSet& set);
absl::Status CheckVlan(uint32_t vlan, const std::string& what);

struct PortVlans {
  uint16_t pvid = 0;  // of untagged frames; XSW_VLAN_NONE: there are to be none
  uint8_t qos = 0;    // PCP of the tag that they get
  bool trunk = false;
  VlanSet tagged;  // a trunk's, pvid included

  bool operator==(const PortVlans&) const = default;
};

// What a user asks for; what is not set stays.
struct VlanChange {
  std::optional<uint32_t> vlan;  // access
  std::optional<uint32_t> qos;
  std::optional<VlanSet> vlans;  // trunk
  std::optional<uint32_t> pvid;
  bool novlan = false;
};

// InvalidArgument: words that exclude each other, or numbers out of range. what names the port.
absl::StatusOr<PortVlans> VlansAfter(const PortVlans& before, const VlanChange& change,
                                     const std::string& what);

bool Carries(const PortVlans& vlans, uint16_t vlan);
// All that it carries, 0 for untagged; rising.
std::vector<uint16_t> Carried(const PortVlans& vlans);

// A function's own address in all VLANs that its port carries, or in all of these.
absl::Status FdbClaimSelf(Eswitch& eswitch, uint32_t port, const Mac& mac);
absl::Status FdbClaimSelf(Eswitch& eswitch, uint32_t port, const Mac& mac, const PortVlans& vlans);
// Releases what else is there of the port's own addresses: those that it had, and those in VLANs
// that it no longer carries; also what a killed command has left.
absl::Status FdbReleaseStale(Eswitch& eswitch, uint32_t port);

PortVlans GetVlans(Eswitch& eswitch, uint32_t port);
// Live: the function's address in the new VLANs, then the port, then the address out of the old
// ones. All or nothing.
absl::Status SetVlans(Eswitch& eswitch, uint32_t port, const PortVlans& vlans);
// The same for a port that nothing can come from or go to yet, without the function's address.
void WriteVlans(Eswitch& eswitch, uint32_t port, const PortVlans& vlans);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_POLICY_VLAN_H_
