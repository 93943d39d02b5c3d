// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw-cni/delegate.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "switchdev_model/configuration/reader.h"
#include "tools/xsw-cni/error.h"
#include "userspace/fd.h"
#include "userspace/status.h"

extern char** environ;

namespace xsw::cni {
namespace {

using Clock = std::chrono::steady_clock;
constexpr size_t kMostOutput = 1 << 20;

absl::StatusOr<std::string> Find(const std::string& plugin) {
  const char* path = std::getenv("CNI_PATH");
  for (const absl::string_view dir : absl::StrSplit(path ? path : "", ':', absl::SkipEmpty())) {
    const std::string program = absl::StrCat(dir, "/", plugin);
    if (access(program.c_str(), X_OK) == 0) return program;
  }
  return Error(Code::kIoFailure, absl::StrCat("there is no plugin \"", plugin, "\" in CNI_PATH \"",
                                              path ? path : "", "\""));
}

std::vector<std::string> Environment(const std::map<std::string, std::string>& variables) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry; entry++) {
    const std::string text = *entry;
    if (!variables.contains(text.substr(0, text.find('=')))) all.push_back(text);
  }
  for (const auto& [name, value] : variables) all.push_back(absl::StrCat(name, "=", value));
  return all;
}

// 0: it is over.
int MsUntil(Clock::time_point until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
  return static_cast<int>(std::max<int64_t>(left, 0));
}

// A program at work. Its group is killed with it: whatever it has started holds our pipe. Should we
// be killed it goes on to its end: host-local between two of its steps would leave an address that
// nobody can give back.
class Child {
 public:
  static absl::StatusOr<Child> Start(const std::string& program,
                                     const std::vector<std::string>& environment);
  Child(Child&& other) noexcept
      : pid_(std::exchange(other.pid_, 0)),
        in_(std::move(other.in_)),
        out_(std::move(other.out_)) {}
  ~Child() {
    if (pid_) Kill();
  }
  // To the end of its output, and its own end. False: not before then.
  absl::StatusOr<bool> Talk(const std::string& input, Clock::time_point until);
  absl::StatusOr<bool> WaitUntil(Clock::time_point until) const;
  // Its end.
  absl::StatusOr<int> Wait();
  const std::string& output() const { return output_; }

 private:
  Child(pid_t pid, Fd in, Fd out) : pid_(pid), in_(std::move(in)), out_(std::move(out)) {}
  // It may have left the group. How it ends is no news.
  void Kill() {
    kill(-pid_, SIGKILL);
    kill(pid_, SIGKILL);
    Wait().status().IgnoreError();
  }
  absl::Status Write(const std::string& input, size_t* written);
  absl::StatusOr<bool> Read();

  pid_t pid_;
  Fd in_, out_;
  std::string output_;
};

absl::StatusOr<Child> Child::Start(const std::string& program,
                                   const std::vector<std::string>& environment) {
  int in[2], out[2];
  if (pipe2(in, O_CLOEXEC)) return ErrnoStatus(errno, "make a pipe");
  Fd in_read(in[0]), in_write(in[1]);
  if (pipe2(out, O_CLOEXEC)) return ErrnoStatus(errno, "make a pipe");
  Fd out_read(out[0]), out_write(out[1]);
  std::vector<char*> words;
  for (const std::string& entry : environment) words.push_back(const_cast<char*>(entry.c_str()));
  words.push_back(nullptr);
  std::string name = program;
  char* argv[] = {name.data(), nullptr};
  const pid_t pid = fork();
  if (pid < 0) return ErrnoStatus(errno, absl::StrCat("start ", program));
  if (pid == 0) {
    setpgid(0, 0);
    signal(SIGPIPE, SIG_DFL);
    dup2(in_read.get(), STDIN_FILENO);
    dup2(out_write.get(), STDOUT_FILENO);
    execve(program.c_str(), argv, words.data());
    _exit(127);
  }
  setpgid(pid, pid);
  fcntl(in_write.get(), F_SETFL, O_NONBLOCK);
  fcntl(out_read.get(), F_SETFL, O_NONBLOCK);
  return Child(pid, std::move(in_write), std::move(out_read));
}

