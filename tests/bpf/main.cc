// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/bpf/switch_under_test.h"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  // Before the first test: without root or BPF one line says so, instead of every test.
  if (!GTEST_FLAG_GET(list_tests)) xsw::test::SwitchUnderTest::Get();
  const int failed = RUN_ALL_TESTS();
  // A filter that nothing matches, by a test's new name, tests nothing.
  const bool any = testing::UnitTest::GetInstance()->test_to_run_count() > 0;
  return GTEST_FLAG_GET(list_tests) || any ? failed : 1;
}
