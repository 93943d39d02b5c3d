// SPDX-License-Identifier: Apache-2.0
// `xsw monitor` at work, and what it has told.
#ifndef XSW_TESTS_VETH_WATCHER_H_
#define XSW_TESTS_VETH_WATCHER_H_

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "tests/veth/topology.h"

namespace xsw::test {

// A running monitor and the lines that it has printed.
class Watcher {
 public:
  static constexpr int kPatienceMs = 30000;

  explicit Watcher(const Topology& t, const std::string& options = "-j ")
      : process_(t.XswArgv(options + "monitor")) {
    EXPECT_TRUE(WaitForLines(1)) << "it does not start";
  }

  std::vector<std::string> Lines() {
    process_.Done();
    std::istringstream in(process_.OutSoFar());
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    // A line that is still being written.
    if (!process_.OutSoFar().empty() && process_.OutSoFar().back() != '\n') lines.pop_back();
    return lines;
  }
  std::vector<Json> Events() {
    std::vector<Json> events;
    for (const std::string& line : Lines()) events.push_back(Json::parse(line));
    return events;
  }
  bool WaitForLines(size_t count) {
    return WaitFor([&] { return Lines().size() >= count; }, kPatienceMs);
  }
  bool WaitForEvent(const std::string& object, const std::string& action) {
    return WaitFor([&] { return Has(object, action); }, kPatienceMs);
  }
  bool Has(const std::string& object, const std::string& action) {
    for (const Json& e : Events())
      if (e["object"] == object && e["action"] == action) return true;
    return false;
  }
  pid_t pid() const { return process_.pid(); }

 private:
  Process process_;
};

}  // namespace xsw::test

#endif  // XSW_TESTS_VETH_WATCHER_H_
