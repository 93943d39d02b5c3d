// SPDX-License-Identifier: Apache-2.0
#include "tests/upgrade/next_version.h"

#include <gtest/gtest.h>

namespace xsw::test {

Argv NextArgv(const Topology& t, const std::string& line) {
  Argv argv = t.XswArgv(line);
  argv[0] = XSW_NEXT_BINARY;
  return argv;
}

Result Next(const Topology& t, const std::string& line) { return RunCommand(NextArgv(t, line)); }

std::string NextOk(const Topology& t, const std::string& line) {
  const Result result = Next(t, line);
  EXPECT_EQ(result.status, 0) << "the next version's xsw " << line << ": " << result.err;
  return result.out;
}

}  // namespace xsw::test
