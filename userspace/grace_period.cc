// SPDX-License-Identifier: Apache-2.0
#include "userspace/grace_period.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "userspace/fd.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr char kFile[] = "/sys/kernel/rcu_expedited";

}  // namespace

bool CanExpediteGracePeriods() {
  const Fd file(open(kFile, O_RDWR | O_CLOEXEC));
  char now = 0;
  return file && read(file.get(), &now, 1) == 1 && now == '0';
}

absl::Status ExpediteGracePeriods(bool on) {
  const Fd file(open(kFile, O_WRONLY | O_CLOEXEC));
  if (!file || write(file.get(), on ? "1" : "0", 1) != 1)
    return ErrnoStatus(errno, absl::StrCat("write ", kFile));
  return absl::OkStatus();
}

}  // namespace xsw
