// SPDX-License-Identifier: Apache-2.0
#include "tools/xswd/home.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

#include "switchdev_model/eswitch/eswitch.h"
#include "switchdev_model/eswitch/eswitch_dir.h"
#include "switchdev_model/repair/repair.h"
#include "userspace/log.h"
#include "tools/xswd/process.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr char kNames[] = "/run/netns", kAbove[] = "/run";

std::vector<std::string> UplinksWithWork(const std::string& bpffs) {
  std::vector<std::string> uplinks;
  for (const std::string& uplink : EswitchDir::List(bpffs)) {
    // One of another version is not its work: xsw eswitch upgrade. To open it would take long.
    if (!Eswitch::CheckVersion(bpffs, uplink).ok()) continue;
    // One that cannot be read somebody else makes or removes at this moment.
    absl::StatusOr<Eswitch> eswitch = Eswitch::OpenToRead(bpffs, uplink);
    if (eswitch.ok() && HasWork(*eswitch)) uplinks.push_back(uplink);
  }
  return uplinks;
}

// To open it is to mend it.
void BringHome(const std::string& bpffs, const std::vector<std::string>& uplinks) {
  for (const std::string& uplink : uplinks) {
    const absl::Status status = Eswitch::OpenToWrite(bpffs, uplink, Mend::kGone).status();
    if (!status.ok() && !absl::IsNotFound(status))
      Log(Severity::kWarning, absl::StrCat("bring functions home: ", status.message()));
  }
}

}  // namespace

absl::StatusOr<Home> Home::Open(const std::string& bpffs) {
  Fd names(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (!names) return ErrnoStatus(errno, "watch namespaces");
  Home home(bpffs, std::move(names));
  home.Watch();
  return home;
}

// The first `ip netns add` makes the directory. Until then one thing that comes above it is worth a
// look.
void Home::Watch() {
  constexpr uint32_t kComeAndGo = IN_CREATE | IN_MOVED_TO | IN_DELETE;
  if (inotify_add_watch(names_.get(), kNames, kComeAndGo | IN_DELETE_SELF) < 0)
    inotify_add_watch(names_.get(), kAbove, IN_CREATE | IN_MOVED_TO | IN_ONESHOT);
}

// What has happened does not matter: Look() looks at what there is.
void Home::ReadNames() {
  char events[4096];
  while (read(names_.get(), events, sizeof(events)) > 0) continue;
  Watch();
  backoff_.Reset();
}

void Home::Look() {
  if (mending_) return;
  const std::vector<std::string> uplinks = UplinksWithWork(bpffs_);
  const Backoff::Clock::time_point now = Backoff::Clock::now();
  if (uplinks.empty()) backoff_.Reset();
  if (uplinks.empty() || !backoff_.MayTry(now)) return;
  backoff_.Tried(now);
  absl::StatusOr<pid_t> pid = StartProcess({}, [&] { BringHome(bpffs_, uplinks); });
  if (pid.ok()) {
    mending_ = *pid;
  } else {
    Log(Severity::kError, std::string(pid.status().message()));
  }
}

bool Home::Reap(pid_t pid) {
  if (pid != mending_) return false;
  mending_ = 0;
  return true;
}

}  // namespace xsw
