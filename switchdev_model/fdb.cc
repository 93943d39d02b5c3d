// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/fdb.h"

#include <algorithm>
#include <tuple>

#include "switchdev_model/uplink.h"
#include "userspace/status.h"

namespace xsw {
namespace {

xsw_fdb_key Key(const Mac& mac) {
  xsw_fdb_key key = {};
  CopyMac(mac, key.mac);
  return key;
}

}  // namespace

std::vector<FdbRow> FdbShow(Eswitch& eswitch) {
  std::vector<FdbRow> rows;
  for (const auto& [key, entry] : eswitch.datapath().FdbDump())
    rows.push_back({MacFrom(key.mac), key.vlan, entry.port, entry.flags});
  std::sort(rows.begin(), rows.end(), [](const FdbRow& a, const FdbRow& b) {
    return std::tie(a.port, a.mac, a.vlan) < std::tie(b.port, b.mac, b.vlan);
  });
  return rows;
}

absl::Status CheckFdbAdd(Eswitch& eswitch, const Mac& mac, uint32_t port) {
  XSW_RETURN_IF_ERROR(CheckUnicast(mac, absl::StrCat("fdb ", eswitch.uplink().name, ": address")));
  absl::StatusOr<xsw_fdb_entry> there = eswitch.datapath().FdbGet(Key(mac));
  if (there.ok() && there->port == port)
    return absl::AlreadyExistsError(absl::StrCat("fdb ", eswitch.uplink().name, ": ",
                                                 FormatMac(mac), " is already there for ",
                                                 OwnerName(eswitch, port)));
  return CheckFree(eswitch, mac, port);
}

absl::Status FdbAdd(Eswitch& eswitch, const Mac& mac, uint32_t port) {
  XSW_RETURN_IF_ERROR(CheckFdbAdd(eswitch, mac, port));
  return FdbClaim(eswitch, mac, port, XSW_FDB_STATIC);
}

absl::Status CheckFdbDel(Eswitch& eswitch, const Mac& mac, uint32_t port) {
  const std::string what = absl::StrCat("fdb ", eswitch.uplink().name, ": ", FormatMac(mac),
                                        " of ", OwnerName(eswitch, port));
  absl::StatusOr<xsw_fdb_entry> there = eswitch.datapath().FdbGet(Key(mac));
  if (!there.ok() || there->port != port)
    return absl::NotFoundError(absl::StrCat(what, ": no such entry"));
  if (there->flags & XSW_FDB_STATIC) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(what, ": is its own address (xsw port function set ... hw_addr changes it)"));
}

absl::Status FdbDel(Eswitch& eswitch, const Mac& mac, uint32_t port) {
  XSW_RETURN_IF_ERROR(CheckFdbDel(eswitch, mac, port));
  return FdbRelease(eswitch, mac, port, XSW_FDB_STATIC);
}

absl::Status CheckFree(Eswitch& eswitch, const Mac& mac, uint32_t port) {
  absl::StatusOr<xsw_fdb_entry> there = eswitch.datapath().FdbGet(Key(mac));
  if (!there.ok()) return absl::IsNotFound(there.status()) ? absl::OkStatus() : there.status();
  if (there->port == port) return absl::OkStatus();
  return absl::AlreadyExistsError(absl::StrCat("eswitch ", eswitch.uplink().name, ": address ",
                                               FormatMac(mac), " is in use by ",
                                               OwnerName(eswitch, there->port)));
}

absl::Status FdbClaim(Eswitch& eswitch, const Mac& mac, uint32_t port, uint32_t flag) {
  XSW_RETURN_IF_ERROR(CheckFree(eswitch, mac, port));
  absl::StatusOr<xsw_fdb_entry> there = eswitch.datapath().FdbGet(Key(mac));
  const uint32_t flags = there.ok() ? there->flags | flag : flag;
  XSW_RETURN_IF_ERROR(eswitch.datapath().FdbSet(Key(mac), {.port = port, .flags = flags}));
  absl::Status accepted = AcceptAddress(eswitch, mac);
  if (!accepted.ok() && !there.ok()) eswitch.datapath().FdbDelete(Key(mac)).IgnoreError();
  return accepted;
}

absl::Status FdbRelease(Eswitch& eswitch, const Mac& mac, uint32_t port, uint32_t flag) {
  absl::StatusOr<xsw_fdb_entry> there = eswitch.datapath().FdbGet(Key(mac));
  if (!there.ok() || there->port != port) return absl::OkStatus();
  there->flags &= ~flag;
  if (there->flags) return eswitch.datapath().FdbSet(Key(mac), *there);
  XSW_RETURN_IF_ERROR(StopAccepting(eswitch, mac));
  return eswitch.datapath().FdbDelete(Key(mac));
}

void FdbReleaseAll(Eswitch& eswitch, uint32_t port) {
  for (const auto& [key, entry] : eswitch.datapath().FdbDump()) {
    if (entry.port == port)
      FdbRelease(eswitch, MacFrom(key.mac), port, entry.flags).IgnoreError();
  }
}

std::string OwnerName(const Eswitch& eswitch, uint32_t port) {
  if (port == XSW_UPLINK) return "the host";
  return absl::StrCat("port ", eswitch.uplink().name, "/", port);
}

}  // namespace xsw
