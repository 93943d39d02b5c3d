// SPDX-License-Identifier: Apache-2.0
// What only one port of an eswitch can have: an address in a VLAN, and a name in a namespace.
#ifndef XSW_SWITCHDEV_MODEL_CONFIGURATION_CLAIMS_H_
#define XSW_SWITCHDEV_MODEL_CONFIGURATION_CLAIMS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "switchdev_model/configuration/description.h"

namespace xsw {

using AddressClaim = std::pair<Mac, uint16_t>;           // in this VLAN
using PlaceClaim = std::pair<std::string, std::string>;  // namespace, ifname

struct PortClaims {
  std::vector<AddressClaim> addresses;
  std::optional<PlaceClaim> place;
};
// Its hw_addr and ifname are said.
PortClaims ClaimsOf(const PortDescription& port);

// Who has what: ports by their sfnum, none stands for the host.
class Claims {
 public:
  using Owner = std::optional<uint32_t>;

  void Take(Owner owner, const AddressClaim& address);
  void Take(uint32_t sfnum, const PortClaims& claims);
  void Give(Owner owner, const AddressClaim& address);
  void Give(uint32_t sfnum, const PortClaims& claims);

  // Another than this one who has it, and null where nobody has.
  const Owner* Other(Owner owner, const AddressClaim& address) const;
  const Owner* Other(uint32_t sfnum, const PlaceClaim& place) const;

 private:
  // An address can be wanted twice by one: as hw_addr and as an entry of its own.
  struct Held {
    Owner owner;
    int times = 0;
  };
  absl::flat_hash_map<AddressClaim, Held> addresses_;
  absl::flat_hash_map<PlaceClaim, Owner> places_;
};

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_CONFIGURATION_CLAIMS_H_
