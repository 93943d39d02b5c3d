// SPDX-License-Identifier: Apache-2.0
// The end of each main(): RUN_ALL_TESTS(), for which a filter that matches nothing is a success.
#ifndef XSW_TESTS_RUN_TESTS_H_
#define XSW_TESTS_RUN_TESTS_H_

#include <gtest/gtest.h>

namespace xsw::test {

// The exit status. A filter that no test has the name for any more tests nothing, and fails.
inline int RunTests() {
  const int failed = RUN_ALL_TESTS();
  const bool any = testing::UnitTest::GetInstance()->test_to_run_count() > 0;
  return GTEST_FLAG_GET(list_tests) || any ? failed : 1;
}

}  // namespace xsw::test

#endif  // XSW_TESTS_RUN_TESTS_H_
