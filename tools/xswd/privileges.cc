// SPDX-License-Identifier: Apache-2.0
#include "tools/xswd/privileges.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

#include "userspace/status.h"

namespace xsw {
namespace {

constexpr int kKept[] = {CAP_SYS_ADMIN, CAP_NET_RAW, CAP_NET_ADMIN, CAP_CHOWN, CAP_SETUID};
constexpr rlim_t kFiles = 16384;  // a socket a port, and the clients

// Bits 0 to 63 as two words of the syscall.
absl::Status SetCapabilities(uint64_t bits) {
  __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  __user_cap_data_struct data[2] = {};
  for (int word = 0; word < 2; word++)
    data[word].effective = data[word].permitted = static_cast<uint32_t>(bits >> (32 * word));
  if (!syscall(SYS_capset, &header, data)) return absl::OkStatus();
  return absl::PermissionDeniedError(
      "xswd needs CAP_SYS_ADMIN, CAP_NET_RAW, CAP_NET_ADMIN, CAP_CHOWN and CAP_SETUID, and "
      "CAP_IPC_LOCK unless the limit on locked memory is infinite (LimitMEMLOCK=infinity)");
}

// Needs CAP_SYS_RESOURCE, unless the service manager has done it.
bool UnlimitMemory() {
  const rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};
  return setrlimit(RLIMIT_MEMLOCK, &unlimited) == 0;
}

void RaiseOpenFiles() {
  rlimit files = {};
  getrlimit(RLIMIT_NOFILE, &files);
  const rlimit wanted = {std::max(files.rlim_cur, kFiles), std::max(files.rlim_max, kFiles)};
  if (setrlimit(RLIMIT_NOFILE, &wanted)) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
}

}  // namespace

absl::Status DropPrivileges() {
  uint64_t kept = 0;
  for (int capability : kKept) kept |= uint64_t{1} << capability;
  RaiseOpenFiles();
  if (!UnlimitMemory()) kept |= uint64_t{1} << CAP_IPC_LOCK;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return ErrnoStatus(errno, "set no_new_privs");
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++) {
    // EPERM: we may not, so it is the service manager's business.
    if (!(kept >> capability & 1)) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  }
  return SetCapabilities(kept);
}

absl::Status GiveUp(int capability) {
  __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  __user_cap_data_struct data[2] = {};
  if (syscall(SYS_capget, &header, data)) return ErrnoStatus(errno, "read capabilities");
  const uint64_t bits = data[0].permitted | uint64_t{data[1].permitted} << 32;
  return SetCapabilities(bits & ~(uint64_t{1} << capability));
}

}  // namespace xsw
