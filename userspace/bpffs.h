// SPDX-License-Identifier: Apache-2.0
// The bpf filesystem: where the state lives, and whether it would survive us there.
#ifndef XSW_USERSPACE_BPFFS_H_
#define XSW_USERSPACE_BPFFS_H_

#include <chrono>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "userspace/fd.h"

namespace xsw {

inline constexpr char kBpffs[] = "/sys/fs/bpf";

// The bpffs to use: `wanted` if not empty, else /sys/fs/bpf, mounted if it is not. Refused: a path
// that is no bpffs; /sys/fs/bpf outside pid 1's mount namespace (`ip netns exec` has a private /sys,
// whose bpffs dies with the command).
absl::StatusOr<std::string> FindBpffs(const std::string& wanted);

// mkdir -p, mode 0700.
absl::Status MakeDirs(const std::string& path);

// Entries of a directory, sorted; empty if there is none.
std::vector<std::string> ListDir(const std::string& path);

// An exclusive flock on a directory, held while the Fd lives. Waits for another holder, who is done
// in a moment: no xsw command keeps a lock while it waits for anything else. But one may have been
// stopped: Unavailable names its process, after SetLockWait()'s time. Whoever waits first is served
// first (lock.cc).
absl::StatusOr<Fd> LockDir(const std::string& path);
// An error is that one.
bool IsLockHeld(const absl::Status& status);

// The same without waiting. Unavailable: the message is its process, "PID 4711 (xsw capture eth0)".
absl::StatusOr<Fd> TryLockDir(const std::string& path);

// For the whole process.
inline constexpr std::chrono::seconds kDefaultLockWait{30};
void SetLockWait(std::chrono::seconds limit);

// Removes path and all below it, or only what is below. OK if there is none.
absl::Status RemoveTree(const std::string& path);
absl::Status EmptyTree(const std::string& path);

}  // namespace xsw

#endif  // XSW_USERSPACE_BPFFS_H_
