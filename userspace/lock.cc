// SPDX-License-Identifier: Apache-2.0
// LockDir() of bpffs.h: locks that are waited for, but not for ever; and TryLockDir().
#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <fstream>
#include <memory>
#include <mutex>
#include <optional>
#include <sstream>

#include "absl/strings/cord.h"
#include "absl/strings/str_format.h"
#include "userspace/bpffs.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr char kHeld[] = "xsw/lock-held";

std::atomic<std::chrono::seconds> wait_limit = kDefaultLockWait;

// A wait for a lock. Its thread may outlive it, stuck in flock(): then the lock is got too late and
// given back with this, the last that has the file open.
struct Wait {
  Fd dir;  // a duplicate: the lock belongs to what is open, not to a descriptor
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<int> err;
};

void* WaitForLock(void* arg) {
  const std::unique_ptr<std::shared_ptr<Wait>> owned(static_cast<std::shared_ptr<Wait>*>(arg));
  Wait& wait = **owned;
  const int err = flock(wait.dir.get(), LOCK_EX) ? errno : 0;
  const std::lock_guard lock(wait.mutex);
  wait.err = err;
  wait.changed.notify_all();
  return nullptr;
}

absl::Status StartThread(const std::shared_ptr<Wait>& wait) {
  auto arg = std::make_unique<std::shared_ptr<Wait>>(wait);
  pthread_t thread;
  if (int err = pthread_create(&thread, nullptr, WaitForLock, arg.get()))
    return ErrnoStatus(err, "start a thread");
  arg.release();
  pthread_detach(thread);
  return absl::OkStatus();
}

// "PID 4711 (xsw port add eth0)". A stopped one holds it too.
std::string Process(int pid) {
  std::ifstream file(absl::StrCat("/proc/", pid, "/cmdline"));
  std::stringstream text;
  text << file.rdbuf();
  std::string line = text.str().substr(0, 200);
  while (!line.empty() && line.back() == '\0') line.pop_back();
  for (char& c : line) c = c == '\0' ? ' ' : c;
  return line.empty() ? absl::StrCat("PID ", pid) : absl::StrCat("PID ", pid, " (", line, ")");
}

// From /proc/locks: "1: FLOCK  ADVISORY  WRITE 14371 fe:00:5309063 0 EOF"; those that wait have
// "->" before.
std::string Holder(const struct stat& dir) {
  const std::string file =
      absl::StrFormat("%02x:%02x:%d", major(dir.st_dev), minor(dir.st_dev), dir.st_ino);
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);) {
    std::istringstream words(line);
    std::string number, type, advisory, access, where;
    int pid = 0;
    words >> number >> type >> advisory >> access >> pid >> where;
    if (words && type == "FLOCK" && where == file && pid > 0) return Process(pid);
  }
  return "a process that /proc/locks does not show";
}

absl::Status HeldBy(const Fd& dir, const std::string& path, std::chrono::seconds waited) {
  struct stat info;
  if (fstat(dir.get(), &info)) return ErrnoStatus(errno, absl::StrCat("lock ", path));
  absl::Status held = absl::UnavailableError(absl::StrCat(
      "lock ", path, ": ", Holder(info), " has held it for ", waited.count(), " s: end it"));
  held.SetPayload(kHeld, absl::Cord());
  return held;
}

absl::Status Lock(const Fd& dir, const std::string& path) {
  const std::string what = absl::StrCat("lock ", path);
  if (flock(dir.get(), LOCK_EX | LOCK_NB) == 0) return absl::OkStatus();
  if (errno != EWOULDBLOCK) return ErrnoStatus(errno, what);
  auto wait = std::make_shared<Wait>();
  wait->dir = Fd(fcntl(dir.get(), F_DUPFD_CLOEXEC, 0));
  if (!wait->dir) return ErrnoStatus(errno, what);
  // In a thread, for the kernel serves those who wait in flock() in the order in which they came.
  XSW_RETURN_IF_ERROR(StartThread(wait));
  const std::chrono::seconds limit = wait_limit;
  std::unique_lock lock(wait->mutex);
  if (!wait->changed.wait_for(lock, limit, [&] { return wait->err.has_value(); }))
    return HeldBy(dir, path, limit);
  return *wait->err ? ErrnoStatus(*wait->err, what) : absl::OkStatus();
}

}  // namespace

bool IsLockHeld(const absl::Status& status) { return status.GetPayload(kHeld).has_value(); }

void SetLockWait(std::chrono::seconds limit) { wait_limit = limit; }

absl::StatusOr<Fd> TryLockDir(const std::string& path) {
  Fd dir(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  struct stat info;
  if (!dir || fstat(dir.get(), &info)) return ErrnoStatus(errno, absl::StrCat("lock ", path));
  if (flock(dir.get(), LOCK_EX | LOCK_NB) == 0) return dir;
  if (errno != EWOULDBLOCK) return ErrnoStatus(errno, absl::StrCat("lock ", path));
  return absl::UnavailableError(Holder(info));
}

absl::StatusOr<Fd> LockDir(const std::string& path) {
  for (;;) {
    Fd dir(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!dir) return ErrnoStatus(errno, absl::StrCat("lock ", path));
    XSW_RETURN_IF_ERROR(Lock(dir, path));
    struct stat locked, there;
    if (fstat(dir.get(), &locked) || stat(path.c_str(), &there))
      return ErrnoStatus(errno, absl::StrCat("lock ", path));
    // While we waited, its owner may have removed it and another made one of the same name.
    if (locked.st_dev == there.st_dev && locked.st_ino == there.st_ino) return dir;
  }
}

}  // namespace xsw
