// SPDX-License-Identifier: Apache-2.0
// The maps of an older version's state in the objects of this version's programs, as the table of
// maps says (state_table.h). The older state does not change.
#ifndef XSW_USERSPACE_CARRY_H_
#define XSW_USERSPACE_CARRY_H_

#include <string>

#include "absl/status/statusor.h"
#include "userspace/fd.h"
#include "userspace/older.h"

struct bpf_object;

namespace xsw {

// Before the object is loaded: its maps that are the older state's own.
absl::Status TakeMaps(bpf_object* object, const Older& from);
// When it is loaded: what is in the others. Only commands write these maps, and the caller holds
// the eswitch's lock.
absl::Status FillMaps(bpf_object* object, const Older& from);
// Whether each map of the programs' has the same kind and size in two directories.
absl::StatusOr<bool> SameShapes(const std::string& dir, const std::string& other);
// The maps that are in no object get a second pin, in the directory `state`.
absl::Status TakeOptionalMaps(const Older& from, const std::string& state);

// The map in which the older version counts; empty if it counts in `counts`, this version's.
absl::StatusOr<Fd> OlderCounts(const Older& from, const Fd& counts);
// The base of the counters in `counts`, a map of this version: what the older state has counted
// until now, which is all that it ever will once none of its programs runs. Empty if both versions
// count in one map.
absl::StatusOr<Fd> MakeBase(const Older& from, const Fd& counts);
// Pinned in the directory `state` of this version, in place of one that is there.
absl::Status PinBase(const Older& from, const std::string& state);

}  // namespace xsw

#endif  // XSW_USERSPACE_CARRY_H_