absl::Status Child::Write(const std::string& input, size_t* written) {
  const ssize_t count = write(in_.get(), input.data() + *written, input.size() - *written);
  if (count > 0) *written += static_cast<size_t>(count);
  // One that does not read its input has said all that it has to say.
  if (*written == input.size() || (count < 0 && errno == EPIPE)) in_ = Fd();
  if (count < 0 && errno != EAGAIN && errno != EPIPE)
    return ErrnoStatus(errno, "write to a plugin");
  return absl::OkStatus();
}

// True: that was all.
absl::StatusOr<bool> Child::Read() {
  char part[4096];
  const ssize_t count = read(out_.get(), part, sizeof(part));
  if (count < 0 && errno != EAGAIN) return ErrnoStatus(errno, "read from a plugin");
  if (count > 0) output_.append(part, static_cast<size_t>(count));
  if (output_.size() > kMostOutput) return absl::InternalError("a plugin says too much");
  return count == 0;
}

absl::StatusOr<bool> Child::Talk(const std::string& input, Clock::time_point until) {
  size_t written = 0;
  if (input.empty()) in_ = Fd();
  for (bool done = false; !done;) {
    const int left = MsUntil(until);
    std::array<pollfd, 2> fds = {{{out_.get(), POLLIN, 0}, {in_ ? in_.get() : -1, POLLOUT, 0}}};
    if (left == 0) return false;
    if (poll(fds.data(), fds.size(), left) < 0 && errno != EINTR)
      return ErrnoStatus(errno, "wait for a plugin");
    if (fds[1].revents) XSW_RETURN_IF_ERROR(Write(input, &written));
    if (!fds[0].revents) continue;
    XSW_ASSIGN_OR_RETURN(done, Read());
  }
  return WaitUntil(until);
}

absl::StatusOr<bool> Child::WaitUntil(Clock::time_point until) const {
  const Fd process(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)));
  if (!process) return ErrnoStatus(errno, "wait for a plugin");
  pollfd end = {process.get(), POLLIN, 0};
  return poll(&end, 1, MsUntil(until)) == 1;
}

absl::StatusOr<int> Child::Wait() {
  int status = 0, waited;
  do waited = waitpid(pid_, &status, 0);
  while (waited < 0 && errno == EINTR);
  pid_ = 0;
  if (waited < 0) return ErrnoStatus(errno, "wait for a plugin");
  return status;
}

// The plugin's own error, or how it ended.
absl::Status Failure(const std::string& plugin, int status, const std::string& output) {
  const absl::StatusOr<Json> json = ParseJson(output);
  if (json.ok() && json->is_object() && json->contains("msg") && (*json)["msg"].is_string()) {
    const Json& code = json->contains("code") ? (*json)["code"] : Json();
    // Runtimes read it without a sign, and 0 is no error.
    const int64_t number = code.is_number_integer() ? code.get<int64_t>() : 0;
    return ErrorWithNumber(number > 0 && number <= INT32_MAX ? static_cast<int>(number)
                                                             : static_cast<int>(Code::kOther),
                           absl::StrCat(plugin, ": ", (*json)["msg"].get<std::string>()));
  }
  return Error(Code::kOther, WIFSIGNALED(status)
                                 ? absl::StrCat(plugin, ": ended by signal ", WTERMSIG(status))
                                 : absl::StrCat(plugin, ": exit status ", WEXITSTATUS(status),
                                                " without an error that can be read"));
}

}  // namespace

absl::StatusOr<std::string> Delegate(const std::string& plugin,
                                     const std::map<std::string, std::string>& variables,
                                     const std::string& input) {
  // A runtime may have told us to ignore our children, and then nobody knows how they end.
  signal(SIGCHLD, SIG_DFL);
  signal(SIGPIPE, SIG_IGN);
  XSW_ASSIGN_OR_RETURN(const std::string program, Find(plugin));
  XSW_ASSIGN_OR_RETURN(Child child, Child::Start(program, Environment(variables)));
  XSW_ASSIGN_OR_RETURN(const bool done, child.Talk(input, Clock::now() + kPatience));
  if (!done)
    return Error(Code::kTryAgainLater,
                 absl::StrCat(plugin, ": has not answered for ", kPatience.count(), " s"));
  XSW_ASSIGN_OR_RETURN(const int status, child.Wait());
  if (status == 0) return child.output();
  return Failure(plugin, status, child.output());
}

}  // namespace xsw::cni
