// SPDX-License-Identifier: Apache-2.0
// Network namespaces: open, work in, make.
#ifndef XSW_USERSPACE_NETNS_H_
#define XSW_USERSPACE_NETNS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/status/statusor.h"
#include "userspace/fd.h"

namespace xsw {

// Where `ip netns` keeps its names.
inline constexpr char kNetnsDir[] = "/run/netns";

// The calling thread's own.
absl::StatusOr<Fd> OpenCurrentNetns();

// A name below /run/netns, else a PID, as iproute2 reads it; or "pid:N", as xsw_port_conf has it;
// or the path of its file; or "" for the calling thread's own. NotFound names it.
absl::StatusOr<Fd> OpenNetns(const std::string& name_or_pid);

// The same of the form below: a name that is gone is nobody's PID.
absl::StatusOr<Fd> OpenCanonicalNetns(const std::string& canonical);

// The calling thread enters it, for good. The network namespace only: /sys and the bpffs stay the
// caller's.
absl::Status EnterNetns(const std::string& name_or_pid);

// A namespace that MakeNetns() has made. NotFound: there is no such file, or nothing is mounted on
// it.
absl::StatusOr<Fd> OpenNetnsPath(const std::string& path);

// Whether that form names a process. Once its namespace is gone, somebody else's process may have
// the number.
bool IsPid(const std::string& canonical);

// The form in which abi.h's xsw_port_conf.netns holds it: a name stays, a PID becomes "pid:N", a
// path the one or the other if it is theirs.
absl::StatusOr<std::string> CanonicalNetns(const std::string& name_or_pid);

// The calling thread's namespace cookie: unique for the machine's uptime, never reused.
absl::StatusOr<uint64_t> NetnsCookie();
// Another namespace's.
absl::StatusOr<uint64_t> NetnsCookieOf(const Fd& netns);

bool SameNetns(const Fd& a, const Fd& b);

// Names below /run/netns.
std::vector<std::string> NetnsNames();

// A new, empty namespace (its loopback down), kept alive by a bind mount on path, which is created.
// Threads of the caller stay where they are. AlreadyExists if path exists.
absl::Status MakeNetns(const std::string& path);
// Unmounts and removes path; the namespace dies with its last user. OK if there is none.
absl::Status RemoveNetns(const std::string& path);

// Runs work in a thread of its own that enters the namespace and ends there: the caller never
// leaves its own, so nobody has to come home. Sockets that work opens belong to netns wherever they
// go.
absl::Status InNetns(const Fd& netns, const std::function<absl::Status()>& work);

// The same for work that returns a StatusOr.
template <typename Work, typename Result = std::invoke_result_t<Work>>
requires(!std::is_same_v<Result, absl::Status>) Result InNetns(const Fd& netns, Work work) {
  Result result = absl::UnknownError("");
  absl::Status status = InNetns(netns, [&]() -> absl::Status {
    result = work();
    return result.status();
  });
  if (!status.ok()) return status;
  return result;
}

}  // namespace xsw

#endif  // XSW_USERSPACE_NETNS_H_
