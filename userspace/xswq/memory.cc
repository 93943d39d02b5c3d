// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "userspace/xswq/queue_pair.h"

namespace {

constexpr uint64_t kHugePage = 2 << 20;

// Touched whole: xswd takes no memory that is not there, and the data path then has no page faults.
int TryMemory(xswq_qp* qp, uint64_t size, unsigned flags) {
  const int fd = memfd_create("xswq", MFD_CLOEXEC | MFD_ALLOW_SEALING | flags);
  if (fd < 0) return -errno;
  void* at = MAP_FAILED;
  if (!ftruncate(fd, static_cast<off_t>(size)) &&
      !fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW))
    at = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
  if (at == MAP_FAILED) {
    const int error = -errno;
    close(fd);
    return error;
  }
  qp->memory = static_cast<char*>(at);
  qp->size = size;
  return fd;
}

}  // namespace

int xswq_internal::MakeMemory(xswq_qp* qp) {
  const uint64_t huge = (qp->size + kHugePage - 1) & ~(kHugePage - 1);
  int fd = TryMemory(qp, huge, MFD_HUGETLB);
  if (fd >= 0) {
    qp->info.huge_pages = 1;
    return fd;
  }
  fd = TryMemory(qp, qp->size, 0);
  if (fd < 0)
    return Fail(fd, "allocate %llu bytes of memory: %s",
                static_cast<unsigned long long>(qp->size), std::strerror(-fd));
  return fd;
}
