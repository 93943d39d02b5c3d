// SPDX-License-Identifier: Apache-2.0
// Signals as something to read.
#ifndef XSW_USERSPACE_SIGNALS_H_
#define XSW_USERSPACE_SIGNALS_H_

#include <initializer_list>

#include "absl/status/statusor.h"
#include "userspace/fd.h"

namespace xsw {

// A signalfd(2), nonblocking, for these, which the process gets in no other way from now on.
absl::StatusOr<Fd> WatchSignals(std::initializer_list<int> signals);

}  // namespace xsw

#endif  // XSW_USERSPACE_SIGNALS_H_
