// SPDX-License-Identifier: Apache-2.0
// Work in a thread of its own: what it does to itself (its namespaces, its mounts) ends with it.
#ifndef XSW_USERSPACE_THREAD_H_
#define XSW_USERSPACE_THREAD_H_

#include <functional>

#include "absl/status/status.h"

namespace xsw {

// Runs work to its end. Unlike std::thread, which throws, a thread that cannot be made is an error.
absl::Status InThread(const std::function<absl::Status()>& work);

}  // namespace xsw

#endif  // XSW_USERSPACE_THREAD_H_
