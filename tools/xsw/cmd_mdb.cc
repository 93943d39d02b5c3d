// SPDX-License-Identifier: Apache-2.0
// xsw mdb: which ports have joined a multicast group.
#include "absl/strings/str_cat.h"
#include "switchdev_model/ports/port.h"
#include "switchdev_model/tables/group.h"
#include "switchdev_model/tables/mdb.h"
#include "tools/xsw/command.h"
#include "tools/xsw/entry.h"

namespace xsw {
namespace {

absl::Status Add(Call& call) { return ChangeEntry(call, "GROUP", ParseGroup, kMdbTable, true); }
absl::Status Del(Call& call) { return ChangeEntry(call, "GROUP", ParseGroup, kMdbTable, false); }

// An entry as text and as JSON.
struct Shown {
  const MdbEntry& row;
  std::string dev, port;

  std::string Text() const {
    const std::string vlan = row.vlan ? absl::StrCat(" vlan ", row.vlan) : "";
    return absl::StrCat(FormatMac(row.group), vlan, " dev ", dev, " port ", port);
  }
  Json ToJson() const {
    Json json = NewObject(4);
    json["group"] = FormatMac(row.group);
    json["dev"] = dev;
    json["port"] = port;
    if (row.vlan) json["vlan"] = row.vlan;
    return json;
  }
};

absl::Status ShowOne(Call& call, const std::string& uplink) {
  return ShowEntries<Shown>(call, uplink, MdbShow);
}

absl::Status Show(Call& call) { return ShowUplinks(call, ShowOne); }

constexpr Command kCommands[] = {
    {"mdb", "add", "DEV GROUP port DEV/INDEX [vlan V]",
     "let a port join a multicast group, which then reaches its members only", Add},
    {"mdb", "del", "DEV GROUP port DEV/INDEX [vlan V]", "let it leave", Del},
    {"mdb", "show", "[DEV]", "list groups and their members", Show},
};

}  // namespace

absl::Span<const Command> MdbCommands() { return kCommands; }

}  // namespace xsw
