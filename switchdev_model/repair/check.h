// SPDX-License-Identifier: Apache-2.0
// Where tables, links, netdevs and uplink disagree with each other, or with what users want.
#ifndef XSW_SWITCHDEV_MODEL_REPAIR_CHECK_H_
#define XSW_SWITCHDEV_MODEL_REPAIR_CHECK_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "switchdev_model/eswitch/eswitch.h"

namespace xsw {

struct Difference {
  uint32_t port = XSW_UPLINK;  // XSW_UPLINK: of the eswitch itself
  std::string text;            // "is active, but closed for traffic"
  // Mends it, under the lock. Null: Repair() does, which every writing command begins with, or
  // nobody but the user can; then text says what he is to do.
  std::function<absl::Status()> mend;
  bool is_of_programs = false;  // they are missing, or another version's
};

// Changes nothing. A port that waits for a namespace which is not there is as its user wants it.
absl::StatusOr<std::vector<Difference>> Check(Eswitch& eswitch);

// Mends what the tables are found to disagree about, the netdevs being Repair()'s. Each is tried,
// and the first error returned.
absl::Status MendTables(Eswitch& eswitch);

// The parts: what is attached and where, and what the maps say. Of these each can be mended.
absl::Status CheckNetdevs(Eswitch& eswitch, std::vector<Difference>* found);
absl::Status CheckTables(Eswitch& eswitch, std::vector<Difference>* found);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_REPAIR_CHECK_H_
