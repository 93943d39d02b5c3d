// SPDX-License-Identifier: Apache-2.0
// The hosts of `xsw demo fabric`: each one a network namespace with a name, in which a process with
// mounts and PIDs of its own is what PID 1 is on a machine. What such a host has ends with that
// process: FRR, xsw-bridge, the containers, the eswitch's pins.
//
//   xsw-demo-h1: c11, c12 - br100 - vxlan100 - eth0 ---+
//   xsw-demo-h2: c21      - br100 - vxlan100 - eth0 ---+- xsw-demo-spine, which routes
//   xsw-demo-h3: c31, c32 - br100 - vxlan100 - eth0 ---+
#ifndef XSW_TOOLS_XSW_DEMO_FABRIC_LAB_H_
#define XSW_TOOLS_XSW_DEMO_FABRIC_LAB_H_

#include <sys/types.h>

#include <string>

#include "absl/status/statusor.h"
#include "tools/xsw/demo/signals.h"

namespace xsw {

inline constexpr int kFabricHosts = 3;

// FailedPrecondition: FRR is not installed.
absl::Status CheckFabric();

// Without `keep` all of it ends with this process. On error the rest is for RemoveFabric().
absl::Status MakeFabric(bool keep, const HeldSignals& signals);

// Also what a demo that was killed has left. OK if there is none.
absl::Status RemoveFabric();

// On a host, what a shell does with these lines, and says.
absl::StatusOr<std::string> OnFabricHost(int host, const std::string& lines,
                                         const HeldSignals& signals);

// The host's process, or NotFound.
absl::StatusOr<pid_t> FabricInit(int host);

std::string FabricNetns(int host);  // "xsw-demo-h1"
std::string FabricRemoveCommand();  // for a shell

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_DEMO_FABRIC_LAB_H_
