// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/demo/fabric_shell.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// What the terminal sends is for us alone; and it can be ended as any program can, though we hold
// our signals.
[[noreturn]] void Exec(const std::vector<std::string>& argv, int out, bool dies_with_us,
                       pid_t parent) {
  setsid();
  if (dies_with_us && (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)) _exit(127);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  const int in = open("/dev/null", O_RDONLY);
  dup2(in, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  std::vector<char*> args;
  for (const std::string& word : argv) args.push_back(const_cast<char*>(word.c_str()));
  args.push_back(nullptr);
  execvp(args[0], args.data());
  _exit(127);
}

}  // namespace

absl::StatusOr<FabricShell> FabricShell::Start(const std::vector<std::string>& argv,
                                               bool dies_with_us) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC)) return ErrnoStatus(errno, "pipe");
  Fd out(ends[0]), in(ends[1]);
  const pid_t parent = getpid(), pid = fork();
  if (pid < 0) return ErrnoStatus(errno, absl::StrCat("start ", argv[0]));
  if (pid == 0) Exec(argv, in.get(), dies_with_us, parent);
  return FabricShell(pid, std::move(out));
}

absl::StatusOr<std::string> FabricShell::Read(const HeldSignals& signals, int limit_ms,
                                              const std::string& last_line) {
  std::string said;
  char text[4096];
  for (;;) {
    XSW_RETURN_IF_ERROR(signals.WaitFor(out_.get(), POLLIN, limit_ms));
    const ssize_t size = read(out_.get(), text, sizeof(text));
    if (size <= 0) return Ended(std::move(said));
    said.append(text, size);
    if (!last_line.empty() && absl::EndsWith(said, last_line + "\n")) return said;
  }
}

absl::StatusOr<std::string> FabricShell::Ended(std::string said) {
  int status = 0;
  waitpid(pid_, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return said;
  return absl::InternalError(absl::StrCat("demo: a command failed: ", said));
}

}  // namespace xsw
