// SPDX-License-Identifier: Apache-2.0
// A netdev's features are set by its ifindex, whoever has its name by now.
#include "userspace/ethtool.h"

#include <gtest/gtest.h>
#include <net/if.h>

#include "tests/veth/command.h"
#include "tests/veth/sandbox.h"

namespace xsw::test {
namespace {

class Ethtool : public testing::Test {
 protected:
  Ethtool() { MustRun("ip link add v0 type veth peer name v1 numrxqueues 1"); }
  static int IndexOf(const std::string& name) {
    return static_cast<int>(if_nametoindex(name.c_str()));
  }
  static bool Has(const std::string& name, const std::string& feature) {
    const std::string all = MustRun("ethtool -k " + name);
    return all.find("\n" + feature + ": on") != std::string::npos ||
           all.find("\t" + feature + ": on") != std::string::npos;
  }
  Sandbox sandbox{{}};
};

TEST_F(Ethtool, AFeatureIsTurnedOffAndOnAgainAndReadBack) {
  const int v0 = IndexOf("v0");
  EXPECT_TRUE(*GetRxVlan(v0));
  for (const bool on : {false, true}) {
    ASSERT_TRUE(SetRxVlan(v0, on).ok());
    EXPECT_EQ(*GetRxVlan(v0), on);
    EXPECT_EQ(Has("v0", "rx-vlan-offload"), on);
    ASSERT_TRUE(SetGro(v0, on).ok());
    EXPECT_EQ(Has("v0", "generic-receive-offload"), on);
  }
  EXPECT_TRUE(Has("v1", "rx-vlan-offload")) << "its peer is another netdev";
}

TEST_F(Ethtool, OffloadsOffIsAllThatWouldLeaveAFrameUnfinished) {
  ASSERT_TRUE(SetOffloadsOff(IndexOf("v0")).ok());
  for (const char* feature :
       {"tx-checksum-ip-generic", "tx-tcp-segmentation", "generic-segmentation-offload",
        "rx-vlan-offload", "tx-vlan-offload", "tx-vlan-stag-hw-insert", "rx-vlan-stag-hw-parse"}) {
    EXPECT_FALSE(Has("v0", feature)) << feature;
    EXPECT_TRUE(Has("v1", feature)) << feature;
  }
}

TEST_F(Ethtool, AFeatureIsFoundByItsWholeName) {
  EXPECT_TRUE(*HasFeature(IndexOf("v0"), "rx-vlan-hw-parse"));
  EXPECT_FALSE(*HasFeature(IndexOf("v0"), "rx-vlan-hw"));
  EXPECT_FALSE(*HasFeature(IndexOf("v0"), "rx-vlan-filter"));
}

TEST_F(Ethtool, WhatANetdevCannotChangeIsAnError) {
  const int loopback = IndexOf("lo");
  EXPECT_TRUE(SetRxVlan(loopback, false).ok()) << "it has none";
  EXPECT_TRUE(absl::IsUnimplemented(SetRxVlan(loopback, true))) << SetRxVlan(loopback, true);
  EXPECT_TRUE(absl::IsNotFound(SetGro(99999, true))) << SetGro(99999, true);
  EXPECT_TRUE(absl::IsNotFound(GetRxVlan(99999).status())) << GetRxVlan(99999).status();
}

TEST_F(Ethtool, ThreadedNapiIsNotSetOnWhoeverHasTheName) {
  const int v0 = IndexOf("v0");
  ASSERT_TRUE(SetGro(v0, true).ok());
  Ip("", "link set v0 up\nlink set v1 up");
  EXPECT_TRUE(absl::IsFailedPrecondition(SetThreadedNapi("v0", IndexOf("v1"))));
  EXPECT_TRUE(absl::IsNotFound(SetThreadedNapi("nope", v0)));
  const absl::Status status = SetThreadedNapi("v0", v0);
  EXPECT_TRUE(status.ok()) << status;
}

}  // namespace
}  // namespace xsw::test
