// SPDX-License-Identifier: Apache-2.0
#include "userspace/carry.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <cerrno>
#include <string_view>
#include <vector>

#include "userspace/mapped_array.h"
#include "userspace/pinned.h"
#include "userspace/state_table.h"
#include "userspace/stats.h"
#include "userspace/status.h"

namespace xsw {
namespace {

struct Shape {
  uint32_t type, key_size, value_size, max_entries, flags;
  bool operator==(const Shape&) const = default;
};

// The kernel's own addition to a devmap.
constexpr uint32_t kIgnoredFlags = BPF_F_RDONLY_PROG;

Shape ShapeOf(const bpf_map* map) {
  return {bpf_map__type(map), bpf_map__key_size(map), bpf_map__value_size(map),
          bpf_map__max_entries(map), bpf_map__map_flags(map) & ~kIgnoredFlags};
}

absl::StatusOr<bpf_map_info> InfoOf(const Fd& map) {
  bpf_map_info info = {};
  __u32 size = sizeof(info);
  if (bpf_obj_get_info_by_fd(map.get(), &info, &size)) return ErrnoStatus(errno, "read a map");
  return info;
}

absl::StatusOr<Shape> ShapeOf(const Fd& map) {
  XSW_ASSIGN_OR_RETURN(const bpf_map_info info, InfoOf(map));
  return Shape{info.type, info.key_size, info.value_size, info.max_entries,
               info.map_flags & ~kIgnoredFlags};
}

// Null for a map of the compiler's own (.rodata and the like), and for none of an eswitch's.
const MapRow* RowOf(const bpf_map* map) {
  for (const MapRow& row : MapTable()) {
    if (!bpf_map__is_internal(map) && bpf_map__name(map) == std::string_view(row.name)) return &row;
  }
  return nullptr;
}

// The older state's map, if both versions can have it; else none.
absl::StatusOr<Fd> Same(const MapRow& row, const Shape& shape, const Older& from) {
  if (row.carry == Carry::kFresh || from.abi < row.same_since) return Fd();
  absl::StatusOr<Fd> map = OpenMap(from.state, row.name);
  // A map that the older version did not have.
  if (absl::IsNotFound(map.status())) return Fd();
  if (!map.ok()) return map.status();
  XSW_ASSIGN_OR_RETURN(const Shape old, ShapeOf(*map));
  return old == shape ? std::move(map) : Fd();
}

// Values that have only grown; zeros behind them mean what was before.
absl::Status CopyGrown(const MapRow& row, const Fd& from, const Shape& old, int to,
                       const Shape& shape) {
  const bool plain = shape.type == BPF_MAP_TYPE_HASH || shape.type == BPF_MAP_TYPE_ARRAY;
  if (!plain || old.type != shape.type || old.key_size != shape.key_size ||
      old.value_size > shape.value_size)
    return absl::UnimplementedError(
        absl::StrCat("there is no way for ", row.name, " from the version that has made it"));
  std::vector<uint8_t> key(shape.key_size), value(shape.value_size);
  const void* previous = nullptr;
  while (!bpf_map_get_next_key(from.get(), previous, key.data())) {
    previous = key.data();
    if (bpf_map_lookup_elem(from.get(), key.data(), value.data()))
      return ErrnoStatus(errno, absl::StrCat("read ", row.name));
    if (bpf_map_update_elem(to, key.data(), value.data(), BPF_ANY))
      return ErrnoStatus(errno, absl::StrCat("write ", row.name));
  }
  return errno == ENOENT ? absl::OkStatus() : ErrnoStatus(errno, absl::StrCat("read ", row.name));
}

absl::Status Fill(const MapRow& row, const Older& from, const bpf_map* map) {
  if (row.carry != Carry::kSame) return absl::OkStatus();
  const Shape shape = ShapeOf(map);
  XSW_ASSIGN_OR_RETURN(const Fd same, Same(row, shape, from));
  if (same) return absl::OkStatus();
  if (from.abi < row.same_since) return row.convert(from, bpf_map__fd(map));
  absl::StatusOr<Fd> old = OpenMap(from.state, row.name);
  if (absl::IsNotFound(old.status())) return absl::OkStatus();
  if (!old.ok()) return old.status();
  XSW_ASSIGN_OR_RETURN(const Shape old_shape, ShapeOf(*old));
  return CopyGrown(row, *old, old_shape, bpf_map__fd(map), shape);
}

}  // namespace

absl::Status TakeMaps(bpf_object* object, const Older& from) {
  bpf_map* map;
  bpf_object__for_each_map(map, object) {
    const MapRow* row = RowOf(map);
    if (!row) continue;
    XSW_ASSIGN_OR_RETURN(const Fd same, Same(*row, ShapeOf(map), from));
    if (same && bpf_map__reuse_fd(map, same.get()))
      return ErrnoStatus(errno, absl::StrCat("take over ", row->name));
  }
  return absl::OkStatus();
}

absl::Status FillMaps(bpf_object* object, const Older& from) {
  const bpf_map* map;
  bpf_object__for_each_map(map, object) {
    if (const MapRow* row = RowOf(map)) XSW_RETURN_IF_ERROR(Fill(*row, from, map));
  }
  return absl::OkStatus();
}

absl::Status TakeOptionalMaps(const Older& from, const std::string& state) {
  for (const MapRow& row : MapTable()) {
    if (!row.optional) continue;
    const std::string pin = absl::StrCat(state, "/", row.name);
    XSW_ASSIGN_OR_RETURN(const Fd map, OpenPin(absl::StrCat(from.state, "/", row.name)));
    if (map && bpf_obj_pin(map.get(), pin.c_str())) return ErrnoStatus(errno, "pin " + pin);
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> SameShapes(const std::string& dir, const std::string& other) {
  for (const MapRow& row : MapTable()) {
    if (row.optional) continue;
    XSW_ASSIGN_OR_RETURN(const Fd one, OpenMap(dir, row.name));
    XSW_ASSIGN_OR_RETURN(const Fd two, OpenMap(other, row.name));
    XSW_ASSIGN_OR_RETURN(const Shape first, ShapeOf(one));
    XSW_ASSIGN_OR_RETURN(const Shape second, ShapeOf(two));
    if (!(first == second)) return false;
  }
  return true;
}

absl::StatusOr<Fd> OlderCounts(const Older& from, const Fd& counts) {
  XSW_ASSIGN_OR_RETURN(Fd older, OpenMap(from.state, kStatsMap));
  XSW_ASSIGN_OR_RETURN(const bpf_map_info now, InfoOf(counts));
  XSW_ASSIGN_OR_RETURN(const bpf_map_info then, InfoOf(older));
  return now.id == then.id ? Fd() : std::move(older);
}

absl::StatusOr<Fd> MakeBase(const Older& from, const Fd& counts) {
  XSW_ASSIGN_OR_RETURN(const Fd counted_before, OlderCounts(from, counts));
  if (!counted_before) return Fd();
  const bpf_map_create_opts opts = {.sz = sizeof(opts), .map_flags = BPF_F_MMAPABLE};
  Fd base(bpf_map_create(BPF_MAP_TYPE_ARRAY, kStatsBaseMap, sizeof(__u32), sizeof(xsw_stats),
                         XSW_MAX_PORTS + 1, &opts));
  if (!base) return ErrnoStatus(errno, absl::StrCat("make ", kStatsBaseMap));
  XSW_ASSIGN_OR_RETURN(auto sums, MappedArray<xsw_stats>::Map(base.get(), XSW_MAX_PORTS + 1));
  XSW_ASSIGN_OR_RETURN(const Fd older_base, OpenPin(absl::StrCat(from.state, "/", kStatsBaseMap)));
  for (uint32_t port = 0; port <= XSW_MAX_PORTS; port++) {
    XSW_ASSIGN_OR_RETURN(const xsw_stats counted, SumOfCpus(counted_before, port));
    if (older_base && bpf_map_lookup_elem(older_base.get(), &port, &sums[port]))
      return ErrnoStatus(errno, absl::StrCat("read ", kStatsBaseMap));
    AddStats(ConvertStats(from.abi, counted), sums[port]);
  }
  return base;
}

absl::Status PinBase(const Older& from, const std::string& state) {
  const std::string pin = absl::StrCat(state, "/", kStatsBaseMap);
  XSW_ASSIGN_OR_RETURN(const Fd counted, OpenMap(state, kStatsMap));
  XSW_ASSIGN_OR_RETURN(const Fd base, MakeBase(from, counted));
  return base ? PinInPlace(base.get(), pin, "pin " + pin) : absl::OkStatus();
}

}  // namespace xsw
