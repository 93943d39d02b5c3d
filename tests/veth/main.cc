// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/run_tests.h"
#include "tests/veth/sandbox.h"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  // One line instead of every test; never a silent skip.
  if (!GTEST_FLAG_GET(list_tests) && geteuid() != 0)
    xsw::test::Die("root is needed, for network namespaces and BPF");
  return xsw::test::RunTests();
}
