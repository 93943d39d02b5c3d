// SPDX-License-Identifier: Apache-2.0
// The terminal of a program that draws on the whole of it: another screen, keys as they are
// pressed, and all as it was afterwards, however the program ends.
#ifndef XSW_TOOLS_XSW_TOP_TERMINAL_H_
#define XSW_TOOLS_XSW_TOP_TERMINAL_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "userspace/fd.h"

namespace xsw {

// What Wait() returns beside the bytes of keys that are characters.
enum Key : int {
  kKeyTime = 256,  // it is time
  kKeyRedraw,      // the size is another, or the program was stopped
  kKeyQuit,        // a signal says so: end_signal()
  kKeyOther,       // one that nobody has asked for
  kKeyUp,
  kKeyDown,
  kKeyLeft,
  kKeyRight,
  kKeyPageUp,
  kKeyPageDown,
  kKeyHome,
  kKeyEnd,
};

// One at a time, on standard input and output.
class Terminal {
 public:
  // FailedPrecondition: there is none, or it cannot place a cursor.
  static absl::StatusOr<Terminal> Open();
  ~Terminal();
  Terminal(Terminal&& other) noexcept;
  Terminal& operator=(Terminal&&) = delete;

  struct Size {
    int columns, rows;
  };
  Size size() const;

  // Lines, as many as there are rows, none longer than there are columns.
  absl::Status Draw(const std::string& lines);

  // The next key, until a moment of MonotonicSeconds(). SIGTSTP stops the program here.
  absl::StatusOr<int> Wait(double until);
  int end_signal() const { return end_signal_; }

 private:
  explicit Terminal(Fd signals) : signals_(std::move(signals)) {}
  std::optional<int> TakeSignal();
  std::optional<int> TakeKey();

  Fd signals_;
  std::string typed_;  // read, and not taken yet
  int end_signal_ = 0;
  bool open_ = true;
};

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_TOP_TERMINAL_H_
