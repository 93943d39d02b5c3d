// SPDX-License-Identifier: Apache-2.0
// Where everything measured lives: mount and network namespaces of this process.
//
// Its network namespaces, netdevs, programs and pins have no other owner, so the kernel removes
// them all when the process ends, however it ends. The machine's own netdevs are out of reach.
#ifndef XSW_BENCH_SANDBOX_H_
#define XSW_BENCH_SANDBOX_H_

#include <string>

#include "absl/status/status.h"

namespace xsw::bench {

// The private bpffs.
inline constexpr char kBpffs[] = "/run/bpf";

// Before any thread starts.
absl::Status EnterSandbox();

// Ends all network namespaces, and with them every netdev, and removes all pins.
void EmptySandbox();

// A pin for an attachment of ours, never used before.
std::string NewPin();

}  // namespace xsw::bench

#endif  // XSW_BENCH_SANDBOX_H_
