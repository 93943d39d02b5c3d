// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/tables/fdb.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "switchdev_model/eswitch/reception.h"
#include "switchdev_model/policy/vlan.h"
#include "switchdev_model/show/notify.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// "02:00:00:00:00:01 vlan 7"
std::string AddressName(const xsw_fdb_key& key) {
  return absl::StrCat(FormatMac(MacFrom(key.mac)),
                      key.vlan ? absl::StrCat(" vlan ", key.vlan & XSW_VLAN_MASK) : "");
}

std::string EntryName(const Eswitch& eswitch, const xsw_fdb_key& key, uint32_t port) {
  return absl::StrCat("fdb ", eswitch.uplink().name, ": ", AddressName(key), " of ",
                      OwnerName(eswitch, port));
}

absl::Status CheckExtraMacs(Eswitch& eswitch, uint32_t port) {
  if (port == XSW_UPLINK) return absl::OkStatus();
  XSW_ASSIGN_OR_RETURN(const std::vector<FdbRow> rows, FdbShow(eswitch));
  const auto extra = std::count_if(rows.begin(), rows.end(), [&](const FdbRow& row) {
    return row.port == port && (row.flags & XSW_FDB_STATIC);
  });
  if (extra < XSW_MAX_EXTRA_MACS) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat(OwnerName(eswitch, port), ": has ", extra,
                                                   " addresses beside its hw_addr, the limit"));
}

void NotifyEntry(const Eswitch& eswitch, Action action, const xsw_fdb_key& key, uint32_t port) {
  Notify(
      eswitch,
      {.object = "fdb", .action = action, .port = port, .mac = MacFrom(key.mac), .vlan = key.vlan});
}

}  // namespace

xsw_fdb_key FdbKey(const Mac& mac, uint16_t vlan) {
  xsw_fdb_key key = {.vlan = vlan};
  CopyMac(mac, key.mac);
  return key;
}

absl::StatusOr<std::vector<FdbRow>> FdbShow(Eswitch& eswitch) {
  XSW_ASSIGN_OR_RETURN(const auto entries, eswitch.datapath().fdb().Dump());
  std::vector<FdbRow> rows;
  for (const auto& [key, entry] : entries)
    rows.push_back({MacFrom(key.mac), key.vlan, entry.port, entry.flags});
  std::sort(rows.begin(), rows.end(), [](const FdbRow& a, const FdbRow& b) {
    return std::tie(a.port, a.mac, a.vlan) < std::tie(b.port, b.mac, b.vlan);
  });
  return rows;
}

absl::Status CheckFdbAdd(Eswitch& eswitch, const xsw_fdb_key& key, uint32_t port) {
  XSW_RETURN_IF_ERROR(
      CheckUnicast(MacFrom(key.mac), absl::StrCat("fdb ", eswitch.uplink().name, ": address")));
  if (port != XSW_UPLINK && !Carries(GetVlans(eswitch, port), key.vlan))
    return absl::InvalidArgumentError(absl::StrCat(
        EntryName(eswitch, key, port), ": it does not carry ",
        key.vlan ? absl::StrCat("VLAN ", key.vlan) : "untagged frames", " (xsw vlan show)"));
  absl::StatusOr<xsw_fdb_entry> there = eswitch.datapath().fdb().Get(key);
  // One that a killed command has left half done is finished.
  if (there.ok() && there->port == port && !(there->flags & XSW_FDB_PENDING))
    return absl::AlreadyExistsError(absl::StrCat("fdb ", eswitch.uplink().name, ": ",
                                                 AddressName(key), " is already there for ",
                                                 OwnerName(eswitch, port)));
  XSW_RETURN_IF_ERROR(CheckFree(eswitch, key, port));
  return CheckExtraMacs(eswitch, port);
}

absl::Status FdbAdd(Eswitch& eswitch, const xsw_fdb_key& key, uint32_t port) {
  XSW_RETURN_IF_ERROR(CheckFdbAdd(eswitch, key, port));
  const bool was_promiscuous = IsMadePromiscuous(eswitch);
  absl::Status status = FdbClaim(eswitch, key, port, XSW_FDB_STATIC);
  if (!status.ok()) {
    RestorePromiscuous(eswitch, was_promiscuous);
    return status;
  }
  NotifyEntry(eswitch, Action::kNew, key, port);
  return absl::OkStatus();
}

absl::Status CheckFdbDel(Eswitch& eswitch, const xsw_fdb_key& key, uint32_t port) {
  const std::string what = EntryName(eswitch, key, port);
  absl::StatusOr<xsw_fdb_entry> there = eswitch.datapath().fdb().Get(key);
  if (!there.ok() || there->port != port)
    return absl::NotFoundError(absl::StrCat(what, ": no such entry"));
  if (there->flags & XSW_FDB_STATIC) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(what, ": is its own address (xsw port function set ... hw_addr changes it)"));
}

