// SPDX-License-Identifier: Apache-2.0
// When the follower looks: soon after any news, and from time to time at what there is no news of.
#ifndef XSW_TOOLS_XSW_BRIDGE_LOOP_H_
#define XSW_TOOLS_XSW_BRIDGE_LOOP_H_

#include <chrono>
#include <string>

#include "absl/status/statusor.h"
#include "tools/xsw-bridge/follower.h"
#include "userspace/event.h"
#include "userspace/fd.h"
#include "userspace/route_news.h"

namespace xsw {

class Loop {
 public:
  static absl::StatusOr<Loop> Open(const std::string& bpffs);

  // Until SIGTERM or SIGINT; then nothing is permitted any more.
  absl::Status Run();

 private:
  using Clock = std::chrono::steady_clock;
  Loop(std::string bpffs, RouteNews route, EventListener events, Fd signals)
      : follower_(std::move(bpffs)),
        route_(std::move(route)),
        events_(std::move(events)),
        signals_(std::move(signals)) {}
  absl::Status Wait();
  bool ReadNews();  // false: some were lost
  void Look();

  Follower follower_;
  RouteNews route_;
  EventListener events_;  // of xsw's own commands
  Fd signals_;
  bool has_news_ = true;
  bool addresses_ = true;  // there are news of them
  bool lost_ = false;      // some of them, and not all is read anew yet
  Clock::time_point looked_at_, watched_at_;
};

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_BRIDGE_LOOP_H_
