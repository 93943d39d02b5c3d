// SPDX-License-Identifier: Apache-2.0
// What moves at each port, from one look at the counters to the next. Eswitches and ports may come
// and go in between.
#ifndef XSW_TOOLS_XSW_TOP_METER_H_
#define XSW_TOOLS_XSW_TOP_METER_H_

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "tools/xsw/command.h"
#include "tools/xsw/rates.h"

namespace xsw {

using PortKey = std::pair<std::string, uint32_t>;  // uplink, index

// One port in one interval.
struct Flow {
  PortKey key;
  PortInfo info;
  PortStats since;  // in the interval
  double seconds = 0;

  double PerSecond(uint64_t count) const { return static_cast<double>(count) / seconds; }
};
uint64_t DroppedFrames(const PortStats& stats);

// Bytes a second.
struct Sample {
  float rx = 0, tx = 0;
};

// Of a port, since the first look.
struct History {
  std::deque<Sample> samples;  // the latest last
  std::vector<DropCount> drops;
  uint64_t lost = 0;
};

class Meter {
 public:
  // which is that of SelectPorts().
  Meter(const Call& call, std::string which) : call_(call), which_(std::move(which)) {}

  // An error names what cannot be read (yet, or any longer); of the rest there is all. The first
  // look at an eswitch has no interval.
  absl::Status Look();

  // By their keys.
  const std::vector<Flow>& flows() const { return flows_; }
  const History& HistoryOf(const PortKey& key) { return histories_[key]; }

 private:
  absl::Status LookAt(const PortSelection& selection, std::map<std::string, Counts>* now);
  void AddFlows(const Counts& before, const Counts& now);
  void Remember(const Flow& flow);
  void ForgetGone();

  const Call& call_;
  std::string which_;
  std::map<std::string, Counts> before_;  // by uplink
  std::vector<Flow> flows_;
  std::map<PortKey, History> histories_;
};

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_TOP_METER_H_
