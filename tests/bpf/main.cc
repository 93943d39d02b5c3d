// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/bpf/switch_under_test.h"
#include "tests/run_tests.h"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  // Before the first test: without root or BPF one line says so, instead of every test.
  if (!GTEST_FLAG_GET(list_tests)) xsw::test::SwitchUnderTest::Get();
  return xsw::test::RunTests();
}
