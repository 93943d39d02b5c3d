// SPDX-License-Identifier: Apache-2.0
#include "tools/xswd/memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "userspace/status.h"

namespace xsw {
namespace {

constexpr int64_t kMinMemory = 65536;
constexpr int64_t kMaxMemory = 256 << 20;

// FUTURE_WRITE also forbids to punch holes, and not to write to the mappings that there are.
constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE;

// Only memory that nothing but the kernel's shmem can be behind: any other kind of file (FUSE)
// could make a page fault wait for the client.
absl::StatusOr<uint64_t> MemorySize(const Fd& memfd, uint32_t chunk) {
  struct stat info;
  if (!memfd) return absl::InvalidArgumentError("/open came without a memfd");
  if (fcntl(memfd.get(), F_GET_SEALS) < 0 || fstat(memfd.get(), &info))
    return absl::InvalidArgumentError("what came with /open is not a memfd");
  if (info.st_size < kMinMemory || info.st_size > kMaxMemory || info.st_size % chunk ||
      info.st_size % sysconf(_SC_PAGESIZE))
    return absl::InvalidArgumentError(absl::StrCat("memory of ", info.st_size,
                                                   " bytes is not whole chunks and pages from ",
                                                   kMinMemory, " to ", kMaxMemory, " bytes"));
  return info.st_size;
}

absl::Status Seal(const Fd& memfd, uint64_t size) {
  struct stat info;
  if (fcntl(memfd.get(), F_ADD_SEALS, kSeals))
    return absl::InvalidArgumentError(
        ErrnoStatus(errno, "seal the memfd (made with MFD_ALLOW_SEALING?)").message());
  if (fstat(memfd.get(), &info)) return ErrnoStatus(errno, "look at the memfd");
  if (static_cast<uint64_t>(info.st_size) != size)
    return absl::InvalidArgumentError("the memfd has changed its size");
  if (static_cast<uint64_t>(info.st_blocks) * 512 < size)
    return absl::InvalidArgumentError("the memfd has holes: map it with MAP_POPULATE first");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ClientMemory> ClientMemory::Map(const Fd& memfd, uint32_t chunk) {
  XSW_ASSIGN_OR_RETURN(uint64_t size, MemorySize(memfd, chunk));
  void* at = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, memfd.get(), 0);
  if (at == MAP_FAILED)
    return absl::InvalidArgumentError(
        ErrnoStatus(errno, "map the memfd for writing (each open needs one of its own)").message());
  ClientMemory memory(at, size);
  XSW_RETURN_IF_ERROR(Seal(memfd, size));
  return memory;
}

ClientMemory::ClientMemory(ClientMemory&& other) noexcept
    : at_(std::exchange(other.at_, nullptr)), size_(other.size_) {}

ClientMemory::~ClientMemory() {
  if (at_) munmap(at_, size_);
}

}  // namespace xsw
