// SPDX-License-Identifier: Apache-2.0
// A terminal that a test looks at and types on: tmux(1), which knows what its screen shows.
#ifndef XSW_TESTS_VETH_TMUX_H_
#define XSW_TESTS_VETH_TMUX_H_

#include <functional>
#include <string>
#include <vector>

#include "tests/veth/command.h"

namespace xsw::test {

class Tmux {
 public:
  // A pane of this size in which a shell runs the command line, and then says "ended STATUS";
  // environment is "LC_ALL=C", say. It is gone with the object.
  Tmux(const std::string& command, const std::vector<std::string>& environment = {},
       int columns = 80, int rows = 24);

  // Keys by their names in tmux(1), or characters.
  void Press(const std::string& keys) const;
  // A line for a shell.
  void Type(const std::string& line) const;
  void Resize(int columns, int rows) const;

  // What is seen, a string a line, without trailing spaces.
  std::vector<std::string> Screen() const;
  // The first line of it that begins so; "" if none does.
  std::string LineOf(const std::string& begin) const;
  // Until that line is as wanted. False: not within 20 s; the screen is printed.
  bool WaitForLine(const std::string& begin,
                   const std::function<bool(const std::string& line)>& wanted) const;
  bool WaitForText(const std::string& text) const;

  // A format of tmux(1): "#{alternate_on}".
  std::string Ask(const std::string& format) const;

 private:
  std::string Run(const Argv& words) const;

  Process server_;
};

}  // namespace xsw::test

#endif  // XSW_TESTS_VETH_TMUX_H_
