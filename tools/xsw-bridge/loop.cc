// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw-bridge/loop.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <utility>
#include <vector>

#include "userspace/log.h"
#include "userspace/signals.h"
#include "userspace/status.h"

namespace xsw {
namespace {

using std::chrono::milliseconds;

// Between two looks: news come in crowds.
constexpr milliseconds kCalm(10);
// For what has no news: tcx programs, and leases, which must be renewed several times in their
// time.
constexpr milliseconds kWatch(25);
// And the rest of it (the old iptables, sysctls): all is read anew.
constexpr milliseconds kAnew(1000);

}  // namespace

absl::StatusOr<Loop> Loop::Open(const std::string& bpffs) {
  XSW_ASSIGN_OR_RETURN(RouteNews route, RouteNews::Open());
  XSW_ASSIGN_OR_RETURN(EventListener events, EventListener::Open());
  XSW_ASSIGN_OR_RETURN(Fd signals, WatchSignals({SIGTERM, SIGINT}));
  return Loop(bpffs, std::move(route), std::move(events), std::move(signals));
}

absl::Status Loop::Wait() {
  std::vector<pollfd> fds = {{.fd = signals_.get(), .events = POLLIN},
                             {.fd = events_.fd(), .events = POLLIN}};
  for (const Fd& fd : route_.fds()) fds.push_back({.fd = fd.get(), .events = POLLIN});
  const auto until = has_news_ ? looked_at_ + kCalm : watched_at_ + kWatch;
  const auto left = std::chrono::ceil<milliseconds>(until - Clock::now());
  const int timeout = static_cast<int>(std::max<int64_t>(left.count(), 0));
  // With news already there only a signal is waited for.
  if (poll(fds.data(), has_news_ ? 1 : fds.size(), timeout) < 0 && errno != EINTR)
    return ErrnoStatus(errno, "poll");
  return absl::OkStatus();
}

bool Loop::ReadNews() {
  const RouteNews::News news = route_.Read();
  has_news_ |= news.any;
  addresses_ |= news.addresses;
  // Who has not heard what was taken away permits nothing.
  if (news.lost) {
    follower_.Revoke();
    if (!lost_)
      Log(Severity::kWarning, "news were lost: nothing is offloaded until all is read anew");
    lost_ = true;
  }
  for (;;) {
    const absl::StatusOr<std::optional<std::string>> text = events_.Next();
    if (text.ok() && !*text) break;
    has_news_ = true;
    if (!text.ok()) break;
  }
  return !news.lost;
}

void Loop::Look() {
  const Clock::time_point now = Clock::now();
  if (now >= looked_at_ + kAnew) has_news_ = true;
  if (now >= watched_at_ + kWatch) has_news_ |= follower_.ProgramsChanged();
  if (has_news_ && now >= looked_at_ + kCalm) {
    has_news_ = false;
    looked_at_ = now;
    follower_.Sync(std::exchange(addresses_, false));
    // What it has written was true when it began, however much there is to be heard since.
    if (ReadNews()) {
      follower_.Renew();
      lost_ = false;
    }
  }
  if (now < watched_at_ + kWatch) return;
  watched_at_ = now;
  if (!has_news_) follower_.Renew();
}

absl::Status Loop::Run() {
  NotifySystemd("READY=1");
  signalfd_siginfo signal;
  while (read(signals_.get(), &signal, sizeof(signal)) != sizeof(signal)) {
    ReadNews();
    Look();
    XSW_RETURN_IF_ERROR(Wait());
  }
  NotifySystemd("STOPPING=1");
  follower_.Revoke();
  return absl::OkStatus();
}

}  // namespace xsw
