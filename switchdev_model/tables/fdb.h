// SPDX-License-Identifier: Apache-2.0
// The forwarding database: which port owns an address in a VLAN.
#ifndef XSW_SWITCHDEV_MODEL_TABLES_FDB_H_
#define XSW_SWITCHDEV_MODEL_TABLES_FDB_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "switchdev_model/eswitch/eswitch.h"
#include "userspace/mac.h"

namespace xsw {

struct FdbRow {
  Mac mac{};
  uint16_t vlan = 0;   // 0: untagged
  uint32_t port = 0;   // XSW_UPLINK: the host
  uint32_t flags = 0;  // XSW_FDB_*
};
// Sorted by port, then address.
absl::StatusOr<std::vector<FdbRow>> FdbShow(Eswitch& eswitch);

xsw_fdb_key FdbKey(const Mac& mac, uint16_t vlan);

// The user's own entries: further addresses of a port, or of the host (port 0). AlreadyExists names
// the owner; NotFound; ResourceExhausted: the port has XSW_MAX_EXTRA_MACS; InvalidArgument: not
// unicast, a VLAN that the port does not carry, or the port's hw_addr, which `fdb del` leaves. The
// checks change nothing and say what the others would refuse.
absl::Status CheckFdbAdd(Eswitch& eswitch, const xsw_fdb_key& key, uint32_t port);
absl::Status FdbAdd(Eswitch& eswitch, const xsw_fdb_key& key, uint32_t port);
absl::Status CheckFdbDel(Eswitch& eswitch, const xsw_fdb_key& key, uint32_t port);
absl::Status FdbDel(Eswitch& eswitch, const xsw_fdb_key& key, uint32_t port);

// AlreadyExists, with the owner's name, if the address is another's.
absl::Status CheckFree(Eswitch& eswitch, const xsw_fdb_key& key, uint32_t port);

// An entry can be wanted for two reasons, XSW_FDB_SELF and XSW_FDB_STATIC: it lives until both are
// released. Claiming and releasing twice is OK. FdbClaim makes the uplink accept the address; until
// then the entry is XSW_FDB_PENDING, so that a command which is killed in between is finished by
// the next claim.
absl::Status FdbClaim(Eswitch& eswitch, const xsw_fdb_key& key, uint32_t port, uint32_t flag);
absl::Status FdbRelease(Eswitch& eswitch, const xsw_fdb_key& key, uint32_t port, uint32_t flag);
// The uplink stops accepting an address, unless an entry has it that stays when the caller has
// released this port's, in this VLAN or in all. Call before FdbRelease. If we are killed in
// between, the entry is still there, XSW_FDB_PENDING, and the next command finishes the job.
absl::Status FdbStopAccepting(Eswitch& eswitch, const Mac& mac, uint32_t port, uint32_t flag,
                              std::optional<uint16_t> vlan = {});
// All entries of a port, and their addresses; rows is what FdbShow has read. Each is tried, and the
// first error returned.
absl::Status FdbReleaseAll(Eswitch& eswitch, uint32_t port, const std::vector<FdbRow>& rows);

// "port eth0/3", or "the host" for port 0.
std::string OwnerName(const Eswitch& eswitch, uint32_t port);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_TABLES_FDB_H_
