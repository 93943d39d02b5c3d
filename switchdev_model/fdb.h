// SPDX-License-Identifier: Apache-2.0
// The forwarding database: which port owns an address.
#ifndef XSW_SWITCHDEV_MODEL_FDB_H_
#define XSW_SWITCHDEV_MODEL_FDB_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "switchdev_model/eswitch.h"
#include "userspace/mac.h"

namespace xsw {

struct FdbRow {
  Mac mac{};
  uint16_t vlan = 0;  // 0: untagged
  uint32_t port = 0;  // XSW_UPLINK: the host
  uint32_t flags = 0; // XSW_FDB_*
};
// Sorted by port, then address.
std::vector<FdbRow> FdbShow(Eswitch& eswitch);

// The user's own entries: further addresses of a port, or of the host (port 0). AlreadyExists names
// the owner; NotFound; InvalidArgument: not unicast, or the port's hw_addr, which `fdb del` leaves.
absl::Status FdbAdd(Eswitch& eswitch, const Mac& mac, uint32_t port);
absl::Status FdbDel(Eswitch& eswitch, const Mac& mac, uint32_t port);

// The entries that follow a hw_addr. Claiming what the port has already is OK.
absl::Status FdbClaim(Eswitch& eswitch, const Mac& mac, uint32_t port, uint32_t flags);
absl::Status FdbRelease(Eswitch& eswitch, const Mac& mac, uint32_t port);
// All entries of a port; the uplink stops accepting them.
void FdbReleaseAll(Eswitch& eswitch, uint32_t port);

// "port eth0/3", or "the host" for port 0.
std::string OwnerName(const Eswitch& eswitch, uint32_t port);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_FDB_H_
