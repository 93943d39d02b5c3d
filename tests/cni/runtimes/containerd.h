// SPDX-License-Identifier: Apache-2.0
// containerd with a directory of its own, and `ctr run --cni` for containers.
//
//   Containerd containerd(LanOf({LanPlugin()}));
//   const Attached a = containerd.Start("a");
//   containerd.Kill("a");
#ifndef XSW_TESTS_CNI_RUNTIMES_CONTAINERD_H_
#define XSW_TESTS_CNI_RUNTIMES_CONTAINERD_H_

#include <sys/types.h>

#include <map>
#include <memory>
#include <string>

#include "tests/cni/runtimes/lan.h"

namespace xsw::test {

class Containerd {
 public:
  explicit Containerd(const Json& lan);
  // Kills all containers.
  ~Containerd();
  Containerd(const Containerd&) = delete;
  Containerd& operator=(const Containerd&) = delete;

  Result Ctr(const std::string& line) const;
  // A failure of the test, with ctr's words, if it does not succeed. Returns stdout.
  std::string CtrOk(const std::string& line) const;

  // The words after `ctr` for a container that runs a command of busybox.
  static std::string RunLine(const std::string& options, const std::string& name,
                             const std::string& command);

  // A container that serves until it is killed. ctr waits for its end, and only then calls DEL: one
  // that is detached it forgets.
  Attached Start(const std::string& name);
  // Its process; and waits for its ctr.
  void Kill(const std::string& name);

 private:
  pid_t PidOf(const std::string& name) const;

  std::unique_ptr<Process> daemon_;
  std::map<std::string, std::unique_ptr<Process>> runs_;
};

}  // namespace xsw::test

#endif  // XSW_TESTS_CNI_RUNTIMES_CONTAINERD_H_
