// SPDX-License-Identifier: Apache-2.0
#include "userspace/pinned.h"

#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "abi.h"
#include "userspace/state_table.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr size_t kMostMaps = 64;  // of one program

// The map of this name that a program uses; none.
Fd MapOfProgram(const Fd& program, const std::string& name) {
  std::vector<__u32> ids(kMostMaps);
  bpf_prog_info info = {};
  info.nr_map_ids = static_cast<__u32>(ids.size());
  info.map_ids = reinterpret_cast<uintptr_t>(ids.data());
  __u32 len = sizeof(info);
  if (bpf_obj_get_info_by_fd(program.get(), &info, &len)) return Fd();
  ids.resize(std::min<size_t>(ids.size(), info.nr_map_ids));
  for (__u32 id : ids) {
    Fd map(bpf_map_get_fd_by_id(id));
    bpf_map_info map_info = {};
    len = sizeof(map_info);
    if (map && !bpf_obj_get_info_by_fd(map.get(), &map_info, &len) && name == map_info.name)
      return map;
  }
  return Fd();
}

// Of a program's instructions, whatever its maps are. Zero: there is no such program.
using Tag = std::array<uint8_t, BPF_TAG_SIZE>;

absl::StatusOr<Tag> TagOf(const std::string& pin) {
  XSW_ASSIGN_OR_RETURN(const Fd program, OpenPin(pin));
  if (!program) return Tag{};
  bpf_prog_info info = {};
  __u32 len = sizeof(info);
  if (bpf_obj_get_info_by_fd(program.get(), &info, &len))
    return ErrnoStatus(errno, absl::StrCat("read ", pin));
  return std::to_array(info.tag);
}

// NotFound is no error here: there is nothing in a map that is not there.
absl::StatusOr<Fd> OpenIfThere(const std::string& dir, const std::string& name) {
  absl::StatusOr<Fd> map = OpenMap(dir, name);
  if (absl::IsNotFound(map.status())) return Fd();
  return map;
}

}  // namespace

absl::StatusOr<Fd> OpenMap(const std::string& dir, const std::string& name) {
  const std::string pin = absl::StrCat(dir, "/", name);
  Fd map(bpf_obj_get(pin.c_str()));
  if (map) return map;
  const absl::Status missing = ErrnoStatus(errno, absl::StrCat("open ", pin));
  if (!absl::IsNotFound(missing)) return missing;
  for (const ProgramRow& row : ProgramTable()) {
    Fd program(bpf_obj_get(absl::StrCat(dir, "/", row.name).c_str()));
    if (!program) continue;
    map = MapOfProgram(program, name);
    if (map) return map;
  }
  return missing;
}

absl::StatusOr<Fd> OpenPin(const std::string& pin) {
  Fd fd(bpf_obj_get(pin.c_str()));
  if (!fd && errno != ENOENT) return ErrnoStatus(errno, absl::StrCat("open ", pin));
  return fd;
}

absl::StatusOr<Fd> MakeHash(const std::string& pin, const char* name, uint32_t key_size,
                            uint32_t value_size, uint32_t entries) {
  const bpf_map_create_opts opts = {.sz = sizeof(opts), .map_flags = BPF_F_NO_PREALLOC};
  Fd map(bpf_map_create(BPF_MAP_TYPE_HASH, name, key_size, value_size, entries, &opts));
  if (!map) return ErrnoStatus(errno, absl::StrCat("make ", name));
  if (bpf_obj_pin(map.get(), pin.c_str())) return ErrnoStatus(errno, absl::StrCat("pin ", pin));
  return map;
}

std::string PlaceBeside(const std::string& pin) { return pin + "_new"; }

absl::Status PinInPlace(int fd, const std::string& pin, const std::string& what) {
  const std::string made = PlaceBeside(pin);
  if (unlink(made.c_str()) && errno != ENOENT) return ErrnoStatus(errno, "remove " + made);
  if (!bpf_obj_pin(fd, made.c_str()) && !rename(made.c_str(), pin.c_str())) return absl::OkStatus();
  const absl::Status status = ErrnoStatus(errno, what);
  // One that stays the next one in this place replaces.
  unlink(made.c_str());
  return status;
}

absl::StatusOr<bool> SamePrograms(const std::string& dir, const std::string& other) {
  for (const ProgramRow& row : ProgramTable()) {
    XSW_ASSIGN_OR_RETURN(const Tag one, TagOf(absl::StrCat(dir, "/", row.name)));
    XSW_ASSIGN_OR_RETURN(const Tag two, TagOf(absl::StrCat(other, "/", row.name)));
    if (one != two) return false;
  }
  return true;
}

absl::StatusOr<std::vector<int>> PortNetdevs(const std::string& dir, const std::string& devmap) {
  XSW_ASSIGN_OR_RETURN(Fd map, OpenIfThere(dir, devmap));
  std::vector<int> ifindices;
  for (__u32 port = XSW_UPLINK + 1; map && port <= XSW_MAX_PORTS; port++) {
    bpf_devmap_val dev = {};
    if (!bpf_map_lookup_elem(map.get(), &port, &dev)) {
      ifindices.push_back(static_cast<int>(dev.ifindex));
    } else if (errno != ENOENT) {
      return ErrnoStatus(errno, absl::StrCat("read ", devmap));
    }
  }
  return ifindices;
}

bool HasNetdevs(const std::string& dir) {
  const absl::StatusOr<Fd> map = OpenMap(dir, kDevTcMap);
  if (!map.ok()) return true;
  for (__u32 port = XSW_UPLINK; port <= XSW_MAX_PORTS; port++) {
    bpf_devmap_val dev = {};
    if (!bpf_map_lookup_elem(map->get(), &port, &dev) || errno != ENOENT) return true;
  }
  return false;
}

absl::StatusOr<std::vector<Mac>> AddressesIn(const std::string& dir) {
  XSW_ASSIGN_OR_RETURN(Fd map, OpenIfThere(dir, kFdbMap));
  std::vector<Mac> addresses;
  bpf_map_info info = {};
  __u32 len = sizeof(info);
  if (!map) return addresses;
  if (bpf_obj_get_info_by_fd(map.get(), &info, &len)) return ErrnoStatus(errno, "read xsw_fdb");
  std::vector<uint8_t> key(std::max<size_t>(info.key_size, sizeof(Mac)));
  const void* previous = nullptr;
  while (!bpf_map_get_next_key(map.get(), previous, key.data())) {
    previous = key.data();
    Mac mac;
    std::memcpy(mac.data(), key.data(), mac.size());
    addresses.push_back(mac);
  }
  if (errno != ENOENT) return ErrnoStatus(errno, "read xsw_fdb");
  return addresses;
}

}  // namespace xsw
