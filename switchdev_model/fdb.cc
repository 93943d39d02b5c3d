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

absl::Status FdbAdd(Eswitch& eswitch, const Mac& mac, uint32_t port) {
  XSW_RETURN_IF_ERROR(CheckUnicast(mac, absl::StrCat("fdb ", eswitch.uplink().name, ": address")));
  absl::StatusOr<xsw_fdb_entry> there = eswitch.datapath().FdbGet(Key(mac));
  if (there.ok() && there->port == port)
    return absl::AlreadyExistsError(absl::StrCat("fdb ", eswitch.uplink().name, ": ",
                                                 FormatMac(mac), " is already there for ",
                                                 OwnerName(eswitch, port)));
  XSW_RETURN_IF_ERROR(FdbClaim(eswitch, mac, port, XSW_FDB_STATIC));
  return AcceptAddress(eswitch, mac);
}

absl::Status FdbDel(Eswitch& eswitch, const Mac& mac, uint32_t port) {
  const std::string what =
      absl::StrCat("fdb ", eswitch.uplink().name, ": ", FormatMac(mac), " of ",
                   OwnerName(eswitch, port));
  absl::StatusOr<xsw_fdb_entry> there = eswitch.datapath().FdbGet(Key(mac));
  if (!there.ok() || there->port != port)
    return absl::NotFoundError(absl::StrCat(what, ": no such entry"));
  if (there->flags & XSW_FDB_SELF)
    return absl::InvalidArgumentError(
        absl::StrCat(what, ": is its own address (xsw port function set ... hw_addr changes it)"));
  XSW_RETURN_IF_ERROR(FdbRelease(eswitch, mac, port));
  return StopAccepting(eswitch, mac);
}

absl::Status FdbClaim(Eswitch& eswitch, const Mac& mac, uint32_t port, uint32_t flags) {
  absl::StatusOr<xsw_fdb_entry> there = eswitch.datapath().FdbGet(Key(mac));
  if (!there.ok() && !absl::IsNotFound(there.status())) return there.status();
  if (there.ok() && there->port != port)
    return absl::AlreadyExistsError(absl::StrCat("eswitch ", eswitch.uplink().name, ": address ",
                                                 FormatMac(mac), " is in use by ",
                                                 OwnerName(eswitch, there->port)));
  return eswitch.datapath().FdbSet(Key(mac), {.port = port, .flags = flags});
}

absl::Status FdbRelease(Eswitch& eswitch, const Mac& mac, uint32_t port) {
  absl::StatusOr<xsw_fdb_entry> there = eswitch.datapath().FdbGet(Key(mac));
  if (!there.ok() || there->port != port) return absl::OkStatus();
  return eswitch.datapath().FdbDelete(Key(mac));
}

void FdbReleaseAll(Eswitch& eswitch, uint32_t port) {
  for (const auto& [key, entry] : eswitch.datapath().FdbDump()) {
    if (entry.port != port) continue;
    eswitch.datapath().FdbDelete(key).IgnoreError();
    StopAccepting(eswitch, MacFrom(key.mac)).IgnoreError();
  }
}

std::string OwnerName(const Eswitch& eswitch, uint32_t port) {
  if (port == XSW_UPLINK) return "the host";
  return absl::StrCat("port ", eswitch.uplink().name, "/", port);
}

}  // namespace xsw
