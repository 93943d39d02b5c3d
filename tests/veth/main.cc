// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/veth/sandbox.h"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  // One line instead of every test; never a silent skip.
  if (!GTEST_FLAG_GET(list_tests) && geteuid() != 0)
    xsw::test::Die("root is needed, for network namespaces and BPF");
  const int failed = RUN_ALL_TESTS();
  // A filter that nothing matches, by a test's new name, tests nothing.
  const bool any = testing::UnitTest::GetInstance()->test_to_run_count() > 0;
  return GTEST_FLAG_GET(list_tests) || any ? failed : 1;
}
