// SPDX-License-Identifier: Apache-2.0
// xsw fdb: which port owns an address.
#include "switchdev_model/fdb.h"

#include "absl/strings/str_cat.h"
#include "switchdev_model/port.h"
#include "tools/command.h"
#include "tools/handle.h"
#include "userspace/status.h"

namespace xsw {
namespace {

struct Entry {
  std::string uplink;
  Mac mac{};
  uint32_t port = 0;
};

absl::StatusOr<Entry> TakeEntry(Call& call) {
  Entry entry;
  XSW_ASSIGN_OR_RETURN(entry.uplink, call.args.Take("DEV"));
  XSW_ASSIGN_OR_RETURN(std::string mac, call.args.Take("MAC"));
  XSW_ASSIGN_OR_RETURN(entry.mac, ParseMac(mac));
  XSW_RETURN_IF_ERROR(call.args.Expect("port"));
  XSW_ASSIGN_OR_RETURN(std::string text, call.args.Take("DEV/INDEX"));
  XSW_RETURN_IF_ERROR(call.args.Done());
  XSW_ASSIGN_OR_RETURN(PortHandle handle, ParsePortHandle(call.bpffs, text));
  if (handle.uplink != entry.uplink)
    return absl::InvalidArgumentError(
        absl::StrCat("fdb ", entry.uplink, ": port ", text, " is of another eswitch"));
  entry.port = handle.index;
  return entry;
}

using EntryFunction = absl::Status (*)(Eswitch&, const Mac&, uint32_t);

absl::Status Change(Call& call, EntryFunction check, EntryFunction change) {
  XSW_ASSIGN_OR_RETURN(Entry entry, TakeEntry(call));
  absl::StatusOr<Eswitch> eswitch = OpenToChange(call, entry.uplink);
  if (!eswitch.ok()) return eswitch.status();
  XSW_RETURN_IF_ERROR(CheckPort(*eswitch, entry.port));
  return (call.options.dry_run ? check : change)(*eswitch, entry.mac, entry.port);
}

absl::Status Add(Call& call) { return Change(call, CheckFdbAdd, FdbAdd); }
absl::Status Del(Call& call) { return Change(call, CheckFdbDel, FdbDel); }

absl::Status ShowOne(Call& call, const std::string& uplink) {
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, Eswitch::OpenToRead(call.bpffs, uplink));
  Json& list = call.output.doc()["fdb"][eswitch.uplink().name] = Json::array();
  for (const FdbRow& row : FdbShow(eswitch)) {
    const std::string dev = row.port == XSW_UPLINK
                                ? eswitch.uplink().name
                                : eswitch.datapath().confs()[row.port].representor;
    const std::string port = FormatHandle(eswitch.uplink().name, row.port);
    const char* flag = row.flags & XSW_FDB_SELF ? "self" : "static";
    std::string vlan = row.vlan ? absl::StrCat(" vlan ", row.vlan & XSW_VLAN_MASK) : "";
    call.output.Line(
        absl::StrCat(FormatMac(row.mac), " dev ", dev, vlan, " port ", port, " ", flag));
    Json json = {{"mac", FormatMac(row.mac)}, {"dev", dev}, {"port", port}, {"flags", {flag}}};
    if (row.vlan) json["vlan"] = row.vlan & XSW_VLAN_MASK;
    list.push_back(std::move(json));
  }
  return absl::OkStatus();
}

absl::Status Show(Call& call) {
  call.output.doc()["fdb"] = Json::object();
  if (call.args.empty()) {
    for (const std::string& uplink : EswitchDir::List(call.bpffs))
      XSW_RETURN_IF_ERROR(ShowOne(call, uplink));
    return absl::OkStatus();
  }
  XSW_ASSIGN_OR_RETURN(std::string uplink, call.args.Take("DEV"));
  XSW_RETURN_IF_ERROR(call.args.Done());
  return ShowOne(call, uplink);
}

constexpr Command kCommands[] = {
    {"fdb", "add", "DEV MAC port DEV/INDEX", "give a port (0: the host) a further address", Add},
    {"fdb", "del", "DEV MAC port DEV/INDEX", "take it away", Del},
    {"fdb", "show", "[DEV]", "list addresses and their ports", Show},
};

}  // namespace

absl::Span<const Command> FdbCommands() { return kCommands; }

}  // namespace xsw
