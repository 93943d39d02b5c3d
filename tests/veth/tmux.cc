// SPDX-License-Identifier: Apache-2.0
#include "tests/veth/tmux.h"

#include <cstdio>
#include <sstream>

#include "tests/veth/sandbox.h"

namespace xsw::test {
namespace {

constexpr int kLimitMs = 20000;

// A socket of the sandbox's own: /run is. -N: the server is that of the object, no client starts
// another, which would outlive it.
Argv Client(const Argv& words) {
  Argv argv = {"tmux", "-S", "/run/tmux", "-f", "/dev/null", "-N"};
  argv.insert(argv.end(), words.begin(), words.end());
  return argv;
}

}  // namespace

Tmux::Tmux(const std::string& command, const std::vector<std::string>& environment, int columns,
           int rows)
    : server_({"tmux", "-S", "/run/tmux", "-f", "/dev/null", "-D"}) {
  Argv words = {"new-session", "-d", "-x", std::to_string(columns), "-y", std::to_string(rows)};
  for (const std::string& it : environment) words.insert(words.end(), {"-e", it});
  words.push_back(command + "; echo \"ended $?\"; exec cat");
  Must(WaitFor([&] { return RunCommand(Client(words)).status == 0; }), "start tmux");
}

std::string Tmux::Run(const Argv& words) const {
  const Result result = RunCommand(Client(words));
  if (result.status) Die("tmux " + words[0] + ": " + result.err);
  return result.out;
}

void Tmux::Press(const std::string& keys) const {
  Argv words = {"send-keys"};
  for (const std::string& key : Words(keys)) words.push_back(key);
  Run(words);
}

void Tmux::Type(const std::string& line) const {
  Run({"send-keys", "-l", line});
  Run({"send-keys", "Enter"});
}

void Tmux::Resize(int columns, int rows) const {
  Run({"resize-window", "-x", std::to_string(columns), "-y", std::to_string(rows)});
}

std::vector<std::string> Tmux::Screen() const {
  std::istringstream text(Run({"capture-pane", "-p"}));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

std::string Tmux::LineOf(const std::string& begin) const {
  for (const std::string& line : Screen()) {
    if (line.starts_with(begin)) return line;
  }
  return "";
}

bool Tmux::WaitForLine(const std::string& begin,
                       const std::function<bool(const std::string& line)>& wanted) const {
  if (WaitFor([&] { return wanted(LineOf(begin)); }, kLimitMs)) return true;
  for (const std::string& line : Screen()) std::printf("| %s\n", line.c_str());
  return false;
}

bool Tmux::WaitForText(const std::string& text) const {
  auto has = [&](const std::string& line) { return line.find(text) != std::string::npos; };
  auto seen = [&] {
    for (const std::string& line : Screen()) {
      if (has(line)) return true;
    }
    return false;
  };
  if (WaitFor(seen, kLimitMs)) return true;
  for (const std::string& line : Screen()) std::printf("| %s\n", line.c_str());
  return false;
}

std::string Tmux::Ask(const std::string& format) const {
  std::string text = Run({"display-message", "-p", format});
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace xsw::test
