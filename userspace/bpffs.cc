// SPDX-License-Identifier: Apache-2.0
#include "userspace/bpffs.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "userspace/status.h"

namespace xsw {
namespace {

namespace fs = std::filesystem;

// State of others, or no state at all, looks the same to those who may not look.
absl::Status CheckAccess(const std::string& bpffs) {
  for (const std::string& path : {bpffs, absl::StrCat(bpffs, "/xsw")}) {
    if (access(path.c_str(), R_OK | W_OK | X_OK) && errno != ENOENT)
      return ErrnoStatus(errno, absl::StrCat("open ", path));
  }
  return absl::OkStatus();
}

bool IsBpffs(const std::string& path) {
  struct statfs info;
  return statfs(path.c_str(), &info) == 0 && static_cast<unsigned>(info.f_type) == BPF_FS_MAGIC;
}

// Linux gives the first mount namespace a fixed inode: from 6.18 on 0xeffffff8
// (include/uapi/linux/nsfs.h), before that the first dynamic one of procfs.
bool IsInitialMountNamespace(ino_t inode) {
  return inode == 0xeffffff8 || inode == 0xf0000000;
}

// Ours is pid 1's. Reading /proc/1/ns needs ptrace rights over pid 1, which a confined root may lack.
bool InMountNamespaceOfPid1() {
  struct stat own, init;
  if (stat("/proc/self/ns/mnt", &own)) return false;
  if (stat("/proc/1/ns/mnt", &init) == 0) return own.st_ino == init.st_ino;
  return IsInitialMountNamespace(own.st_ino);
}

}  // namespace

absl::StatusOr<std::string> FindBpffs(const std::string& wanted) {
  if (!wanted.empty()) {
    if (IsBpffs(wanted)) {
      XSW_RETURN_IF_ERROR(CheckAccess(wanted));
      return wanted;
    }
    return absl::InvalidArgumentError(
        absl::StrCat("--bpffs ", wanted, ": not a bpf filesystem (mount -t bpf bpf ", wanted, ")"));
  }
  if (!InMountNamespaceOfPid1())
    return absl::FailedPreconditionError(absl::StrCat(
        kBpffs, " of this mount namespace is private and ends with it (`ip netns exec`?): use ",
        "`xsw -n NETNS` from outside, or say --bpffs PATH"));
  if (!IsBpffs(kBpffs) && mount("bpf", kBpffs, "bpf", 0, "mode=0700"))
    return ErrnoStatus(errno, absl::StrCat("mount bpf on ", kBpffs));
  XSW_RETURN_IF_ERROR(CheckAccess(kBpffs));
  return std::string(kBpffs);
}

absl::Status MakeDirs(const std::string& path) {
  for (size_t end = 1; end != std::string::npos;) {
    end = path.find('/', end + 1);
    std::string part = path.substr(0, end);
    if (mkdir(part.c_str(), 0700) && errno != EEXIST)
      return ErrnoStatus(errno, absl::StrCat("create directory ", part));
  }
  return absl::OkStatus();
}

std::vector<std::string> ListDir(const std::string& path) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(path, error))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

absl::Status RemoveTree(const std::string& path) {
  std::error_code error;
  const bool is_dir = fs::is_directory(fs::symlink_status(path, error));
  if (is_dir) XSW_RETURN_IF_ERROR(EmptyTree(path));
  if ((is_dir ? rmdir(path.c_str()) : unlink(path.c_str())) && errno != ENOENT)
    return ErrnoStatus(errno, absl::StrCat("remove ", path));
  return absl::OkStatus();
}

absl::Status EmptyTree(const std::string& path) {
  for (const std::string& name : ListDir(path))
    XSW_RETURN_IF_ERROR(RemoveTree(absl::StrCat(path, "/", name)));
  return absl::OkStatus();
}

}  // namespace xsw
