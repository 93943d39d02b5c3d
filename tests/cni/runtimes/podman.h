// SPDX-License-Identifier: Apache-2.0
// podman with a directory of its own, in the machine's network namespace.
//
//   Podman podman("runc", LanOf({LanPlugin()}));
//   const Attached a = podman.Start("a", "--ip 10.9.0.40");
//   podman.Ok("rm -f a");
#ifndef XSW_TESTS_CNI_RUNTIMES_PODMAN_H_
#define XSW_TESTS_CNI_RUNTIMES_PODMAN_H_

#include <sys/types.h>

#include <string>

#include "tests/cni/runtimes/lan.h"

namespace xsw::test {

class Podman {
 public:
  // runtime: runc or crun.
  Podman(const std::string& runtime, const Json& lan);
  // Removes all containers.
  ~Podman();
  Podman(const Podman&) = delete;
  Podman& operator=(const Podman&) = delete;

  // The words to start it with, for Process; no quoting.
  Argv Command(const std::string& line) const;
  Result Try(const std::string& line) const;
  // A failure of the test, with podman's words, if it does not succeed. Returns the first line of
  // its output.
  std::string Ok(const std::string& line) const;

  // `run`, with options and the command of a container in the network, whose root has busybox. It
  // says its name to who asks port 80.
  static std::string RunLine(const std::string& name, const std::string& options = "");
  Attached Start(const std::string& name, const std::string& options = "") const;
  // Of a running container.
  Attached AttachedOf(const std::string& name) const;
  // As the first process of the tests knows it.
  pid_t ConmonOf(const std::string& name) const;

 private:
  std::string runtime_, dir_;
};

}  // namespace xsw::test

#endif  // XSW_TESTS_CNI_RUNTIMES_PODMAN_H_
