// SPDX-License-Identifier: Apache-2.0
// The multicast database: ports that have joined a group. A group without members reaches all.
#ifndef XSW_SWITCHDEV_MODEL_TABLES_MDB_H_
#define XSW_SWITCHDEV_MODEL_TABLES_MDB_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "switchdev_model/eswitch/eswitch.h"
#include "userspace/mac.h"

namespace xsw {

struct MdbEntry {
  Mac group{};
  uint16_t vlan = 0;  // 0: untagged
  uint32_t port = 0;
};

// Sorted by group, VLAN, port.
absl::StatusOr<std::vector<MdbEntry>> MdbShow(Eswitch& eswitch);

// InvalidArgument: not a multicast address that a switch forwards.
absl::Status CheckGroup(const Mac& group, const std::string& what);

// InvalidArgument: as CheckGroup() says, or a VLAN that the port does not
// carry; AlreadyExists; NotFound. The checks change nothing and say what the others would refuse.
absl::Status CheckMdbAdd(Eswitch& eswitch, const MdbEntry& entry);
absl::Status MdbAdd(Eswitch& eswitch, const MdbEntry& entry);
absl::Status CheckMdbDel(Eswitch& eswitch, const MdbEntry& entry);
absl::Status MdbDel(Eswitch& eswitch, const MdbEntry& entry);
// The group's count, by which programs know that it has members, as its members are.
absl::Status MdbRecount(Eswitch& eswitch, const Mac& group, uint16_t vlan);
// All of a port; entries is what MdbShow has read. Each is tried, and the first error returned.
absl::Status MdbReleaseAll(Eswitch& eswitch, uint32_t port, const std::vector<MdbEntry>& entries);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_TABLES_MDB_H_
