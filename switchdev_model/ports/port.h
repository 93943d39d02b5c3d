// SPDX-License-Identifier: Apache-2.0
// Ports of an eswitch: add, remove, look at.
#ifndef XSW_SWITCHDEV_MODEL_PORTS_PORT_H_
#define XSW_SWITCHDEV_MODEL_PORTS_PORT_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "switchdev_model/eswitch/eswitch.h"
#include "switchdev_model/ports/attachment.h"
#include "switchdev_model/ports/function.h"
#include "switchdev_model/ports/numbers.h"
#include "switchdev_model/tables/fdb.h"

namespace xsw {

struct PortSpec {
  std::optional<uint32_t> sfnum;  // default: the lowest free
  FunctionChange function;        // default: class netdev, derived hw_addr, inactive
  std::optional<Attachment> attachment = {};
};

// Returns the new port's index, the lowest free one. All or nothing.
absl::StatusOr<uint32_t> AddPort(Eswitch& eswitch, const PortSpec& spec);
absl::Status DelPort(Eswitch& eswitch, uint32_t port);
// What the two would refuse before they change anything.
absl::Status CheckAddPort(Eswitch& eswitch, const PortSpec& spec);
absl::Status CheckDelPort(Eswitch& eswitch, uint32_t port);

// Clears an index, whether a port, half a port or nothing is there. Behind the first step, the
// netdevs, an error leaves half a port, which the next command clears.
absl::Status ClearPort(Eswitch& eswitch, uint32_t port);

// The address that a port of this sfnum has unless its user says another: derived from the
// uplink's, and nobody else's of this eswitch. rows: FdbShow(); port: whose entries do not count,
// 0: none's.
absl::StatusOr<Mac> DefaultHwAddr(Eswitch& eswitch, uint32_t sfnum, uint32_t port,
                                  const std::vector<FdbRow>& rows);

// NotFound: no port has this index.
absl::Status CheckPort(Eswitch& eswitch, uint32_t port);
std::vector<uint32_t> PortIndices(Eswitch& eswitch);

// The netdev that stands for a port at the host, by the name that it had at the last writing
// command: its representor; for port 0 the uplink.
std::string NetdevOf(Eswitch& eswitch, uint32_t port);

// The numbers of all ports, and the indices that are no more to be had.
TakenNumbers TakenOf(Eswitch& eswitch);

// The port of a representor, by its present name; none: not one of this eswitch.
std::optional<uint32_t> PortOfRepresentor(Eswitch& eswitch, const std::string& name);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_PORTS_PORT_H_
