// SPDX-License-Identifier: Apache-2.0
// What the maps say, held against each other and against the uplink's address list.
#include <algorithm>
#include <map>
#include <set>

#include "switchdev_model/eswitch/reception.h"
#include "switchdev_model/health/record.h"
#include "switchdev_model/policy/vlan.h"
#include "switchdev_model/ports/port.h"
#include "switchdev_model/repair/check.h"
#include "switchdev_model/tables/fdb.h"
#include "switchdev_model/tables/flood.h"
#include "switchdev_model/tables/mdb.h"
#include "userspace/status.h"

namespace xsw {
namespace {

std::string Entry(const Mac& mac, uint16_t vlan) {
  return absl::StrCat(FormatMac(mac), vlan ? absl::StrCat(" vlan ", vlan) : "");
}

bool IsThere(Eswitch& eswitch, uint32_t port) {
  return port == XSW_UPLINK || (port <= XSW_MAX_PORTS && eswitch.datapath().confs()[port].present);
}

void CheckFdbRow(Eswitch& eswitch, const FdbRow& row, std::vector<Difference>* found) {
  const xsw_fdb_key key = FdbKey(row.mac, row.vlan);
  if (!IsThere(eswitch, row.port)) {
    found->push_back({row.port, absl::StrCat("fdb ", Entry(row.mac, row.vlan), " is of no port"),
                      [&eswitch, key] { return eswitch.datapath().fdb().Delete(key); }});
    return;
  }
  if (!(row.flags & XSW_FDB_PENDING)) return;
  const uint32_t flags = row.flags & (XSW_FDB_SELF | XSW_FDB_STATIC);
  found->push_back(
      {row.port, absl::StrCat("fdb ", Entry(row.mac, row.vlan), " was cut off half-way"),
       [&eswitch, key, port = row.port, flags] { return FdbClaim(eswitch, key, port, flags); }});
}

// A function's own address in each VLAN that its port carries, and nowhere else.
absl::Status CheckOwnAddress(Eswitch& eswitch, uint32_t port, const std::vector<FdbRow>& rows,
                             std::vector<Difference>* found) {
  const Mac mac = MacFrom(eswitch.datapath().ports()[port].hw_addr);
  std::set<uint16_t> missing;
  for (uint16_t vlan : Carried(GetVlans(eswitch, port))) missing.insert(vlan);
  bool stale = false;
  for (const FdbRow& row : rows) {
    if (row.port != port || !(row.flags & XSW_FDB_SELF)) continue;
    stale |= row.mac != mac || !missing.erase(row.vlan);
  }
  auto mend = [&eswitch, port, mac] {
    XSW_RETURN_IF_ERROR(FdbClaimSelf(eswitch, port, mac));
    return FdbReleaseStale(eswitch, port);
  };
  for (uint16_t vlan : missing)
    found->push_back({port, absl::StrCat("fdb ", Entry(mac, vlan), ", its own, is missing"), mend});
  if (stale) found->push_back({port, "fdb has an address that was its own before", mend});
  return absl::OkStatus();
}

absl::Status CheckFdb(Eswitch& eswitch, std::vector<Difference>* found) {
  XSW_ASSIGN_OR_RETURN(const std::vector<FdbRow> rows, FdbShow(eswitch));
  for (const FdbRow& row : rows) CheckFdbRow(eswitch, row, found);
  for (uint32_t port : PortIndices(eswitch))
    XSW_RETURN_IF_ERROR(CheckOwnAddress(eswitch, port, rows, found));
  if (!eswitch.uplink().ifindex || (eswitch.uplink().flags & IFF_PROMISC)) return absl::OkStatus();
  XSW_ASSIGN_OR_RETURN(const std::set<Mac> accepted, SelfAddresses(eswitch.uplink().ifindex));
  for (const FdbRow& row : rows) {
    if (row.mac == eswitch.uplink().mac || accepted.contains(row.mac)) continue;
    found->push_back({row.port, absl::StrCat("the uplink does not accept ", FormatMac(row.mac)),
                      [&eswitch, mac = row.mac] { return AcceptAddress(eswitch, mac); }});
  }
  return absl::OkStatus();
}

absl::Status CheckMdb(Eswitch& eswitch, std::vector<Difference>* found) {
  XSW_ASSIGN_OR_RETURN(const auto entries, eswitch.datapath().mdb().Dump());
  std::map<std::pair<Mac, uint16_t>, std::pair<uint32_t, uint32_t>> groups;  // members, count
  for (const auto& [key, value] : entries) {
    auto& [members, count] = groups[{MacFrom(key.mac), key.vlan}];
    if (key.port == XSW_UPLINK) {
      count = value;
      continue;
    }
    members++;
    if (IsThere(eswitch, key.port)) continue;
    found->push_back({key.port,
                      absl::StrCat("mdb ", Entry(MacFrom(key.mac), key.vlan), " is of no port"),
                      [&eswitch, entry = MdbEntry{MacFrom(key.mac), key.vlan, key.port}] {
                        return MdbDel(eswitch, entry);
                      }});
  }
  for (const auto& [group, numbers] : groups) {
    if (numbers.first == numbers.second) continue;
    found->push_back(
        {XSW_UPLINK,
         absl::StrCat("mdb ", Entry(group.first, group.second), " has ", numbers.first,
                      " members, and counts ", numbers.second),
         [&eswitch, group = group] { return MdbRecount(eswitch, group.first, group.second); }});
  }
  return absl::OkStatus();
}

void CheckFlood(Eswitch& eswitch, std::vector<Difference>* found) {
  auto& ports = eswitch.datapath().ports();
  std::set<uint32_t> members;
  for (uint32_t at = ports[XSW_UPLINK].next_member; at > XSW_UPLINK && at <= XSW_MAX_PORTS;
       at = ports[at].next_member) {
    if (!members.insert(at).second) break;
  }
  for (uint32_t port = 1; port <= XSW_MAX_PORTS; port++) {
    const bool open = ports[port].flags & XSW_PORT_ACTIVE;
    if (open == members.contains(port)) continue;
    found->push_back(
        {port, open ? "gets no broadcast" : "gets broadcast, and is closed", [&ports, port, open] {
           open ? JoinFlood(ports, port) : LeaveFlood(ports, port);
           return absl::OkStatus();
         }});
  }
}

}  // namespace

absl::Status CheckTables(Eswitch& eswitch, std::vector<Difference>* found) {
  XSW_RETURN_IF_ERROR(CheckFdb(eswitch, found));
  XSW_RETURN_IF_ERROR(CheckMdb(eswitch, found));
  CheckFlood(eswitch, found);
  return absl::OkStatus();
}

absl::Status MendTables(Eswitch& eswitch) {
  std::vector<Difference> found;
  XSW_RETURN_IF_ERROR(CheckTables(eswitch, &found));
  absl::Status first;
  uint64_t mended = 0;
  for (const Difference& difference : found) {
    const absl::Status status = difference.mend();
    first.Update(status);
    mended += status.ok();
  }
  first.Update(AddMended(eswitch, XSW_REPORTER_MENDING, mended));
  return first;
}

}  // namespace xsw
