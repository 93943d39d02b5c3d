// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/policy/vlan.h"

#include <atomic>
#include <set>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "switchdev_model/eswitch/reception.h"
#include "switchdev_model/tables/fdb.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr uint32_t kMaxVlan = 4094;  // 0 is untagged, 4095 reserved (IEEE 802.1Q, table 9-2)
constexpr uint32_t kMaxQos = 7;

absl::Status BadList(const std::string& text) {
  return absl::InvalidArgumentError(
      absl::StrCat("vlans \"", text, "\" is not a list of VLANs 1 to 4094 such as 10,20-30"));
}

absl::Status Contradiction(const std::string& what, const std::string& why) {
  return absl::InvalidArgumentError(absl::StrCat(what, ": ", why));
}

absl::Status CheckWords(const VlanChange& change, const std::string& what) {
  const bool trunk = change.vlans || change.pvid;
  if (change.vlan && trunk)
    return Contradiction(what, "vlan makes an access port, vlans and pvid a trunk: not both");
  if (change.novlan && (change.vlan || trunk || change.qos))
    return Contradiction(what, "novlan with vlan, vlans, pvid or qos");
  if (change.vlan) XSW_RETURN_IF_ERROR(CheckVlan(*change.vlan, what + ": vlan"));
  if (change.pvid) XSW_RETURN_IF_ERROR(CheckVlan(*change.pvid, what + ": pvid"));
  if (change.qos && *change.qos > kMaxQos)
    return Contradiction(what, absl::StrCat("qos ", *change.qos, " is not within 0 to 7"));
  return absl::OkStatus();
}

absl::StatusOr<VlanSet> ParseRange(const std::string& text) {
  const std::vector<std::string> ends = absl::StrSplit(text, '-');
  uint32_t first = 0, last = 0;
  if (ends.size() > 2 || !absl::SimpleAtoi(ends.front(), &first) ||
      !absl::SimpleAtoi(ends.back(), &last) || first < 1 || last > kMaxVlan || first > last)
    return BadList(text);
  VlanSet set;
  for (uint32_t vlan = first; vlan <= last; vlan++) set.set(vlan);
  return set;
}

xsw_vlans ToAbi(const VlanSet& set) {
  xsw_vlans vlans = {};
  for (size_t vlan = 0; vlan < set.size(); vlan++)
    if (set[vlan]) vlans.member[vlan / 64] |= uint64_t{1} << vlan % 64;
  return vlans;
}

// In an order in which a frame meets the old VLANs, the new ones, or both, but never others.
void Write(Eswitch& eswitch, uint32_t port, const PortVlans& before, const PortVlans& after) {
  xsw_port& value = eswitch.datapath().ports()[port];
  std::atomic_ref<__u16> flags(value.flags);
  eswitch.datapath().vlans()[port] = ToAbi(before.tagged | after.tagged);
  if (after.trunk) flags.fetch_or(XSW_PORT_TRUNK);
  value.qos = after.qos;
  std::atomic_ref<__u16>(value.pvid).store(after.pvid);
  if (!after.trunk) flags.fetch_and(static_cast<__u16>(~XSW_PORT_TRUNK));
  eswitch.datapath().vlans()[port] = ToAbi(after.tagged);
}

}  // namespace

absl::Status CheckVlan(uint32_t vlan, const std::string& what) {
  if (vlan >= 1 && vlan <= kMaxVlan) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(what, " ", vlan, " is not within 1 to ", kMaxVlan));
}

absl::StatusOr<VlanSet> ParseVlanSet(const std::string& text) {
  VlanSet set;
  for (absl::string_view part : absl::StrSplit(text, ',')) {
    absl::StatusOr<VlanSet> range = ParseRange(std::string(part));
    if (!range.ok()) return BadList(text);
    set |= *range;
  }
  return set;
}

std::vector<std::pair<uint16_t, uint16_t>> VlanRuns(const VlanSet& set) {
  std::vector<std::pair<uint16_t, uint16_t>> runs;
  for (uint16_t vlan = 0; vlan < set.size(); vlan++) {
    if (!set[vlan]) continue;
    if (!runs.empty() && runs.back().second + 1 == vlan) {
      runs.back().second = vlan;
    } else {
      runs.emplace_back(vlan, vlan);
    }
  }
  return runs;
}

std::string FormatVlanSet(const VlanSet& set) {
  std::string text;
  for (auto [first, last] : VlanRuns(set)) {
    absl::StrAppend(&text, text.empty() ? "" : ",", first);
    if (last > first) absl::StrAppend(&text, "-", last);
  }
  return text;
}

absl::StatusOr<PortVlans> VlansAfter(const PortVlans& before, const VlanChange& change,
                                     const std::string& what) {
  XSW_RETURN_IF_ERROR(CheckWords(change, what));
  PortVlans after = change.novlan || change.vlan || change.vlans ? PortVlans{} : before;
  if (change.vlan) after.pvid = static_cast<uint16_t>(*change.vlan);
  if (change.vlans) {
    after.trunk = true;
    after.tagged = *change.vlans;
    after.pvid = XSW_VLAN_NONE;
  }
  if (change.pvid && !after.trunk)
    return Contradiction(what, "pvid is for a trunk: say vlans too (vlan makes an access port)");
  if (change.pvid) after.pvid = static_cast<uint16_t>(*change.pvid);
  if (change.pvid) after.tagged.set(*change.pvid);
  if (change.qos && (!after.pvid || after.pvid == XSW_VLAN_NONE))
    return Contradiction(what, "qos is for the tags of a vlan or pvid, and there is none");
  if (change.qos) after.qos = static_cast<uint8_t>(*change.qos);
  return after;
}

