// SPDX-License-Identifier: Apache-2.0
// What the workers of a soak do, drawn at random.
#ifndef XSW_TESTS_SOAK_COMMANDS_H_
#define XSW_TESTS_SOAK_COMMANDS_H_

#include <random>
#include <string>

namespace xsw::test {

// Ports up0/1 and up0/2 are stable: no command names them but to look. All others come and go, in
// these namespaces, which do too.
inline constexpr int kChurnNamespaces = 6;
inline std::string ChurnName(int i) { return "n" + std::to_string(i); }

struct Command {
  std::string kind;  // "port add"
  std::string line;
  // Another worker may have taken, made or removed what it names.
  bool may_be_refused;
};

Command DrawCommand(std::mt19937& random);

}  // namespace xsw::test

#endif  // XSW_TESTS_SOAK_COMMANDS_H_
