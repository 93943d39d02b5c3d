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
// the owner; NotFound; InvalidArgument: not unicast, or the port's hw_addr, which `fdb del` leaves. The
// checks change nothing and say what the others would refuse.
absl::Status CheckFdbAdd(Eswitch& eswitch, const Mac& mac, uint32_t port);
absl::Status FdbAdd(Eswitch& eswitch, const Mac& mac, uint32_t port);
absl::Status CheckFdbDel(Eswitch& eswitch, const Mac& mac, uint32_t port);
absl::Status FdbDel(Eswitch& eswitch, const Mac& mac, uint32_t port);

// AlreadyExists, with the owner's name, if the address is another's.
absl::Status CheckFree(Eswitch& eswitch, const Mac& mac, uint32_t port);

// An entry can be wanted for two reasons, XSW_FDB_SELF and XSW_FDB_STATIC: it lives until both are
// released. The uplink accepts the address as long. Claiming and releasing twice is OK.
absl::Status FdbClaim(Eswitch& eswitch, const Mac& mac, uint32_t port, uint32_t flag);
absl::Status FdbRelease(Eswitch& eswitch, const Mac& mac, uint32_t port, uint32_t flag);
// All entries of a port.
void FdbReleaseAll(Eswitch& eswitch, uint32_t port);

// "port eth0/3", or "the host" for port 0.
std::string OwnerName(const Eswitch& eswitch, uint32_t port);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_FDB_H_
