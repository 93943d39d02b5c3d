// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/top/terminal.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tools/xsw/rates.h"
#include "tools/xsw/text_file.h"
#include "userspace/signals.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// Another screen, no cursor, no wrapping; and back.
constexpr char kEnter[] = "\033[?1049h\033[?25l\033[?7l\033[H\033[2J";
constexpr char kLeave[] = "\033[0m\033[?7h\033[?25h\033[?1049l";
constexpr char kWhat[] = "the terminal";
constexpr int kCrashes[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};

// For the handler of a crash too, which may look at nothing else.
termios as_it_was;
volatile sig_atomic_t is_taken = 0;

absl::Status Take() {
  termios raw = as_it_was;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | IEXTEN);
  raw.c_iflag &= ~static_cast<tcflag_t>(IXON);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  if (tcsetattr(STDIN_FILENO, TCSADRAIN, &raw)) return ErrnoStatus(errno, "set up the terminal");
  is_taken = 1;
  return WriteAll(STDOUT_FILENO, kEnter, kWhat);
}

// System calls only. A process in the background would be stopped by the change (SIGTTOU) for good.
void GiveBack() {
  if (!is_taken) return;
  is_taken = 0;
  sigset_t ttou, before;
  sigemptyset(&ttou);
  sigaddset(&ttou, SIGTTOU);
  sigprocmask(SIG_BLOCK, &ttou, &before);
  [[maybe_unused]] const ssize_t n = write(STDOUT_FILENO, kLeave, sizeof(kLeave) - 1);
  tcsetattr(STDIN_FILENO, TCSANOW, &as_it_was);
  sigprocmask(SIG_SETMASK, &before, nullptr);
}

// The action is the default again: the signal ends the process.
void OnCrash(int signal) {
  GiveBack();
  raise(signal);
}

void GiveBackOnCrash() {
  struct sigaction action = {};
  action.sa_handler = OnCrash;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
  for (int signal : kCrashes) sigaction(signal, &action, nullptr);
}

// As Ctrl-Z does with any other program. In a group of processes that no shell looks after the
// kernel does not stop it.
void Stop() {
  GiveBack();
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTSTP);
  sigprocmask(SIG_UNBLOCK, &set, nullptr);
  raise(SIGTSTP);
  sigprocmask(SIG_BLOCK, &set, nullptr);
}

struct Sequence {
  const char* bytes;
  int key;
};
constexpr Sequence kSequences[] = {
    {"\033[A", kKeyUp},      {"\033OA", kKeyUp},        {"\033[B", kKeyDown}, {"\033OB", kKeyDown},
    {"\033[C", kKeyRight},   {"\033OC", kKeyRight},     {"\033[D", kKeyLeft}, {"\033OD", kKeyLeft},
    {"\033[5~", kKeyPageUp}, {"\033[6~", kKeyPageDown}, {"\033[H", kKeyHome}, {"\033OH", kKeyHome},
    {"\033[1~", kKeyHome},   {"\033[F", kKeyEnd},       {"\033OF", kKeyEnd},  {"\033[4~", kKeyEnd},
};

// How long the sequence at the front is; 0: its end has not come yet. An escape that nothing
// follows is a key by itself.
size_t SequenceLength(const std::string& typed) {
  if (typed.size() < 2) return typed.size();
  if (typed[1] == 'O') return typed.size() < 3 ? 0 : 3;
  if (typed[1] != '[') return 1;
  for (size_t i = 2; i < typed.size(); i++) {
    if (typed[i] >= 0x40 && typed[i] <= 0x7e) return i + 1;
  }
  return 0;
}

}  // namespace

absl::StatusOr<Terminal> Terminal::Open() {
  const char* kind = getenv("TERM");
  if (!isatty(STDIN_FILENO)) return absl::FailedPreconditionError("standard input is no terminal");
  if (!kind || !*kind || std::string(kind) == "dumb")
    return absl::FailedPreconditionError("the terminal cannot place a cursor (TERM)");
  if (tcgetattr(STDIN_FILENO, &as_it_was))
    return ErrnoStatus(errno, "ask for the terminal's state");
  XSW_ASSIGN_OR_RETURN(
      Fd signals, WatchSignals({SIGWINCH, SIGTSTP, SIGCONT, SIGINT, SIGTERM, SIGHUP, SIGQUIT}));
  GiveBackOnCrash();
  XSW_RETURN_IF_ERROR(Take());
  return Terminal(std::move(signals));
}

Terminal::Terminal(Terminal&& other) noexcept
    : signals_(std::move(other.signals_)), open_(std::exchange(other.open_, false)) {}

Terminal::~Terminal() {
  if (open_) GiveBack();
}

// A serial line does not know its size.
Terminal::Size Terminal::size() const {
  winsize size = {};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col || !size.ws_row) return {80, 24};
  return {size.ws_col, size.ws_row};
}

// Over what is there, line by line, so that nothing flickers. Behind a line as long as the screen
// is wide there is nothing to clear: the cursor is still on its last column.
absl::Status Terminal::Draw(const std::string& lines) {
  return WriteAll(STDOUT_FILENO,
                  absl::StrCat("\033[H\033[K", absl::StrReplaceAll(lines, {{"\n", "\r\n\033[K"}})),
                  kWhat);
}

std::optional<int> Terminal::TakeSignal() {
  signalfd_siginfo info;
  if (read(signals_.get(), &info, sizeof(info)) != sizeof(info)) return {};
  const auto signal = static_cast<int>(info.ssi_signo);
  if (signal == SIGWINCH) return kKeyRedraw;
  if (signal == SIGTSTP) Stop();
  // Whoever had the terminal meanwhile has left it otherwise.
  if (signal == SIGTSTP || signal == SIGCONT) return Take().ok() ? kKeyRedraw : kKeyQuit;
  end_signal_ = signal;
  return kKeyQuit;
}

std::optional<int> Terminal::TakeKey() {
  if (typed_.empty()) return {};
  const bool escape = typed_[0] == '\033';
  const size_t length = escape ? SequenceLength(typed_) : 1;
  if (length == 0) return {};
  const std::string taken = typed_.substr(0, length);
  typed_.erase(0, length);
  if (!escape) return static_cast<unsigned char>(taken[0]);
  for (const Sequence& sequence : kSequences) {
    if (taken == sequence.bytes) return sequence.key;
  }
  return kKeyOther;
}

absl::StatusOr<int> Terminal::Wait(double until) {
  for (;;) {
    if (const std::optional<int> key = TakeKey()) return *key;
    const double left = until - MonotonicSeconds();
    if (left <= 0) return kKeyTime;
    pollfd ready[] = {{signals_.get(), POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
    if (poll(ready, 2, static_cast<int>(std::ceil(left * 1000))) < 0 && errno != EINTR)
      return ErrnoStatus(errno, "wait for a key");
    if (ready[0].revents) {
      if (const std::optional<int> key = TakeSignal()) return *key;
    }
    if (!ready[1].revents) continue;
    char bytes[64];
    const ssize_t n = read(STDIN_FILENO, bytes, sizeof(bytes));
    if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN)) return kKeyQuit;
    typed_.append(bytes, static_cast<size_t>(std::max<ssize_t>(n, 0)));
  }
}

}  // namespace xsw
