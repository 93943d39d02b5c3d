// SPDX-License-Identifier: Apache-2.0
#include "userspace/netns.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "absl/strings/numbers.h"
#include "userspace/status.h"
#include "userspace/thread.h"

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

namespace xsw {
namespace {

constexpr char kPidPrefix[] = "pid:";

bool IsName(const std::string& text) {
  return !text.empty() && text != "." && text != ".." && text.find('/') == std::string::npos;
}

absl::StatusOr<Fd> OpenPath(const std::string& path, const std::string& shown) {
  Fd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd && errno == ENOENT)
    return absl::NotFoundError(absl::StrCat("network namespace ", shown, " does not exist"));
  if (!fd) return ErrnoStatus(errno, absl::StrCat("open network namespace ", shown));
  // ip-netns(8) makes the file before it mounts the namespace there, and removes it after.
  struct statfs info;
  if (fstatfs(fd.get(), &info)) return ErrnoStatus(errno, absl::StrCat("look at ", path));
  if (info.f_type == NSFS_MAGIC) return fd;
  return absl::NotFoundError(
      absl::StrCat("network namespace ", shown, " does not exist: its file is not mounted"));
}

bool IsPath(const std::string& text) { return text.starts_with('/'); }

// What would be read as something else than a name.
bool LooksLikePid(const std::string& name) {
  int pid;
  return absl::SimpleAtoi(name, &pid) || name.starts_with(kPidPrefix);
}

// What the files of a name and of a process are called, too: "/run/netns/web" is "web",
// "/proc/17/ns/net" is "pid:17". Others stay paths.
std::string FromPath(const std::string& path) {
  for (const char* dir : {"/run/netns/", "/var/run/netns/"}) {
    if (!path.starts_with(dir)) continue;
    const std::string name = path.substr(std::strlen(dir));
    return IsName(name) && !LooksLikePid(name) ? name : path;
  }
  int pid = 0, end = 0;
  if (std::sscanf(path.c_str(), "/proc/%9d/ns/net%n", &pid, &end) == 1 &&
      end == static_cast<int>(path.size()))
    return absl::StrCat(kPidPrefix, pid);
  return path;
}

std::string PidPath(const std::string& pid) { return absl::StrCat("/proc/", pid, "/ns/net"); }

}  // namespace

absl::StatusOr<Fd> OpenCurrentNetns() { return OpenPath("/proc/thread-self/ns/net", "of xsw"); }

absl::StatusOr<std::string> CanonicalNetns(const std::string& text) {
  int pid;
  if (text.empty() || IsPid(text)) return text;
  if (IsPath(text)) return FromPath(text);
  if (IsName(text) && access(absl::StrCat(kNetnsDir, "/", text).c_str(), F_OK) == 0) return text;
  if (absl::SimpleAtoi(text, &pid) && pid > 0) return absl::StrCat(kPidPrefix, pid);
  return absl::NotFoundError(absl::StrCat("network namespace \"", text, "\" does not exist"));
}

bool IsPid(const std::string& canonical) { return canonical.starts_with(kPidPrefix); }

absl::StatusOr<Fd> OpenNetns(const std::string& text) {
  XSW_ASSIGN_OR_RETURN(const std::string name, CanonicalNetns(text));
  return OpenCanonicalNetns(name);
}

absl::StatusOr<Fd> OpenCanonicalNetns(const std::string& name) {
  if (name.empty()) return OpenCurrentNetns();
  if (IsPath(name)) return OpenPath(name, name);
  if (IsPid(name)) return OpenPath(PidPath(name.substr(sizeof(kPidPrefix) - 1)), name);
  return OpenPath(absl::StrCat(kNetnsDir, "/", name), absl::StrCat("\"", name, "\""));
}

absl::StatusOr<uint64_t> NetnsCookie() {
  Fd sock(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  uint64_t cookie = 0;
  socklen_t len = sizeof(cookie);
  if (!sock || getsockopt(sock.get(), SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &len))
    return ErrnoStatus(errno, "read the network namespace's cookie");
  return cookie;
}

absl::StatusOr<uint64_t> NetnsCookieOf(const Fd& netns) {
  return InNetns(netns, [] { return NetnsCookie(); });
}

bool SameNetns(const Fd& a, const Fd& b) {
  struct stat x, y;
  return fstat(a.get(), &x) == 0 && fstat(b.get(), &y) == 0 && x.st_dev == y.st_dev &&
         x.st_ino == y.st_ino;
}

absl::Status EnterNetns(const std::string& name_or_pid) {
  XSW_ASSIGN_OR_RETURN(const Fd netns, OpenNetns(name_or_pid));
  if (setns(netns.get(), CLONE_NEWNET))
    return ErrnoStatus(errno, absl::StrCat("enter network namespace ", name_or_pid));
  return absl::OkStatus();
}

absl::StatusOr<Fd> OpenNetnsPath(const std::string& path) { return OpenPath(path, path); }

std::vector<std::string> NetnsNames() {
  std::vector<std::string> names;
  DIR* dir = opendir(kNetnsDir);
  if (!dir) return names;
  while (dirent* entry = readdir(dir)) {
    if (IsName(entry->d_name)) names.push_back(entry->d_name);
  }
  closedir(dir);
  std::sort(names.begin(), names.end());
  return names;
}

absl::Status MakeNetns(const std::string& path) {
  Fd file(open(path.c_str(), O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file) return ErrnoStatus(errno, absl::StrCat("create ", path));
  absl::Status status = InThread([&] {
    if (unshare(CLONE_NEWNET) ||
        mount("/proc/thread-self/ns/net", path.c_str(), "none", MS_BIND, nullptr))
      return ErrnoStatus(errno, absl::StrCat("make network namespace ", path));
    return absl::OkStatus();
  });
  if (!status.ok()) unlink(path.c_str());
  return status;
}

absl::Status RemoveNetns(const std::string& path) {
  // EINVAL: nothing is mounted there any more.
  if (umount2(path.c_str(), MNT_DETACH) && errno != ENOENT && errno != EINVAL)
    return ErrnoStatus(errno, absl::StrCat("unmount ", path));
  if (unlink(path.c_str()) && errno != ENOENT)
    return ErrnoStatus(errno, absl::StrCat("remove ", path));
  return absl::OkStatus();
}

absl::Status InNetns(const Fd& netns, const std::function<absl::Status()>& work) {
  return InThread([&] {
    if (setns(netns.get(), CLONE_NEWNET)) return ErrnoStatus(errno, "enter network namespace");
    return work();
  });
}

}  // namespace xsw
