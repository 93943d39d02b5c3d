// SPDX-License-Identifier: Apache-2.0
#include "userspace/capabilities.h"

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "userspace/status.h"

namespace xsw {
namespace {

struct Needed {
  int number;
  const char* name;
};
constexpr Needed kNeeded[] = {{CAP_SYS_ADMIN, "CAP_SYS_ADMIN"},
                              {CAP_NET_ADMIN, "CAP_NET_ADMIN"},
                              {CAP_BPF, "CAP_BPF"}};

}  // namespace

absl::Status CheckCapabilities() {
  __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  __user_cap_data_struct data[2] = {};
  if (syscall(SYS_capget, &header, data)) return ErrnoStatus(errno, "read the capabilities of xsw");
  const uint64_t have = data[0].effective | uint64_t{data[1].effective} << 32;
  for (const Needed& needed : kNeeded) {
    if (!(have >> needed.number & 1))
      return ErrnoStatus(EPERM, absl::StrCat("this needs ", needed.name));
  }
  return absl::OkStatus();
}

}  // namespace xsw
