// SPDX-License-Identifier: Apache-2.0
// What is shown of which ports, and where in the answer it is.
//
//    out ==wire== up0   up0sf1 === eth0 in c1
//                       up0sf2 === eth0 in c2
#include <gtest/gtest.h>

#include <memory>

#include "tests/veth/topology.h"

namespace xsw::test {
namespace {

class Shown : public testing::Test {
 protected:
  void SetUp() override {
    if (!world_) world_ = std::make_unique<Topology>(TopologyOptions{.ports = 2});
  }
  static void TearDownTestSuite() { world_.reset(); }
  static std::string Out(const std::string& line) { return world_->XswOk(line); }
  static std::unique_ptr<Topology> world_;
};
std::unique_ptr<Topology> Shown::world_;

TEST_F(Shown, AnUplinkStandsForAllPortsOfItsEswitch) {
  MustRun("ip link add other0 type veth peer name other1");
  MustRun("ip link property add dev up0 altname up0alias");
  const std::string all = Out("port show"), json = Out("-j port show");
  Out("eswitch add other0");
  EXPECT_EQ(Out("port show up0"), all);
  EXPECT_EQ(Out("port show up0alias"), all);
  EXPECT_EQ(Out("-j port show up0"), json);
  EXPECT_NE(Out("port show up0/0"), all);
  EXPECT_EQ(Json::parse(Out("-j port show"))["port"].size(), 4u);
  EXPECT_EQ(Json::parse(Out("-j stats up0"))["stats"].size(), 3u);
  EXPECT_EQ(Json::parse(Out("-j stats up0/1"))["stats"].begin().key(), "up0/1");
  EXPECT_EQ(Json::parse(Out("-j stats up0sf2"))["stats"].begin().key(), "up0/2");
  EXPECT_EQ(world_->Xsw("stats up0/9").err, "Error: xsw: port up0/9: does not exist.\n");
  Out("eswitch del other0");
}

TEST_F(Shown, GroupsAreSaidAsIpAddressesToo) {
  for (const char* group : {"239.129.2.3", "ff05::1:ff12:3456"})
    Out(std::string("mdb add up0 ") + group + " port up0/1");
  EXPECT_EQ(Out("mdb show up0"),
            "01:00:5e:01:02:03 dev up0sf1 port up0/1\n33:33:ff:12:34:56 dev up0sf1 port up0/1\n");
  for (const char* group : {"239.129.2.3", "ff05::1:ff12:3456"})
    Out(std::string("mdb del up0 ") + group + " port up0/1");
  EXPECT_EQ(Out("mdb show up0"), "");
}

TEST_F(Shown, TheManPageHasAParagraphForEachReason) {
  const std::string man = ReadFile(XSW_SOURCE_DIR "/tools/xsw/xsw.8");
  const Json drops = Json::parse(Out("-j stats up0/1"))["stats"]["up0/1"]["drops"];
  for (const auto& [reason, count] : drops.items())
    EXPECT_NE(man.find("\n.TP\n.B " + reason + "\n"), std::string::npos) << reason;
}

// A reason is looked for in the same place, whichever command has been asked.
TEST_F(Shown, DropsHaveOneShape) {
  const Json port = Json::parse(Out("-j -s port show up0/1"))["port"]["up0/1"]["statistics"];
  const Json stats = Json::parse(Out("-j stats up0/1"))["stats"]["up0/1"];
  EXPECT_EQ(stats["drops"], port["drops"]);
  EXPECT_EQ(stats["lost_at_function"], port["lost_at_function"]);
  EXPECT_EQ(stats["drops"]["spoof"], 0);
}

// `ip link set DEV down` stops all traffic, whoever does it.
TEST_F(Shown, ANetdevThatIsDownIsShown) {
  const auto port = [](const std::string& which) {
    return Json::parse(Out("-j port show " + which))["port"][which];
  };
  MustRun("ip link set up0sf1 down");
  EXPECT_EQ(port("up0/1")["netdev_state"], "down");
  EXPECT_EQ(port("up0/1")["function"]["netdev_state"], "up");
  EXPECT_NE(Out("port show up0/1").find("mtu 1500 netdev_state down\n"), std::string::npos);
  MustRun("ip link set up0sf1 up");
  MustRun("ip -n c2 link set eth0 down");
  EXPECT_EQ(port("up0/2")["netdev_state"], "up");
  EXPECT_EQ(port("up0/2")["function"]["netdev_state"], "down");
  EXPECT_EQ(port("up0/2")["function"]["opstate"], "detached");
  MustRun("ip -n c2 link set eth0 up");
  MustRun("ip link set up0 down");
  EXPECT_EQ(port("up0/0")["netdev_state"], "down");
  MustRun("ip link set up0 up");
}

}  // namespace
}  // namespace xsw::test
