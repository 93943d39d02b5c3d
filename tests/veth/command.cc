// SPDX-License-Identifier: Apache-2.0
#include "tests/veth/command.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>

#include "tests/veth/sandbox.h"

namespace xsw::test {
namespace {

constexpr int kTimedOut = 124;  // as timeout(1)

[[noreturn]] void Exec(const Argv& argv, int out, int err, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  std::vector<char*> args;
  for (const std::string& word : argv) args.push_back(const_cast<char*>(word.c_str()));
  args.push_back(nullptr);
  execvp(args[0], args.data());
  _exit(127);
}

void Take(int fd, std::string* to) {
  char text[65536];
  for (ssize_t n; (n = read(fd, text, sizeof(text))) > 0;) to->append(text, n);
}

}  // namespace

Argv Words(const std::string& line) {
  std::istringstream in(line);
  Argv words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

Process::Process(const Argv& argv) {
  int out[2], err[2];
  Must(pipe2(out, O_CLOEXEC) == 0 && pipe2(err, O_CLOEXEC) == 0, "pipe");
  const pid_t parent = getpid();
  pid_ = fork();
  Must(pid_ >= 0, "fork");
  if (pid_ == 0) Exec(argv, out[1], err[1], parent);
  close(out[1]);
  close(err[1]);
  out_ = out[0];
  err_ = err[0];
  fcntl(out_, F_SETFL, O_NONBLOCK);
  fcntl(err_, F_SETFL, O_NONBLOCK);
}

Process::~Process() {
  Kill();
  close(out_);
  close(err_);
}

void Process::Drain() {
  Take(out_, &result_.out);
  Take(err_, &result_.err);
}

bool Process::Done() {
  if (done_) return true;
  Drain();
  int status;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return false;
  done_ = true;
  Drain();
  result_.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return true;
}

Result Process::Wait(int limit_ms) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::milliseconds(limit_ms) * Patience();
  while (!Done()) {
    if (Clock::now() > end) {
      Kill();
      result_.status = kTimedOut;
      break;
    }
    pollfd fds[] = {{out_, POLLIN, 0}, {err_, POLLIN, 0}};
    poll(fds, 2, 1);
  }
  return result_;
}

void Process::Kill() {
  if (done_) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  done_ = true;
}

Result RunCommand(const Argv& argv) { return Process(argv).Wait(); }
Result RunCommand(const std::string& line) { return RunCommand(Words(line)); }

std::string MustRun(const std::string& line) {
  Result result = RunCommand(line);
  if (result.status != 0)
    Die(line + ": status " + std::to_string(result.status) + ": " + result.err);
  return result.out;
}

void Ip(const std::string& netns, const std::string& lines) {
  const char kBatch[] = "/run/ip.batch";  // the sandbox's own
  std::ofstream(kBatch) << lines;
  InNetns in(netns);
  MustRun(std::string("ip -batch ") + kBatch);
}

}  // namespace xsw::test
