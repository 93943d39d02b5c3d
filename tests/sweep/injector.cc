// SPDX-License-Identifier: Apache-2.0
#include "tests/sweep/injector.h"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>

#include "tests/sweep/refusal.h"
#include "tests/sweep/start.h"
#include "tests/veth/sandbox.h"

namespace xsw::test {
namespace {

// One command under way.
class Run {
 public:
  Run(const Argv& argv, const Accident& accident)
      : accident_(accident), started_(StartTraced(argv)) {}

  Trace ToItsEnd();

 private:
  // What a thread waits for behind the call that it is in.
  struct Behind {
    SystemCall call;
    bool kill;
  };

  // After a stop of a thread: lets it go on.
  void GoOn(pid_t thread, int status);
  bool IsOwn(pid_t thread) const;
  void BeforeCall(pid_t thread);
  void BehindCall(pid_t thread);
  // True: this is the call that the accident befalls, and it has or will.
  bool Strike(const Tracee& tracee, const SystemCall& call);
  static void Resume(pid_t thread, int signal = 0, bool to_end_of_call = false);
  void Kill() {
    killed_ = true;
    kill(started_.pid, SIGKILL);
  }

  Accident accident_;
  Started started_;
  Trace trace_;
  Refusal refusal_;
  std::map<pid_t, Behind> behind_;
  bool killed_ = false;
};

void Run::Resume(pid_t thread, int signal, bool to_end_of_call) {
  // ESRCH: a kill has come in between.
  ptrace(to_end_of_call ? PTRACE_SYSCALL : PTRACE_CONT, thread, nullptr, static_cast<long>(signal));
}

bool Run::Strike(const Tracee& tracee, const SystemCall& call) {
  if (accident_.how == How::kNothing || trace_.calls.size() != accident_.call + 1 || trace_.struck)
    return false;
  // A run may make other calls than the one that was listed: whether grace periods are expedited is
  // the machine's, on which others work.
  if (accident_.how == How::kRefuse && call.number != SYS_sendmsg && call.number != SYS_sendto)
    return false;
  trace_.struck = true;
  switch (accident_.how) {
    case How::kKillBefore:
      Kill();
      break;
    case How::kFail:
      tracee.Skip(-accident_.error);
      break;
    case How::kRefuse:
      refusal_.Begin(tracee, call, accident_.error);
      break;
    case How::kKillAfter:
    case How::kNothing:
      break;
  }
  return true;
}

// What the command starts is another's, and does what it does.
bool Run::IsOwn(pid_t thread) const {
  const std::string pid = std::to_string(started_.pid), task = std::to_string(thread);
  return access(("/proc/" + pid + "/task/" + task).c_str(), F_OK) == 0;
}

void Run::BeforeCall(pid_t thread) {
  if (!IsOwn(thread)) return Resume(thread);
  const Tracee tracee(started_.pid, thread);
  const SystemCall call = tracee.Call();
  if (refusal_.Answer(tracee, call)) return Resume(thread);
  const std::optional<Call> known = Recognise(tracee, call);
  if (known) trace_.calls.push_back(*known);
  const bool struck = known && Strike(tracee, call);
  const bool kill_after = struck && accident_.how == How::kKillAfter;
  const bool made = MakesObject(call) && (!struck || kill_after);
  if (made || kill_after) behind_[thread] = {call, kill_after};
  Resume(thread, 0, made || kill_after);
}

void Run::BehindCall(pid_t thread) {
  const Behind behind = behind_[thread];
  behind_.erase(thread);
  if (MakesObject(behind.call)) {
    const auto object = MadeObject(Tracee(started_.pid, thread), behind.call);
    if (object) trace_.made.push_back(*object);
  }
  if (behind.kill) Kill();
  Resume(thread);
}

void Run::GoOn(pid_t thread, int status) {
  const int signal = WSTOPSIG(status), event = status >> 16;
  if (killed_) return Resume(thread);
  if (event == PTRACE_EVENT_SECCOMP) return BeforeCall(thread);
  if (signal == (SIGTRAP | 0x80)) return BehindCall(thread);
  // A new thread begins with SIGSTOP, and each other event is only news.
  Resume(thread, event || signal == SIGSTOP ? 0 : signal);
}

Trace Run::ToItsEnd() {
  Resume(started_.pid);
  for (;;) {
    int status = 0;
    const pid_t thread = waitpid(-1, &status, __WALL | __WNOTHREAD);
    Must(thread > 0, "wait for a traced command");
    if (WIFSTOPPED(status)) {
      GoOn(thread, status);
    } else if (thread == started_.pid) {
      trace_.result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      break;
    }
  }
  trace_.result.out = Contents(started_.out);
  trace_.result.err = Contents(started_.err);
  return std::move(trace_);
}

}  // namespace

Trace RunTraced(const Argv& argv, const Accident& accident) {
  return Run(argv, accident).ToItsEnd();
}

}  // namespace xsw::test
