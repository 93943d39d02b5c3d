// SPDX-License-Identifier: Apache-2.0
#include "tests/sweep/start.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>

#include "tests/sweep/call.h"
#include "tests/veth/sandbox.h"

namespace xsw::test {
namespace {

constexpr unsigned kLimitSeconds = 60;

std::vector<sock_filter> StopAtCalls() {
  std::vector<sock_filter> code = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr))};
  for (long number : NumbersToLookAt()) {
    code.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<__u32>(number), 0, 1));
    code.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE));
  }
  code.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  return code;
}

// In the child, which may have been forked beside a thread: calls alone, no allocation.
[[noreturn]] void Become(char* const* argv, const sock_fprog& filter, const Started& files) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  dup2(files.out.get(), STDOUT_FILENO);
  dup2(files.err.get(), STDERR_FILENO);
  ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
  raise(SIGSTOP);  // until the tracer has said what it wants to see
  alarm(kLimitSeconds);
  syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter);
  execvp(argv[0], argv);
  _exit(127);
}

Fd MemoryFile(const char* name) {
  Fd fd(memfd_create(name, MFD_CLOEXEC));
  Must(static_cast<bool>(fd), "memfd_create");
  return fd;
}

}  // namespace

Started StartTraced(const Argv& argv) {
  std::vector<char*> words;
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  std::vector<sock_filter> code = StopAtCalls();
  const sock_fprog filter = {static_cast<unsigned short>(code.size()), code.data()};
  Started started = {0, MemoryFile("out"), MemoryFile("err")};
  started.pid = fork();
  Must(started.pid >= 0, "fork");
  if (started.pid == 0) Become(words.data(), filter, started);
  int status = 0;
  Must(waitpid(started.pid, &status, 0) == started.pid && WIFSTOPPED(status), "trace " + argv[0]);
  constexpr long kOptions = PTRACE_O_EXITKILL | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACESYSGOOD |
                            PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
                            PTRACE_O_TRACEEXEC;
  Must(ptrace(PTRACE_SETOPTIONS, started.pid, nullptr, kOptions) == 0, "set trace options");
  return started;
}

std::string Contents(const Fd& file) {
  std::string text;
  char part[4096];
  for (ssize_t n; (n = pread(file.get(), part, sizeof(part), static_cast<off_t>(text.size()))) > 0;)
    text.append(part, static_cast<size_t>(n));
  return text;
}

}  // namespace xsw::test
