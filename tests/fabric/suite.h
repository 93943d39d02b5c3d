// SPDX-License-Identifier: Apache-2.0
// One fabric of three hosts for all tests of a binary, each of which leaves it as it was: building
// one takes seconds. Containers: c11, c12, c21, c31, c32.
#ifndef XSW_TESTS_FABRIC_SUITE_H_
#define XSW_TESTS_FABRIC_SUITE_H_

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "tests/fabric/fabric.h"

namespace xsw::test {

class FabricSuite : public testing::Test {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();
  void SetUp() override;
  static Fabric& f();

  // Within seconds.
  static bool Reaches(const Endpoint& from, const Endpoint& to);
  // A container asks its gateway, which so learns its MAC and IP addresses.
  static void Announce(int host, int number);
  // Until a host has been told the IP address of a container together with its MAC.
  static bool KnowsIp(int host, int where, int number);
  // Until both ports' addresses have permits, and a frame of each has risen.
  static bool Offloaded(int host, int port, int other);
  // Frames of a host's port that have risen while traffic() ran.
  static uint64_t RisenOf(int host, int port, const std::function<void()>& traffic);
  static bool Says(int host, const std::string& command, const std::string& part);
};

}  // namespace xsw::test

#endif  // XSW_TESTS_FABRIC_SUITE_H_
