// SPDX-License-Identifier: Apache-2.0
// The demo's world: four network namespaces, and the eswitch in one of them.
//
//   xsw-demo-out     xsw-demo-host                        xsw-demo-c1, xsw-demo-c2
//   eth0 ----------- eth0 = [eswitch] = eth0sf1, eth0sf2 -------------------- eth0
#ifndef XSW_TOOLS_XSW_DEMO_LAB_H_
#define XSW_TOOLS_XSW_DEMO_LAB_H_

#include <array>
#include <string>

#include "absl/status/statusor.h"
#include "tools/xsw/demo/signals.h"
#include "userspace/fd.h"
#include "userspace/mac.h"

namespace xsw {

inline constexpr char kDemoDev[] = "eth0";  // in all four
inline constexpr char kDemoHost[] = "xsw-demo-host";
inline constexpr char kDemoEveryone[] = "10.0.0.255";

struct DemoNode {
  std::string name;   // "c1"
  std::string netns;  // "xsw-demo-c1"
  std::string address;
  Fd fd;      // the namespace
  Mac mac{};  // of its eth0
};
// outside, host, c1, c2.
using DemoNodes = std::array<DemoNode, 4>;

// As `ip netns add` does it, so that both may come first: a shared mount, and the names in it.
absl::Status MakeNetnsDir();

// Held while a demo runs. Unavailable: another one does.
absl::StatusOr<Fd> LockDemo();

// All of it, with addresses, ready for traffic. On error the rest is for RemoveDemo().
absl::StatusOr<DemoNodes> MakeDemo(const std::string& bpffs, const HeldSignals& signals);

// Also what a demo that was killed has left. OK if there is none.
absl::Status RemoveDemo(const std::string& bpffs);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_DEMO_LAB_H_
