// SPDX-License-Identifier: Apache-2.0
// The demo's traffic: real sockets in each namespace, and what the kernel says of them.
#ifndef XSW_TOOLS_XSW_DEMO_TRAFFIC_H_
#define XSW_TOOLS_XSW_DEMO_TRAFFIC_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/xsw/demo/lab.h"

namespace xsw {

// From one node to another: ARP, a TCP connection, an echo.
struct DemoPath {
  size_t from = 0, to = 0;  // in DemoNodes
  std::string error;        // empty: it works
  uint32_t echo_us = 0;     // the fastest of a few
  Mac lladdr{};             // of `to`, in the kernel's neighbour table of `from`
  bool resolved = false;    // lladdr is the address of to's netdev
};

// Each node broadcasts once; each other node must get that once.
struct DemoBroadcast {
  uint32_t expected = 0;
  uint32_t arrived = 0;  // at least once
  uint32_t again = 0;    // further copies
  bool ok() const { return arrived == expected && again == 0; }
};

// One TCP connection, as fast as it goes.
struct DemoStream {
  size_t from = 0, to = 0;
  std::string error;
  uint64_t bytes = 0;  // that the receiver got
  uint64_t us = 0;
  double gbit_per_s() const { return us ? bytes * 8e-3 / us : 0; }
};

struct DemoTraffic {
  std::vector<DemoPath> paths;
  DemoBroadcast broadcast;
  std::vector<DemoStream> streams;

  size_t paths_ok() const;
  size_t resolved() const;
  bool ok() const;
  // What is wrong, one line; empty if all is well.
  std::string FirstError(const DemoNodes& nodes) const;
};

// Errors are those of the demo itself, a path that does not work is a result.
absl::StatusOr<std::vector<DemoPath>> TryPaths(const DemoNodes& nodes, const HeldSignals& signals);
absl::StatusOr<DemoBroadcast> TryBroadcast(const DemoNodes& nodes, const HeldSignals& signals);
absl::StatusOr<std::vector<DemoStream>> TryStreams(const DemoNodes& nodes,
                                                   const HeldSignals& signals);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_DEMO_TRAFFIC_H_
