// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/tables/permit.h"

#include <bpf/bpf.h>
#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <ctime>

#include "absl/cleanup/cleanup.h"
#include "userspace/clock.h"
#include "userspace/pinned.h"
#include "userspace/state_table.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// As the programs read it.
uint64_t Now() { return NowNs(CLOCK_MONOTONIC_COARSE); }

xsw_permit_key ToAbi(const PermitKey& key) {
  xsw_permit_key abi = {.vlan = key.vlan, .bridge = key.bridge};
  std::copy(key.mac.begin(), key.mac.end(), abi.mac);
  return abi;
}

PermitKey FromAbi(const xsw_permit_key& abi) {
  PermitKey key{.bridge = abi.bridge, .vlan = abi.vlan};
  std::copy_n(abi.mac, key.mac.size(), key.mac.begin());
  return key;
}

// rise_at is the programs' own.
bool IsSame(const xsw_permit& one, const xsw_permit& two) {
  return one.port == two.port && one.flags == two.flags;
}

bool IsSame(const xsw_bport& one, const xsw_bport& two) {
  return std::memcmp(&one, &two, sizeof(one)) == 0;
}

uint32_t IdOf(const Fd& map) {
  bpf_map_info info = {};
  __u32 size = sizeof(info);
  return bpf_obj_get_info_by_fd(map.get(), &info, &size) ? 0 : info.id;
}

}  // namespace

absl::StatusOr<PermitTable> PermitTable::OpenToRead(const std::string& state) {
  XSW_ASSIGN_OR_RETURN(Fd lease, OpenMap(state, kLeaseMap));
  XSW_ASSIGN_OR_RETURN(const Fd ports, OpenMap(state, kBportMap));
  XSW_ASSIGN_OR_RETURN(Fd permits, OpenMap(state, kPermitMap));
  XSW_ASSIGN_OR_RETURN(auto leases, MappedArray<xsw_lease>::Map(lease.get(), 1));
  XSW_ASSIGN_OR_RETURN(auto places, MappedArray<xsw_bport>::Map(ports.get(), XSW_MAX_PORTS + 1));
  PermitTable table(std::move(lease), std::move(leases), std::move(places),
                    Map(std::move(permits), "the table of permits", XSW_MAX_PERMITS, nullptr));
  XSW_RETURN_IF_ERROR(table.ReadPermits());
  return table;
}

// The lock goes with its process.
absl::StatusOr<PermitTable> PermitTable::OpenToWrite(const std::string& state) {
  Fd lock(open(state.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!lock) return ErrnoStatus(errno, absl::StrCat("open ", state));
  if (flock(lock.get(), LOCK_EX | LOCK_NB))
    return errno == EWOULDBLOCK
               ? absl::FailedPreconditionError("another process writes its permits")
               : ErrnoStatus(errno, absl::StrCat("lock ", state));
  XSW_ASSIGN_OR_RETURN(PermitTable table, OpenToRead(state));
  table.lock_ = std::move(lock);
  // One that was killed may have changed permits that the programs remember.
  table.Revoke();
  table.Invalidate();
  return table;
}

bool PermitTable::IsIn(const std::string& state) const {
  const absl::StatusOr<Fd> there = OpenMap(state, kLeaseMap);
  return there.ok() && IdOf(*there) != 0 && IdOf(*there) == IdOf(id_);
}

absl::Status PermitTable::ReadPermits() {
  XSW_ASSIGN_OR_RETURN(const auto rows, permits_.Dump());
  for (const auto& [key, permit] : rows) current_[FromAbi(key)] = permit;
  return absl::OkStatus();
}

// bridge opens the rest: it is closed while that is written.
void PermitTable::Place(uint32_t port, const xsw_bport& place) {
  std::atomic_ref<__u32> bridge(ports_[port].bridge);
  bridge.store(0);
  xsw_bport closed = place;
  closed.bridge = 0;
  std::memcpy(reinterpret_cast<char*>(&ports_[port]) + sizeof(closed.bridge),
              reinterpret_cast<const char*>(&closed) + sizeof(closed.bridge),
              sizeof(closed) - sizeof(closed.bridge));
  bridge.store(place.bridge);
}

absl::Status PermitTable::Put(const PermitKey& key, const xsw_permit& permit) {
  XSW_RETURN_IF_ERROR(permits_.Set(ToAbi(key), permit));
  current_[key] = permit;
  return absl::OkStatus();
}

// Compared with the map itself, which `port add` writes, too.
void PermitTable::PlaceAll(const std::map<uint32_t, xsw_bport>& wanted) {
  for (uint32_t port = 0; port <= XSW_MAX_PORTS; port++) {
    const auto found = wanted.find(port);
    const xsw_bport place = found == wanted.end() ? xsw_bport{} : found->second;
    if (!IsSame(ports_[port], place)) Place(port, place);
  }
}

void PermitTable::Invalidate() { std::atomic_ref<__u32>(lease_[0].generation).fetch_add(1); }

// Bridges that forget addresses sooner than before: what was to rise late must rise now.
std::set<uint32_t> PermitTable::Sooner(const Permits& wanted) const {
  std::set<uint32_t> bridges;
  for (const auto& [port, place] : wanted.ports)
    if (place.bridge && place.refresh < ports_[port].refresh) bridges.insert(place.bridge);
  return bridges;
}

absl::Status PermitTable::Write(const Permits& wanted) {
  const std::set<uint32_t> sooner = Sooner(wanted);
  PlaceAll(wanted.ports);
  // Also when an error ends it.
  const absl::Cleanup invalidate = [this] { Invalidate(); };
  bool taken = false;
  for (const auto& [key, permit] : std::map(current_)) {
    const auto kept = wanted.permits.find(key);
    if (kept != wanted.permits.end() && IsSame(kept->second, permit) &&
        !sooner.contains(key.bridge))
      continue;
    taken = true;
    XSW_RETURN_IF_ERROR(permits_.Delete(ToAbi(key)));
    current_.erase(key);
  }
  if (taken) Invalidate();
  // Without one of these a frame rises.
  absl::Status first;
  for (const auto& [key, permit] : wanted.permits)
    if (!current_.contains(key)) first.Update(Put(key, permit));
  return first;
}

void PermitTable::Grant(std::chrono::nanoseconds time) {
  std::atomic_ref<__u64>(lease_[0].until).store(Now() + static_cast<uint64_t>(time.count()));
}

void PermitTable::Revoke() { std::atomic_ref<__u64>(lease_[0].until).store(0); }

std::chrono::nanoseconds PermitTable::Remaining() const {
  const uint64_t until = std::atomic_ref<__u64>(lease_[0].until).load();
  return std::chrono::nanoseconds(static_cast<int64_t>(until - Now()));
}

absl::Status ClearPlace(const std::string& state, uint32_t port) {
  XSW_ASSIGN_OR_RETURN(const Fd ports, OpenMap(state, kBportMap));
  const xsw_bport none = {};
  if (bpf_map_update_elem(ports.get(), &port, &none, BPF_ANY))
    return ErrnoStatus(errno, absl::StrCat("clear the bridge of port ", port));
  return absl::OkStatus();
}

}  // namespace xsw
