// SPDX-License-Identifier: Apache-2.0
// Ports whose function is not where it belongs, because its namespace was not there: they go home
// when it appears, without a command.
#ifndef XSW_TOOLS_XSWD_HOME_H_
#define XSW_TOOLS_XSWD_HOME_H_

#include <sys/types.h>

#include <string>

#include "absl/status/statusor.h"
#include "tools/xswd/backoff.h"
#include "userspace/fd.h"

namespace xsw {

class Home {
 public:
  // Watches the names of network namespaces. bpffs is FindBpffs()'s.
  static absl::StatusOr<Home> Open(const std::string& bpffs);

  // Readable when a name has come or gone. A name comes before its namespace: look a few times.
  const Fd& names() const { return names_; }
  void ReadNames();

  // Does what the next writing command would do for the eswitches of the caller's namespace, if
  // there is anything to do; in a process of its own, which may wait for a lock.
  void Look();
  // A child of xswd has ended; true: it was ours.
  bool Reap(pid_t pid);

 private:
  Home(std::string bpffs, Fd names) : bpffs_(std::move(bpffs)), names_(std::move(names)) {}
  void Watch();

  std::string bpffs_;
  Fd names_;
  pid_t mending_ = 0;
  // What cannot be brought home (its name is taken there, say) is tried ever more rarely: each try
  // makes and removes netdevs, and is seen by this xswd as an event.
  Backoff backoff_;
};

}  // namespace xsw

#endif  // XSW_TOOLS_XSWD_HOME_H_
