// SPDX-License-Identifier: Apache-2.0
// The words that an FDB and an MDB entry have in common: DEV MAC port DEV/INDEX [vlan V].
#ifndef XSW_TOOLS_XSW_ENTRY_H_
#define XSW_TOOLS_XSW_ENTRY_H_

#include <string>

#include "absl/status/statusor.h"
#include "tools/xsw/command.h"

namespace xsw {

// The whole of `add` and `del`. what is the address's name in errors: "MAC", "GROUP". The VLAN is
// the port's own for untagged frames if none is said.
absl::Status ChangeEntry(Call& call, const std::string& what,
                         absl::StatusOr<Mac> (*parse)(const std::string& text),
                         const TableOfEntries& table, bool add);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_ENTRY_H_
