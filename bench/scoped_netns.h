// SPDX-License-Identifier: Apache-2.0
// In another network namespace until destruction. Failing to come back would run the caller's next
// steps in the wrong one, so that aborts: for measurements alone, which nobody else waits for; see
// InNetns().
#ifndef XSW_BENCH_SCOPED_NETNS_H_
#define XSW_BENCH_SCOPED_NETNS_H_

#include <utility>

#include "absl/status/statusor.h"
#include "userspace/fd.h"

namespace xsw {

class ScopedNetns {
 public:
  static absl::StatusOr<ScopedNetns> Enter(const Fd& netns);
  ScopedNetns(ScopedNetns&&) = default;
  ~ScopedNetns();

 private:
  explicit ScopedNetns(Fd home) : home_(std::move(home)) {}
  Fd home_;
};

}  // namespace xsw

#endif  // XSW_BENCH_SCOPED_NETNS_H_
