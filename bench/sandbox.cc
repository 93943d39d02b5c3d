// SPDX-License-Identifier: Apache-2.0
#include "bench/sandbox.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>

#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

absl::Status Mount(const std::string& type, const std::string& where) {
  if (mount(type.c_str(), where.c_str(), type.c_str(), 0, nullptr))
    return ErrnoStatus(errno, absl::StrCat("mount ", type, " on ", where));
  return absl::OkStatus();
}

absl::Status MakeDir(const std::string& path) {
  if (mkdir(path.c_str(), 0700)) return ErrnoStatus(errno, absl::StrCat("create ", path));
  return absl::OkStatus();
}

}  // namespace

absl::Status EnterSandbox() {
  if (unshare(CLONE_NEWNS | CLONE_NEWNET)) return ErrnoStatus(errno, "enter new namespaces");
  if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr))
    return ErrnoStatus(errno, "make mounts private");
  XSW_RETURN_IF_ERROR(Mount("tmpfs", "/run"));
  XSW_RETURN_IF_ERROR(MakeDir(kNetnsDir));
  XSW_RETURN_IF_ERROR(MakeDir(kBpffs));
  return Mount("bpf", kBpffs);
}

void EmptySandbox() {
  std::error_code ignored;
  for (const std::string& name : NetnsNames()) RemoveNetns(absl::StrCat(kNetnsDir, "/", name)).IgnoreError();  // the next run finds it
  for (const auto& entry : std::filesystem::recursive_directory_iterator("/run/xsw", ignored))
    if (entry.path().extension() == ".netns") RemoveNetns(entry.path()).IgnoreError();  // the same
  for (const auto& entry : std::filesystem::directory_iterator(kBpffs, ignored))
    std::filesystem::remove_all(entry.path(), ignored);
}

std::string NewPin() {
  static int number = 0;
  return absl::StrCat(kBpffs, "/bench", ++number);
}

}  // namespace xsw::bench
