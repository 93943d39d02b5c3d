// SPDX-License-Identifier: Apache-2.0
// A BPF hash map, typed: the FDB, the MDB, permits.
#ifndef XSW_USERSPACE_HASH_MAP_H_
#define XSW_USERSPACE_HASH_MAP_H_

#include <bpf/bpf.h>

#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "userspace/fd.h"
#include "userspace/status.h"

namespace xsw {

template <typename Key, typename Value>
class HashMap {
 public:
  HashMap() = default;
  // name is for errors: "the FDB". max_entries as in bpf/. generation: where programs that remember
  // entries look for changes; null if none does.
  HashMap(Fd fd, std::string name, uint32_t max_entries, uint32_t* generation)
      : fd_(std::move(fd)),
        name_(std::move(name)),
        max_entries_(max_entries),
        generation_(generation) {}

  absl::StatusOr<Value> Get(const Key& key) const {  // NotFound
    Value value;
    if (bpf_map_lookup_elem(fd_.get(), &key, &value)) return ErrnoStatus(errno, "read " + name_);
    return value;
  }

  absl::Status Set(const Key& key, const Value& value) {
    if (!bpf_map_update_elem(fd_.get(), &key, &value, BPF_ANY)) {
      Invalidate();
      return absl::OkStatus();
    }
    if (errno == E2BIG)
      return absl::ResourceExhaustedError(absl::StrCat(name_, " is full (", max_entries_, ")"));
    return ErrnoStatus(errno, "write " + name_);
  }

  absl::Status Delete(const Key& key) {  // OK if there is none
    if (bpf_map_delete_elem(fd_.get(), &key) && errno != ENOENT)
      return ErrnoStatus(errno, "write " + name_);
    Invalidate();
    return absl::OkStatus();
  }

  // What programs remember of the entries is of no use from now on.
  void Invalidate() {
    if (generation_) __atomic_add_fetch(generation_, 1, __ATOMIC_RELEASE);
  }

  absl::StatusOr<std::vector<std::pair<Key, Value>>> Dump() const {
    std::vector<Key> keys(max_entries_);
    std::vector<Value> values(max_entries_);
    std::vector<std::pair<Key, Value>> dump;
    __u32 batch = 0, count = max_entries_;
    // ENOENT with a count: these are all there are.
    if (bpf_map_lookup_batch(fd_.get(), nullptr, &batch, keys.data(), values.data(), &count,
                             nullptr) &&
        errno != ENOENT)
      return ErrnoStatus(errno, "read " + name_);
    for (__u32 i = 0; i < count; i++) dump.emplace_back(keys[i], values[i]);
    return dump;
  }

 private:
  Fd fd_;
  std::string name_;
  uint32_t max_entries_ = 0;
  uint32_t* generation_ = nullptr;
};

}  // namespace xsw

#endif  // XSW_USERSPACE_HASH_MAP_H_