absl::Status FdbDel(Eswitch& eswitch, const xsw_fdb_key& key, uint32_t port) {
  XSW_RETURN_IF_ERROR(CheckFdbDel(eswitch, key, port));
  absl::Status status = FdbStopAccepting(eswitch, MacFrom(key.mac), port, XSW_FDB_STATIC, key.vlan);
  if (status.ok()) status = FdbRelease(eswitch, key, port, XSW_FDB_STATIC);
  if (!status.ok()) {
    // It is accepted as before, and no longer pending; should that fail too, the same command said
    // again ends without it.
    FdbClaim(eswitch, key, port, XSW_FDB_STATIC).IgnoreError();
    return status;
  }
  NotifyEntry(eswitch, Action::kDel, key, port);
  return absl::OkStatus();
}

absl::Status CheckFree(Eswitch& eswitch, const xsw_fdb_key& key, uint32_t port) {
  absl::StatusOr<xsw_fdb_entry> there = eswitch.datapath().fdb().Get(key);
  if (!there.ok()) return absl::IsNotFound(there.status()) ? absl::OkStatus() : there.status();
  if (there->port == port) return absl::OkStatus();
  return absl::AlreadyExistsError(absl::StrCat("eswitch ", eswitch.uplink().name, ": address ",
                                               AddressName(key), " is in use by ",
                                               OwnerName(eswitch, there->port)));
}

absl::Status FdbClaim(Eswitch& eswitch, const xsw_fdb_key& key, uint32_t port, uint32_t flag) {
  XSW_RETURN_IF_ERROR(CheckFree(eswitch, key, port));
  auto& fdb = eswitch.datapath().fdb();
  absl::StatusOr<xsw_fdb_entry> there = fdb.Get(key);
  if (!there.ok() && !absl::IsNotFound(there.status())) return there.status();
  const uint32_t before = there.ok() ? there->flags : XSW_FDB_PENDING;
  const uint32_t flags = (before | flag) & ~XSW_FDB_PENDING;
  if (before == flags) return absl::OkStatus();
  if (!(before & XSW_FDB_PENDING)) return fdb.Set(key, {.port = port, .flags = flags});
  XSW_RETURN_IF_ERROR(fdb.Set(key, {.port = port, .flags = flags | XSW_FDB_PENDING}));
  absl::Status accepted = AcceptAddress(eswitch, MacFrom(key.mac)), status = accepted;
  if (status.ok()) status = fdb.Set(key, {.port = port, .flags = flags});
  if (status.ok() || there.ok()) return status;
  // What cannot be taken back stays pending, and the next claim goes on.
  if (!accepted.ok() || FdbStopAccepting(eswitch, MacFrom(key.mac), port, flag, key.vlan).ok())
    fdb.Delete(key).IgnoreError();
  return status;
}

absl::Status FdbRelease(Eswitch& eswitch, const xsw_fdb_key& key, uint32_t port, uint32_t flag) {
  absl::StatusOr<xsw_fdb_entry> there = eswitch.datapath().fdb().Get(key);
  if (!there.ok() || there->port != port) return absl::OkStatus();
  there->flags &= ~flag;
  if (there->flags & ~XSW_FDB_PENDING) return eswitch.datapath().fdb().Set(key, *there);
  return eswitch.datapath().fdb().Delete(key);
}

absl::Status FdbStopAccepting(Eswitch& eswitch, const Mac& mac, uint32_t port, uint32_t flag,
                              std::optional<uint16_t> vlan) {
  auto& fdb = eswitch.datapath().fdb();
  XSW_ASSIGN_OR_RETURN(const auto entries, fdb.Dump());
  std::vector<std::pair<xsw_fdb_key, xsw_fdb_entry>> going;
  for (const auto& [key, entry] : entries) {
    const bool goes = entry.port == port && (entry.flags & ~XSW_FDB_PENDING) == flag &&
                      vlan.value_or(key.vlan) == key.vlan;
    if (MacFrom(key.mac) != mac) continue;
    if (!goes) return absl::OkStatus();
    going.emplace_back(key, entry);
  }
  for (auto& [key, entry] : going) {
    entry.flags |= XSW_FDB_PENDING;
    XSW_RETURN_IF_ERROR(fdb.Set(key, entry));
  }
  return StopAccepting(eswitch, mac);
}

absl::Status FdbReleaseAll(Eswitch& eswitch, uint32_t port, const std::vector<FdbRow>& rows) {
  std::set<Mac> gone, kept;
  for (const FdbRow& row : rows) (row.port == port ? gone : kept).insert(row.mac);
  absl::Status first;
  for (const Mac& mac : gone) {
    absl::Status status = kept.count(mac) ? absl::OkStatus() : StopAccepting(eswitch, mac);
    // Its entries stay, by which the next command sees what is to be done.
    if (!status.ok()) kept.insert(mac);
    first.Update(status);
  }
  for (const FdbRow& row : rows) {
    if (row.port == port && (first.ok() || !kept.count(row.mac)))
      first.Update(eswitch.datapath().fdb().Delete(FdbKey(row.mac, row.vlan)));
  }
  return first;
}

std::string OwnerName(const Eswitch& eswitch, uint32_t port) {
  if (port == XSW_UPLINK) return "the host";
  return absl::StrCat("port ", eswitch.uplink().name, "/", port);
}

}  // namespace xsw
