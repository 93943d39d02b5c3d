// SPDX-License-Identifier: Apache-2.0
// A program that runs beside us: an application, a daemon.
#ifndef XSW_BENCH_CHILD_H_
#define XSW_BENCH_CHILD_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "userspace/fd.h"

namespace xsw::bench {

class Child {
 public:
  // What reaches us of its standard output and error: the pipe of a daemon that nobody reads would
  // fill, and stop it.
  enum class Says { kOutput, kBoth, kNothing };

  // In the calling thread's network namespace, on these CPUs (empty: all of ours). It is killed
  // with us, however we end.
  static absl::StatusOr<std::unique_ptr<Child>> Start(const std::vector<std::string>& command,
                                                      const std::vector<int>& cpus,
                                                      Says says = Says::kOutput);
  Child(const Child&) = delete;
  ~Child();

  pid_t pid() const { return pid_; }
  // What an error is about.
  const std::string& name() const { return name_; }
  void Signal(int signal) const;
  absl::Status Write(const std::string& text) const;
  // Its output up to and with this text. DeadlineExceeded after so many seconds, with the last
  // lines.
  absl::StatusOr<std::string> ReadUntil(const std::string& text, double seconds);
  // Its output to its end.
  absl::StatusOr<std::string> ReadAll(double seconds);

 private:
  Child(pid_t pid, std::string name, Fd in, Fd out)
      : pid_(pid), name_(std::move(name)), in_(std::move(in)), out_(std::move(out)) {}
  // False: the end.
  absl::StatusOr<bool> ReadSome(double deadline);

  const pid_t pid_;
  const std::string name_;
  Fd in_, out_;
  std::string read_;  // what the next answer begins with
};

}  // namespace xsw::bench

#endif  // XSW_BENCH_CHILD_H_
