// SPDX-License-Identifier: Apache-2.0
// xsw fdb: which port owns an address.
#include "absl/strings/str_cat.h"
#include "switchdev_model/tables/fdb.h"
#include "tools/xsw/command.h"
#include "tools/xsw/entry.h"

namespace xsw {
namespace {

absl::Status Add(Call& call) { return ChangeEntry(call, "MAC", ParseMac, kFdbTable, true); }
absl::Status Del(Call& call) { return ChangeEntry(call, "MAC", ParseMac, kFdbTable, false); }

// An entry as text and as JSON.
struct Shown {
  const FdbRow& row;
  std::string dev, port;

  const char* flag() const { return row.flags & XSW_FDB_SELF ? "self" : "static"; }
  std::string Text() const {
    const std::string vlan = row.vlan ? absl::StrCat(" vlan ", row.vlan & XSW_VLAN_MASK) : "";
    return absl::StrCat(FormatMac(row.mac), " dev ", dev, vlan, " port ", port, " ", flag());
  }
  Json ToJson() const {
    Json json = NewObject(5);
    json["mac"] = FormatMac(row.mac);
    json["dev"] = dev;
    json["port"] = port;
    json["flags"].push_back(flag());
    if (row.vlan) json["vlan"] = row.vlan & XSW_VLAN_MASK;
    return json;
  }
};

absl::Status ShowOne(Call& call, const std::string& uplink) {
  return ShowEntries<Shown>(call, uplink, FdbShow);
}

absl::Status Show(Call& call) { return ShowUplinks(call, ShowOne); }

constexpr Command kCommands[] = {
    {"fdb", "add", "DEV MAC port DEV/INDEX [vlan V]", "give a port (0: the host) a further address",
     Add},
    {"fdb", "del", "DEV MAC port DEV/INDEX [vlan V]", "take it away", Del},
    {"fdb", "show", "[DEV]", "list addresses and their ports", Show},
};

}  // namespace

absl::Span<const Command> FdbCommands() { return kCommands; }

}  // namespace xsw
