// SPDX-License-Identifier: Apache-2.0
// A BPF_F_MMAPABLE array map in our memory: stores to it are what the programs read, at once.
#ifndef XSW_USERSPACE_MAPPED_ARRAY_H_
#define XSW_USERSPACE_MAPPED_ARRAY_H_

#include <sys/mman.h>

#include <cerrno>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "userspace/status.h"

namespace xsw {

template <typename T>
class MappedArray {
 public:
  static absl::StatusOr<MappedArray> Map(int fd, size_t entries) {
    void* data =
        mmap(nullptr, entries * sizeof(Element), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (data == MAP_FAILED) return ErrnoStatus(errno, "map an array of the eswitch");
    return MappedArray(absl::Span<Element>(static_cast<Element*>(data), entries));
  }
  MappedArray(MappedArray&& other) noexcept : data_(std::exchange(other.data_, {})) {}
  ~MappedArray() {
    if (!data_.empty()) munmap(data_.data(), data_.size() * sizeof(Element));
  }

  // The kernel rounds each element up to 8 bytes.
  struct alignas(8) Element {
    T value;
  };
  T& operator[](size_t i) const { return data_[i].value; }
  size_t size() const { return data_.size(); }

 private:
  explicit MappedArray(absl::Span<Element> data) : data_(data) {}
  absl::Span<Element> data_;
};

}  // namespace xsw

#endif  // XSW_USERSPACE_MAPPED_ARRAY_H_
