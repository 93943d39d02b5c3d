// SPDX-License-Identifier: Apache-2.0
// What the commands of the FDB and the MDB have in common: the words DEV MAC port DEV/INDEX [vlan
// V], and a list of entries.
#ifndef XSW_TOOLS_XSW_ENTRY_H_
#define XSW_TOOLS_XSW_ENTRY_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "switchdev_model/ports/port.h"
#include "tools/xsw/command.h"
#include "tools/xsw/handle.h"
#include "userspace/status.h"

namespace xsw {

// The whole of `add` and `del`. what is the address's name in errors: "MAC", "GROUP". The VLAN is
// the port's own for untagged frames if none is said.
absl::Status ChangeEntry(Call& call, const std::string& what,
                         absl::StatusOr<Mac> (*parse)(const std::string& text),
                         const TableOfEntries& table, bool add);

// `show` of one eswitch. Shown is {row, dev, port}, with Text() and ToJson(): dev is the netdev of
// the row's port, port its handle.
template <typename Shown, typename Row>
absl::Status ShowEntries(Call& call, const std::string& uplink,
                         absl::StatusOr<std::vector<Row>> (*read)(Eswitch& eswitch)) {
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, Eswitch::OpenToRead(call.bpffs, uplink));
  const std::string& name = eswitch.uplink().name;
  Json& list = call.output.doc()[call.object][name] = Json::array();
  XSW_ASSIGN_OR_RETURN(const std::vector<Row> rows, read(eswitch));
  for (const Row& row : rows) {
    const Shown shown{row, NetdevOf(eswitch, row.port), FormatHandle(name, row.port)};
    if (call.output.json())
      list.push_back(shown.ToJson());
    else
      call.output.Line(shown.Text());
  }
  return absl::OkStatus();
}

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_ENTRY_H_
