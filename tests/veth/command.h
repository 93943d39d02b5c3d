// SPDX-License-Identifier: Apache-2.0
// Commands, run as a user runs them.
#ifndef XSW_TESTS_VETH_COMMAND_H_
#define XSW_TESTS_VETH_COMMAND_H_

#include <sys/types.h>

#include <string>
#include <vector>

namespace xsw::test {

using Argv = std::vector<std::string>;

// "ip link show up0" -> its words; no quoting.
Argv Words(const std::string& line);

struct Result {
  int status = -1;  // exit status; 128 + N: killed by signal N; 124: not done within the limit
  std::string out;
  std::string err;
};

// A started command, in the network namespace of the caller. Killed by its owner's end, however
// that comes.
class Process {
 public:
  explicit Process(const Argv& argv);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  // Without waiting; takes up what it has written so far.
  bool Done();
  // What that is.
  const std::string& OutSoFar() const { return result_.out; }
  // Waits; kills it when the limit is over.
  Result Wait(int limit_ms = 60000);
  void Kill();

 private:
  // Moves what has arrived into result_. False: both ends are closed and it has exited.
  void Drain();

  pid_t pid_ = -1;
  int out_ = -1, err_ = -1;
  bool done_ = false;
  Result result_;
};

Result RunCommand(const Argv& argv);
Result RunCommand(const std::string& line);
// Dies unless it succeeds: for what builds the environment, not for what is tested. Returns stdout.
std::string MustRun(const std::string& line);

// Several lines for ip(8) in one process, in a network namespace; dies unless all succeed. Starting
// a process is what costs most in these tests.
void Ip(const std::string& netns, const std::string& lines);

}  // namespace xsw::test

#endif  // XSW_TESTS_VETH_COMMAND_H_
