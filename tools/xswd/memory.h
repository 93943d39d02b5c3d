// SPDX-License-Identifier: Apache-2.0
// The memory that a client brings for its queue: a memfd.
#ifndef XSW_TOOLS_XSWD_MEMORY_H_
#define XSW_TOOLS_XSWD_MEMORY_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "userspace/fd.h"

namespace xsw {

// Mapped into this process, whole: there is a page behind each address, and nobody can take it away
// any more. So registering the memory allocates no page, which would be charged to xswd.
class ClientMemory {
 public:
  // Seals the memfd (F_SEAL_SHRINK, GROW, FUTURE_WRITE): the client keeps the mappings that it has
  // and gets no more for writing. chunk: the size of a buffer. InvalidArgument: it is no such
  // memory.
  static absl::StatusOr<ClientMemory> Map(const Fd& memfd, uint32_t chunk);
  ClientMemory(ClientMemory&& other) noexcept;
  ~ClientMemory();

  void* at() const { return at_; }
  uint64_t size() const { return size_; }

 private:
  ClientMemory(void* at, uint64_t size) : at_(at), size_(size) {}
  void* at_;
  uint64_t size_;
};

}  // namespace xsw

#endif  // XSW_TOOLS_XSWD_MEMORY_H_
