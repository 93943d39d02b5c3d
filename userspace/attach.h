// SPDX-License-Identifier: Apache-2.0
// Putting loaded programs on netdevs, and taking them off.
//
// A tcx or XDP attachment is a link pinned at a path, which keeps it without a process. clsact (before
// Linux 6.6) has no link: its filter is found again by our priority and handle, and `pin` stays unused.
#ifndef XSW_USERSPACE_ATTACH_H_
#define XSW_USERSPACE_ATTACH_H_

#include <string>

#include "absl/status/statusor.h"

namespace xsw {

enum class TcHook { kIngress, kEgress };
enum class TcKind { kTcx, kClsact };

// What this kernel has; found out once per process, on the loopback, with nothing attached.
TcKind SupportedTc();

// The netdev is in the calling thread's network namespace. what names it in errors.
absl::Status AttachTc(TcKind kind, int prog_fd, int ifindex, TcHook hook, const std::string& pin,
                      const std::string& what);
// At once, not when the last reference goes. OK if it is not attached or its netdev is gone.
absl::Status DetachTc(TcKind kind, int ifindex, TcHook hook, const std::string& pin);

// Native only: generic XDP is slower than tcx. Unimplemented: the driver has none. Unavailable: a
// program of somebody else is there. OutOfRange: frames of its MTU take several buffers, which the
// program does not get on this kernel (xdp_features.h).
absl::Status AttachXdp(int prog_fd, int ifindex, const std::string& pin, const std::string& what);

// Detaches a pinned link at once and removes the pin. OK if there is none.
absl::Status DetachLink(const std::string& pin);

// Whether the link pinned there is still on a netdev. Its netdev's end leaves a link without one.
bool LinkIsAttached(const std::string& pin);

}  // namespace xsw

#endif  // XSW_USERSPACE_ATTACH_H_
