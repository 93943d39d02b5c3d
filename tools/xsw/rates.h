// SPDX-License-Identifier: Apache-2.0
// What moves: the counters of ports at one moment, and what they say of the time between two.
#ifndef XSW_TOOLS_XSW_RATES_H_
#define XSW_TOOLS_XSW_RATES_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "switchdev_model/ports/port_info.h"
#include "switchdev_model/show/stats.h"
#include "tools/xsw/handle.h"

namespace xsw {

struct CountedPort {
  PortInfo info;
  PortStats stats;
};

// The selected ports of an eswitch.
struct Counts {
  std::string uplink;  // by its present name
  double at = 0;       // seconds, of MonotonicSeconds()
  std::map<uint32_t, CountedPort> ports;
};
absl::StatusOr<Counts> CountPorts(const std::string& bpffs, const PortSelection& selection);

// What has come since. A port that is new counts from its start; one made anew from 0.
PortStats Difference(const PortStats& before, const PortStats& now);

// Of one interval.
uint64_t PerSecond(uint64_t difference, double seconds);
PortStats PerSecond(const PortStats& difference, double seconds);

// Of a clock that nobody sets.
double MonotonicSeconds();
void SleepUntil(double at);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_RATES_H_
