// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/fdb.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "switchdev_model/notify.h"
#include "switchdev_model/uplink.h"
#include "switchdev_model/vlan.h"
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

void Tell(const Eswitch& eswitch, Action action, const xsw_fdb_key& key, uint32_t port) {
  Notify({.object = "fdb",
          .action = action,
          .uplink = eswitch.uplink().name,
          .port = port,
          .mac = MacFrom(key.mac),
          .vlan = key.vlan});
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
  XSW_RETURN_IF_ERROR(CheckUnicast(MacFrom(key.mac),
                                   absl::StrCat("fdb ", eswitch.uplink().name, ": address")));
  if (port != XSW_UPLINK && !Carries(GetVlans(eswitch, port), key.vlan))
    return absl::InvalidArgumentError(absl::StrCat(
        EntryName(eswitch, key, port), ": it does not carry ",
        key.vlan ? absl::StrCat("VLAN ", key.vlan) : "untagged frames", " (xsw vlan show)"));
  absl::StatusOr<xsw_fdb_entry> there = eswitch.datapath().fdb().Get(key);
  if (there.ok() && there->port == port)
    return absl::AlreadyExistsError(absl::StrCat("fdb ", eswitch.uplink().name, ": ",
                                                 AddressName(key), " is already there for ",
                                                 OwnerName(eswitch, port)));
  XSW_RETURN_IF_ERROR(CheckFree(eswitch, key, port));
  return CheckExtraMacs(eswitch, port);
}

absl::Status FdbAdd(Eswitch& eswitch, const xsw_fdb_key& key, uint32_t port) {
  XSW_RETURN_IF_ERROR(CheckFdbAdd(eswitch, key, port));
  XSW_RETURN_IF_ERROR(FdbClaim(eswitch, key, port, XSW_FDB_STATIC));
  Tell(eswitch, Action::kNew, key, port);
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
  XSW_RETURN_IF_ERROR(FdbForget(eswitch, MacFrom(key.mac), port, XSW_FDB_STATIC, key.vlan));
  XSW_RETURN_IF_ERROR(FdbRelease(eswitch, key, port, XSW_FDB_STATIC));
  Tell(eswitch, Action::kDel, key, port);
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
  absl::StatusOr<xsw_fdb_entry> there = eswitch.datapath().fdb().Get(key);
  const uint32_t flags = there.ok() ? there->flags | flag : flag;
  XSW_RETURN_IF_ERROR(eswitch.datapath().fdb().Set(key, {.port = port, .flags = flags}));
  absl::Status accepted = AcceptAddress(eswitch, MacFrom(key.mac));
  if (!accepted.ok() && !there.ok()) eswitch.datapath().fdb().Delete(key).IgnoreError();
  return accepted;
}

absl::Status FdbRelease(Eswitch& eswitch, const xsw_fdb_key& key, uint32_t port, uint32_t flag) {
  absl::StatusOr<xsw_fdb_entry> there = eswitch.datapath().fdb().Get(key);
  if (!there.ok() || there->port != port) return absl::OkStatus();
  there->flags &= ~flag;
  if (there->flags) return eswitch.datapath().fdb().Set(key, *there);
  return eswitch.datapath().fdb().Delete(key);
}

absl::Status FdbForget(Eswitch& eswitch, const Mac& mac, uint32_t port, uint32_t flag,
                       std::optional<uint16_t> vlan) {
  XSW_ASSIGN_OR_RETURN(const auto entries, eswitch.datapath().fdb().Dump());
  for (const auto& [key, entry] : entries) {
    const bool goes =
        entry.port == port && entry.flags == flag && vlan.value_or(key.vlan) == key.vlan;
    if (MacFrom(key.mac) == mac && !goes) return absl::OkStatus();
  }
  return StopAccepting(eswitch, mac);
}

void FdbReleaseAll(Eswitch& eswitch, uint32_t port, const std::vector<FdbRow>& rows) {
  std::set<Mac> gone, kept;
  for (const FdbRow& row : rows) (row.port == port ? gone : kept).insert(row.mac);
  for (const Mac& mac : gone) {
    if (!kept.count(mac)) StopAccepting(eswitch, mac).IgnoreError();
  }
  for (const FdbRow& row : rows) {
    if (row.port == port) eswitch.datapath().fdb().Delete(FdbKey(row.mac, row.vlan)).IgnoreError();
  }
}

std::string OwnerName(const Eswitch& eswitch, uint32_t port) {
  if (port == XSW_UPLINK) return "the host";
  return absl::StrCat("port ", eswitch.uplink().name, "/", port);
}

}  // namespace xsw
