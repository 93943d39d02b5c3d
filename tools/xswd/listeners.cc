// SPDX-License-Identifier: Apache-2.0
#include "tools/xswd/listeners.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <set>

#include "userspace/log.h"
#include "userspace/bpffs.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr int kBacklog = 256;  // connections that wait for our next round
constexpr char kSuffix[] = ".sock";

// Everybody may pass, only root may write. xsw itself may have made it first, for root only.
absl::Status MakePublicDir(const std::string& path) {
  if (mkdir(path.c_str(), 0755) && errno != EEXIST)
    return ErrnoStatus(errno, absl::StrCat("create ", path));
  if (chmod(path.c_str(), 0755)) return ErrnoStatus(errno, absl::StrCat("open up ", path));
  return absl::OkStatus();
}

std::string LockPathOf(const std::string& run) { return absl::StrCat(run, "/xswd.lock"); }

bool IsFile(const std::string& path, const Fd& fd) {
  struct stat there, open;
  return stat(path.c_str(), &there) == 0 && fstat(fd.get(), &open) == 0 &&
         there.st_dev == open.st_dev && there.st_ino == open.st_ino;
}

std::string PathOf(const std::string& run, const QueueBlock& block) {
  return absl::StrCat(run, "/", block.uplink, "/", block.index, kSuffix);
}

// Root's until the chown, and under a name that no client knows until it listens: whoever sees the
// path can connect.
absl::StatusOr<Fd> Listen(const std::string& path, uid_t uid, gid_t gid) {
  const std::string made = absl::StrCat(path.substr(0, path.rfind('/')), "/new", kSuffix);
  sockaddr_un address = {.sun_family = AF_UNIX};
  if (std::max(made.size(), path.size()) >= sizeof(address.sun_path))
    return absl::InvalidArgumentError(absl::StrCat(path, ": too long for a socket"));
  std::strcpy(address.sun_path, made.c_str());
  Fd fd(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  unlink(made.c_str());
  const mode_t mask = umask(0117);
  const int failed = bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address));
  umask(mask);
  if (failed || chown(made.c_str(), uid, gid) || listen(fd.get(), kBacklog) ||
      rename(made.c_str(), path.c_str()))
    return ErrnoStatus(errno, absl::StrCat("listen on ", path));
  return fd;
}

}  // namespace

absl::StatusOr<Listeners> Listeners::Open(const std::string& run) {
  XSW_RETURN_IF_ERROR(MakePublicDir(run));
  const std::string path = LockPathOf(run);
  for (;;) {
    Fd lock(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!lock) return ErrnoStatus(errno, absl::StrCat("open ", path));
    if (flock(lock.get(), LOCK_EX | LOCK_NB))
      return absl::UnavailableError(
          absl::StrCat(run, ": another xswd serves it; one of another network namespace needs its ",
                       "own --run DIR"));
    // One that has ended meanwhile took the file away: the lock on it keeps nobody out.
    if (IsFile(path, lock)) return Listeners(run, std::move(lock));
  }
}

void Listeners::Leave() {
  leaving_ = true;
  RemoveStrangers({});
  const std::string path = LockPathOf(run_);
  if (IsFile(path, lock_)) unlink(path.c_str());
}

std::set<std::string> Listeners::Uplinks() const {
  std::set<std::string> uplinks;
  for (const auto& [path, listener] : all_) uplinks.insert(listener.uplink);
  return uplinks;
}

// Once, and again when it has another reason.
void Listeners::SayUnread(const Blocks& found) {
  for (const auto& [uplink, why] : found.unread) {
    if (said_unread_[uplink] != why)
      Log(Severity::kError, absl::StrCat(uplink, ": its ports stay as they were: ", why));
  }
  said_unread_ = found.unread;
}

void Listeners::Sync(const Blocks& found, Closer& closer) {
  SayUnread(found);
  std::set<std::string> wanted;
  for (const QueueBlock& block : found.blocks) wanted.insert(PathOf(run_, block));
  for (const auto& [path, listener] : all_) {
    if (found.unread.count(listener.uplink)) wanted.insert(path);
  }
  for (auto& [path, listener] : all_) {
    if (wanted.count(path)) continue;
    Log(Severity::kInfo, absl::StrCat(path, ": its port is gone"));
    closer.Close(std::move(listener.fd));
  }
  std::erase_if(all_, [&](const auto& entry) { return !wanted.count(entry.first); });
  RemoveStrangers(found);
  for (const std::string& uplink : found.uplinks) {
    absl::Status status = MakePublicDir(absl::StrCat(run_, "/", uplink));
    if (!status.ok()) Log(Severity::kError, std::string(status.message()));
  }
  for (const QueueBlock& block : found.blocks) Keep(block, closer);
}

void Listeners::Keep(const QueueBlock& block, Closer& closer) {
  const std::string path = PathOf(run_, block);
  const uid_t uid = block.owner.uid;
  const gid_t gid = block.owner.gid;
  auto known = all_.find(path);
  struct stat info;
  const bool there = known != all_.end() && lstat(path.c_str(), &info) == 0;
  if (there && known->second.uid == uid && known->second.gid == gid) return;
  if (there && chown(path.c_str(), uid, gid) == 0) {
    known->second.uid = uid;
    known->second.gid = gid;
    Log(Severity::kInfo, absl::StrCat(path, ": owner is now ", uid, ":", gid));
    return;
  }
  absl::StatusOr<Fd> fd = Listen(path, uid, gid);
  if (!fd.ok()) return Log(Severity::kError, std::string(fd.status().message()));
  if (known != all_.end()) closer.Close(std::move(known->second.fd));
  all_.insert_or_assign(path, Listener{block.uplink, block.index, *std::move(fd), uid, gid});
  Log(Severity::kInfo, absl::StrCat(path, ": ready for ", uid, ":", gid));
}

// Sockets that are not ours, and directories of uplinks that are no more. Those of the namespaces
// of ports, whose names are numbers, hold no socket and are not empty.
void Listeners::RemoveStrangers(const Blocks& found) {
  for (const std::string& name : ListDir(run_)) {
    if (found.unread.count(name)) continue;
    const std::string dir = absl::StrCat(run_, "/", name);
    bool had_sockets = false;
    for (const std::string& entry : ListDir(dir)) {
      const std::string path = absl::StrCat(dir, "/", entry);
      if (!entry.ends_with(kSuffix) || (all_.count(path) && !leaving_)) continue;
      unlink(path.c_str());
      had_sockets = true;
    }
    struct stat info;
    if (!found.uplinks.count(name) && lstat(dir.c_str(), &info) == 0 && S_ISDIR(info.st_mode) &&
        (had_sockets || (info.st_mode & 0777) == 0755))
      rmdir(dir.c_str());
  }
}

}  // namespace xsw
