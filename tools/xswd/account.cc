// SPDX-License-Identifier: Apache-2.0
#include "tools/xswd/account.h"

#include <linux/capability.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>

#include "tools/xswd/privileges.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr uid_t kUnchanged = -1;

// Not the user himself: what he has locked by other means (io_uring, perf, RDMA) has a limit of its
// own, of which the kernel takes it from the same account. Nobody's uid is in the upper half:
// systemd gives out none there (UIDS-GIDS.md), nor does shadow.
uid_t UidOf(const Account& of) {
  const uid_t uid = of.uid | 0x80000000u;
  return uid == kUnchanged ? of.uid : uid;
}

// The effective user stays root: the maps are root's files. The real one counts for access(2) too,
// so that it is another for a moment only.
absl::Status BecomeReal(uid_t uid) {
  if (!setresuid(uid, kUnchanged, kUnchanged)) return absl::OkStatus();
  return ErrnoStatus(errno, absl::StrCat("become real user ", uid));
}

}  // namespace

uint64_t DefaultUidMemoryMax() {
  return static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) / 4 *
         static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

bool CanLimitMemory(uint64_t memory_max) {
  rlimit locked = {};
  return getrlimit(RLIMIT_MEMLOCK, &locked) == 0 && memory_max <= locked.rlim_max;
}

absl::Status ChargeTo(const Account& account, const std::function<absl::Status()>& work) {
  if (!CanLimitMemory(account.memory_max)) return work();
  rlimit locked = {};
  getrlimit(RLIMIT_MEMLOCK, &locked);
  locked.rlim_cur = account.memory_max;
  if (setrlimit(RLIMIT_MEMLOCK, &locked)) return ErrnoStatus(errno, "limit a user's memory");
  XSW_RETURN_IF_ERROR(GiveUp(CAP_IPC_LOCK));
  XSW_RETURN_IF_ERROR(BecomeReal(UidOf(account)));
  absl::Status status = work();
  status.Update(BecomeReal(0));
  return status;
}

}  // namespace xsw
