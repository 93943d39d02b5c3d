// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/cni/runtimes/machine.h"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  return xsw::test::RunTestsInMachine();
}