bool Carries(const PortVlans& vlans, uint16_t vlan) {
  return vlan == vlans.pvid || (vlans.trunk && vlan <= kMaxVlan && vlans.tagged[vlan]);
}

std::vector<uint16_t> Carried(const PortVlans& vlans) {
  std::vector<uint16_t> all;
  for (uint16_t vlan = 0; vlan <= kMaxVlan; vlan++)
    if (Carries(vlans, vlan)) all.push_back(vlan);
  return all;
}

PortVlans GetVlans(Eswitch& eswitch, uint32_t port) {
  const xsw_port& value = eswitch.datapath().ports()[port];
  const xsw_vlans& bits = eswitch.datapath().vlans()[port];
  PortVlans vlans{
      .pvid = value.pvid, .qos = value.qos, .trunk = (value.flags & XSW_PORT_TRUNK) != 0};
  if (!vlans.trunk) return vlans;
  for (size_t vlan = 0; vlan < vlans.tagged.size(); vlan++)
    vlans.tagged[vlan] = bits.member[vlan / 64] >> vlan % 64 & 1;
  return vlans;
}

absl::Status FdbClaimSelf(Eswitch& eswitch, uint32_t port, const Mac& mac) {
  return FdbClaimSelf(eswitch, port, mac, GetVlans(eswitch, port));
}

absl::Status FdbClaimSelf(Eswitch& eswitch, uint32_t port, const Mac& mac, const PortVlans& vlans) {
  for (uint16_t vlan : Carried(vlans))
    XSW_RETURN_IF_ERROR(FdbClaim(eswitch, FdbKey(mac, vlan), port, XSW_FDB_SELF));
  return absl::OkStatus();
}

absl::Status FdbReleaseStale(Eswitch& eswitch, uint32_t port) {
  const Mac own = MacFrom(eswitch.datapath().ports()[port].hw_addr);
  const PortVlans vlans = GetVlans(eswitch, port);
  XSW_ASSIGN_OR_RETURN(const auto entries, eswitch.datapath().fdb().Dump());
  std::vector<xsw_fdb_key> stale;
  std::set<Mac> former;
  for (const auto& [key, entry] : entries) {
    const Mac mac = MacFrom(key.mac);
    if (entry.port != port || !(entry.flags & XSW_FDB_SELF)) continue;
    if (mac == own && Carries(vlans, key.vlan)) continue;
    stale.push_back(key);
    if (mac != own) former.insert(mac);
  }
  for (const Mac& mac : former)
    XSW_RETURN_IF_ERROR(FdbStopAccepting(eswitch, mac, port, XSW_FDB_SELF));
  absl::Status first;
  for (const xsw_fdb_key& key : stale) first.Update(FdbRelease(eswitch, key, port, XSW_FDB_SELF));
  // An entry that stays is accepted as before; should that fail too, the next command releases it.
  for (const xsw_fdb_key& key : stale)
    if (!first.ok() && eswitch.datapath().fdb().Get(key).ok())
      FdbClaim(eswitch, key, port, XSW_FDB_SELF).IgnoreError();
  return first;
}

void WriteVlans(Eswitch& eswitch, uint32_t port, const PortVlans& vlans) {
  Write(eswitch, port, {}, vlans);
}

absl::Status SetVlans(Eswitch& eswitch, uint32_t port, const PortVlans& vlans) {
  const PortVlans before = GetVlans(eswitch, port);
  if (vlans == before) return FdbReleaseStale(eswitch, port);
  if (vlans != PortVlans{}) XSW_RETURN_IF_ERROR(AcceptVlans(eswitch));
  const Mac mac = MacFrom(eswitch.datapath().ports()[port].hw_addr);
  std::vector<uint16_t> claimed;
  // What is left of them the next change of the port's VLANs releases.
  absl::Cleanup release = [&] {
    for (uint16_t vlan : claimed)
      FdbRelease(eswitch, FdbKey(mac, vlan), port, XSW_FDB_SELF).IgnoreError();
  };
  for (uint16_t vlan : Carried(vlans)) {
    if (Carries(before, vlan)) continue;
    XSW_RETURN_IF_ERROR(FdbClaim(eswitch, FdbKey(mac, vlan), port, XSW_FDB_SELF));
    claimed.push_back(vlan);
  }
  Write(eswitch, port, before, vlans);
  std::move(release).Cancel();
  absl::Status status = FdbReleaseStale(eswitch, port);
  if (status.ok()) return status;
  Write(eswitch, port, vlans, before);
  // What fails once more is mended by the next change of the port's VLANs.
  FdbClaimSelf(eswitch, port, mac).IgnoreError();
  FdbReleaseStale(eswitch, port).IgnoreError();
  return status;
}

}  // namespace xsw
