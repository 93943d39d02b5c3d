// SPDX-License-Identifier: Apache-2.0
// What became of a soak's commands.
#ifndef XSW_TESTS_SOAK_TALLY_H_
#define XSW_TESTS_SOAK_TALLY_H_

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "tests/soak/commands.h"
#include "tests/veth/command.h"

namespace xsw::test {

class Tally {
 public:
  void Add(const Command& command, const Result& result);
  // Whatever else is not as it must be.
  void AddDefect(const std::string& what);
  // How often something of ours was done: "xswd killed".
  void Count(const std::string& what);

  unsigned Commands();
  // Prints all; how many defects.
  size_t Report();

 private:
  struct Counts {
    unsigned done = 0, refused = 0;
  };
  std::mutex mutex_;  // of all below
  std::map<std::string, Counts> kinds_;
  std::map<std::string, unsigned> refusals_, ours_;
  std::vector<std::string> defects_;
};

}  // namespace xsw::test

#endif  // XSW_TESTS_SOAK_TALLY_H_
