// SPDX-License-Identifier: Apache-2.0
// When a reporter's state changes, for `xsw monitor`. The kernel has no news of most of it, so this
// looks once a second; where a look takes long, so seldom that all of them take a fiftieth of the
// time.
#ifndef XSW_TOOLS_XSW_HEALTH_WATCH_H_
#define XSW_TOOLS_XSW_HEALTH_WATCH_H_

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "switchdev_model/health/health.h"

namespace xsw {

struct HealthChange {
  std::string uplink;
  Health health;
};

class HealthWatch {
 public:
  // How it is at that moment is no news.
  explicit HealthWatch(std::string bpffs);

  // Until the next look is due; 0: it is.
  std::chrono::milliseconds Left() const;
  // Reporters that have another state, or have recovered, since they were last told of. An error is
  // told when two looks in a row have seen it: the first may have met a command at work.
  std::vector<HealthChange> Look();

 private:
  using Clock = std::chrono::steady_clock;
  struct Told {
    bool healthy = true;
    uint64_t recovered = 0;
    bool is_suspect = false;  // the last look was the first to see an error
  };
  using Key = std::pair<std::string, xsw_reporter>;
  // Of all eswitches, as it is; and when the next look is due.
  std::vector<HealthChange> Read();
  // Whether to tell.
  static bool Compare(const Health& health, Told* told);

  std::string bpffs_;
  std::map<Key, Told> told_;
  Clock::time_point due_;
};

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_HEALTH_WATCH_H_
