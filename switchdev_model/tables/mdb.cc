// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/tables/mdb.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "switchdev_model/policy/vlan.h"
#include "switchdev_model/show/notify.h"
#include "switchdev_model/tables/fdb.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr Mac kBroadcast = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

xsw_mdb_key Key(const MdbEntry& entry, uint32_t port) {
  xsw_mdb_key key = {.vlan = entry.vlan, .port = port};
  CopyMac(entry.group, key.mac);
  return key;
}

std::string Name(const Eswitch& eswitch, const MdbEntry& entry) {
  return absl::StrCat("mdb ", eswitch.uplink().name, ": ", FormatMac(entry.group),
                      entry.vlan ? absl::StrCat(" vlan ", entry.vlan) : "", " of ",
                      OwnerName(eswitch, entry.port));
}

bool IsLinkLocal(const Mac& mac) {
  return mac[0] == 0x01 && mac[1] == 0x80 && mac[2] == 0xc2 && !mac[3] && !mac[4] && mac[5] < 16;
}

bool Has(Eswitch& eswitch, const MdbEntry& entry) {
  return eswitch.datapath().mdb().Get(Key(entry, entry.port)).ok();
}

// How many members a group has.
absl::StatusOr<uint32_t> Members(Eswitch& eswitch, const MdbEntry& group) {
  XSW_ASSIGN_OR_RETURN(const auto entries, eswitch.datapath().mdb().Dump());
  return static_cast<uint32_t>(std::count_if(entries.begin(), entries.end(), [&](const auto& e) {
    return e.first.port != XSW_UPLINK && MacFrom(e.first.mac) == group.group &&
           e.first.vlan == group.vlan;
  }));
}

// How many the group's own entry says, by which programs know that it has any.
uint32_t Counted(Eswitch& eswitch, const MdbEntry& group) {
  return eswitch.datapath().mdb().Get(Key(group, XSW_UPLINK)).value_or(0);
}

absl::Status SetCount(Eswitch& eswitch, const MdbEntry& group, uint32_t members) {
  auto& mdb = eswitch.datapath().mdb();
  return members ? mdb.Set(Key(group, XSW_UPLINK), members) : mdb.Delete(Key(group, XSW_UPLINK));
}

void NotifyEntry(const Eswitch& eswitch, Action action, const MdbEntry& entry) {
  Notify(eswitch, {.object = "mdb",
                   .action = action,
                   .port = entry.port,
                   .mac = entry.group,
                   .vlan = entry.vlan});
}

}  // namespace

absl::StatusOr<std::vector<MdbEntry>> MdbShow(Eswitch& eswitch) {
  XSW_ASSIGN_OR_RETURN(const auto entries, eswitch.datapath().mdb().Dump());
  std::vector<MdbEntry> rows;
  for (const auto& [key, value] : entries)
    if (key.port != XSW_UPLINK) rows.push_back({MacFrom(key.mac), key.vlan, key.port});
  std::sort(rows.begin(), rows.end(), [](const MdbEntry& a, const MdbEntry& b) {
    return std::tie(a.group, a.vlan, a.port) < std::tie(b.group, b.vlan, b.port);
  });
  return rows;
}

absl::Status CheckGroup(const Mac& group, const std::string& what) {
  if ((group[0] & 1) && group != kBroadcast && !IsLinkLocal(group)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(what, ": is not a multicast address that a switch forwards"));
}

absl::Status CheckMdbAdd(Eswitch& eswitch, const MdbEntry& entry) {
  const std::string what = Name(eswitch, entry);
  XSW_RETURN_IF_ERROR(CheckGroup(entry.group, what));
  if (entry.port == XSW_UPLINK)
    return absl::InvalidArgumentError(
        absl::StrCat(what, ": the uplink and the host get every group"));
  if (!Carries(GetVlans(eswitch, entry.port), entry.vlan))
    return absl::InvalidArgumentError(absl::StrCat(
        what, ": it does not carry ",
        entry.vlan ? absl::StrCat("VLAN ", entry.vlan) : "untagged frames", " (xsw vlan show)"));
  XSW_ASSIGN_OR_RETURN(const uint32_t members, Members(eswitch, entry));
  // A member that a killed command has not counted is counted.
  if (Has(eswitch, entry) && Counted(eswitch, entry) == members)
    return absl::AlreadyExistsError(absl::StrCat(what, ": is there already"));
  return absl::OkStatus();
}

// The member first: a group never exists without one. Counted anew each time: a command that was
// killed in between has left one more than the count.
absl::Status MdbAdd(Eswitch& eswitch, const MdbEntry& entry) {
  XSW_RETURN_IF_ERROR(CheckMdbAdd(eswitch, entry));
  auto& mdb = eswitch.datapath().mdb();
  XSW_RETURN_IF_ERROR(mdb.Set(Key(entry, entry.port), 1));
  absl::StatusOr<uint32_t> members = Members(eswitch, entry);
  absl::Status status = members.ok() ? SetCount(eswitch, entry, *members) : members.status();
  if (!status.ok()) {
    // One that stays is not counted yet, and the next command on the group counts it.
    mdb.Delete(Key(entry, entry.port)).IgnoreError();
    return status;
  }
  NotifyEntry(eswitch, Action::kNew, entry);
  return status;
}

absl::Status CheckMdbDel(Eswitch& eswitch, const MdbEntry& entry) {
  if (Has(eswitch, entry)) return absl::OkStatus();
  return absl::NotFoundError(absl::StrCat(Name(eswitch, entry), ": no such entry"));
}

absl::Status MdbDel(Eswitch& eswitch, const MdbEntry& entry) {
  XSW_RETURN_IF_ERROR(CheckMdbDel(eswitch, entry));
  XSW_ASSIGN_OR_RETURN(const uint32_t members, Members(eswitch, entry));
  XSW_RETURN_IF_ERROR(SetCount(eswitch, entry, members - 1));
  absl::Status status = eswitch.datapath().mdb().Delete(Key(entry, entry.port));
  if (!status.ok()) {
    // One that is not counted the next command on the group counts.
    SetCount(eswitch, entry, members).IgnoreError();
    return status;
  }
  NotifyEntry(eswitch, Action::kDel, entry);
  return status;
}

absl::Status MdbRecount(Eswitch& eswitch, const Mac& group, uint16_t vlan) {
  const MdbEntry entry{.group = group, .vlan = vlan};
  XSW_ASSIGN_OR_RETURN(const uint32_t members, Members(eswitch, entry));
  return SetCount(eswitch, entry, members);
}

absl::Status MdbReleaseAll(Eswitch& eswitch, uint32_t port, const std::vector<MdbEntry>& entries) {
  absl::Status first;
  for (const MdbEntry& entry : entries)
    if (entry.port == port) first.Update(MdbDel(eswitch, entry));
  return first;
}

}  // namespace xsw
