// SPDX-License-Identifier: Apache-2.0
// The words that an FDB and an MDB entry have in common: DEV MAC port DEV/INDEX [vlan V].
#ifndef XSW_TOOLS_XSW_ENTRY_H_
#define XSW_TOOLS_XSW_ENTRY_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "tools/xsw/command.h"

namespace xsw {

struct EntryWords {
  std::string uplink;
  Mac mac{};
  uint32_t port = 0;
  std::optional<uint32_t> vlan;
};

// what is the address's name in errors: "MAC", "GROUP".
absl::StatusOr<EntryWords> TakeEntry(Call& call, const std::string& what,
                                     absl::StatusOr<Mac> (*parse)(const std::string& text));

// The VLAN that is meant: the port's own for untagged frames if none is said. Also looks whether
// there is such a port.
absl::StatusOr<uint16_t> VlanOf(Eswitch& eswitch, const EntryWords& words);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_ENTRY_H_
