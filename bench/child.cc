// SPDX-License-Identifier: Apache-2.0
#include "bench/child.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <utility>

#include "bench/clock.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

struct Pipe {
  Fd read, write;
};

absl::StatusOr<Pipe> MakePipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC)) return ErrnoStatus(errno, "make a pipe");
  return Pipe{Fd(ends[0]), Fd(ends[1])};
}

// Between fork and exec.
[[noreturn]] void Become(const std::vector<char*>& argv, const std::vector<int>& cpus,
                         Child::Says says, int in, int out) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (!cpus.empty()) {
    cpu_set_t set;
    CPU_ZERO(&set);
    for (int cpu : cpus) CPU_SET(cpu, &set);
    sched_setaffinity(0, sizeof(set), &set);
  }
  dup2(in, STDIN_FILENO);
  if (says == Child::Says::kNothing) out = open("/dev/null", O_WRONLY);
  dup2(out, STDOUT_FILENO);
  if (says != Child::Says::kOutput) dup2(out, STDERR_FILENO);
  execvp(argv[0], argv.data());
  _exit(127);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Child>> Child::Start(const std::vector<std::string>& command,
                                                    const std::vector<int>& cpus, Says says) {
  XSW_ASSIGN_OR_RETURN(Pipe in, MakePipe());
  XSW_ASSIGN_OR_RETURN(Pipe out, MakePipe());
  std::vector<char*> argv;
  for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  const pid_t pid = fork();
  if (pid < 0) return ErrnoStatus(errno, absl::StrCat("run ", command[0]));
  if (pid == 0) Become(argv, cpus, says, in.read.get(), out.write.get());
  const std::string name = command[0].substr(command[0].rfind('/') + 1);
  return std::unique_ptr<Child>(new Child(pid, name, std::move(in.write), std::move(out.read)));
}

Child::~Child() {
  Signal(SIGKILL);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void Child::Signal(int signal) const { kill(pid_, signal); }

absl::Status Child::Write(const std::string& text) const {
  if (write(in_.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()))
    return absl::OkStatus();
  return ErrnoStatus(errno, absl::StrCat("tell ", name_, " to ", text));
}

absl::StatusOr<bool> Child::ReadSome(double deadline) {
  pollfd wait = {.fd = out_.get(), .events = POLLIN, .revents = 0};
  const double left = deadline - Now();
  if (left <= 0 || poll(&wait, 1, static_cast<int>(left * 1e3) + 1) == 0)
    return absl::DeadlineExceededError(
        absl::StrCat(name_, " does not answer; its last words: ",
                     read_.substr(read_.size() - std::min<size_t>(read_.size(), 300))));
  char text[4096];
  const ssize_t got = read(out_.get(), text, sizeof(text));
  if (got < 0 && errno != EINTR) return ErrnoStatus(errno, absl::StrCat("read from ", name_));
  if (got > 0) read_.append(text, static_cast<size_t>(got));
  return got != 0;
}

absl::StatusOr<std::string> Child::ReadUntil(const std::string& text, double seconds) {
  const double deadline = Now() + seconds;
  size_t at;
  while ((at = read_.find(text)) == std::string::npos) {
    XSW_ASSIGN_OR_RETURN(bool more, ReadSome(deadline));
    if (!more) return absl::InternalError(absl::StrCat(name_, " ended, and said: ", read_));
  }
  const std::string rest = read_.substr(at + text.size());
  std::string said = std::exchange(read_, rest);
  said.resize(at + text.size());
  return said;
}

absl::StatusOr<std::string> Child::ReadAll(double seconds) {
  const double deadline = Now() + seconds;
  for (;;) {
    XSW_ASSIGN_OR_RETURN(bool more, ReadSome(deadline));
    if (!more) return std::exchange(read_, "");
  }
}

}  // namespace xsw::bench
