// SPDX-License-Identifier: Apache-2.0
#include "bench/scoped_netns.h"

#include <sched.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw {

absl::StatusOr<ScopedNetns> ScopedNetns::Enter(const Fd& netns) {
  XSW_ASSIGN_OR_RETURN(Fd home, OpenCurrentNetns());
  if (setns(netns.get(), CLONE_NEWNET)) return ErrnoStatus(errno, "enter network namespace");
  return ScopedNetns(std::move(home));
}

ScopedNetns::~ScopedNetns() {
  if (home_ && setns(home_.get(), CLONE_NEWNET)) {
    std::perror("xsw: return to the network namespace");
    std::abort();
  }
}

}  // namespace xsw
