// SPDX-License-Identifier: Apache-2.0
// What an eswitch leaves when it goes, and whom it leaves alone: other eswitches, and what is not
// ours.
//
//    out ==wire== up0   up0sf1 === eth0 in c1
//                       up0sf2 === eth0 in c2
#include <gtest/gtest.h>

#include "tests/veth/snapshot.h"
#include "tests/veth/stream.h"

namespace xsw::test {
namespace {

// All that can be seen of an uplink, and everywhere else.
Snapshot World(const Topology& t, const std::string& uplink) {
  Snapshot world = TakeSnapshot(t, {.netns_ids = false});
  world.insert(RunCommand("ethtool -k " + uplink).out);
  return world;
}

TEST(Teardown, DelReturnsEverything) {
  Topology t({.eswitch = false});
  // The tests' bpffs and /run/xsw may keep their own, empty top directories.
  t.XswOk("eswitch add up0 xdp on");
  t.XswOk("eswitch del up0");
  for (int port : {1, 2}) t.sandbox().AddNetns(ContainerName(port));
  MustRun("ip link set up0 promisc on");
  const Snapshot before = World(t, kUplink);

  t.XswOk("eswitch add up0 xdp on");
  t.XswOk("port add up0 netns c1 ifname eth0 state active");
  t.XswOk("port add up0 netns c2 ifname eth0 state active");
  t.XswOk("port add up0");
  t.XswOk("fdb add up0 02:00:00:00:0a:01 port up0/1");
  t.XswOk("fdb add up0 02:00:00:00:0a:10 port up0/0");
  EXPECT_NE(ProgramsOn(kUplink), "");
  EXPECT_EQ(UnicastList(kUplink).size(), 5u);
  t.XswOk("eswitch del up0");
  EXPECT_EQ(Changes(before, World(t, kUplink)), "");
}

TEST(Teardown, DelLeavesNoDirectory) {
  Topology t({.ports = 1});
  t.XswOk("eswitch del up0");
  EXPECT_EQ(Tree("/run/xsw"), std::vector<std::string>{});
  for (const std::string& path : Tree(kTestBpffs)) {
    EXPECT_FALSE(path.starts_with(std::string(kTestBpffs) + "/xsw/")) << path;
  }
}

TEST(Teardown, DelWorksAfterTheUplinkIsGone) {
  Topology t({.ports = 2});
  MustRun("ip link del up0");
  EXPECT_EQ(t.Xsw("port add up0").err,
            "Error: xsw: eswitch up0: its netdev is gone: xsw eswitch del up0.\n");
  EXPECT_NE(t.XswOk("eswitch show up0").find("the netdev is gone"), std::string::npos);
  t.XswOk("eswitch del up0");
  EXPECT_TRUE(LinkOf("", "up0sf1").is_null());
  EXPECT_TRUE(LinkOf("c1", "eth0").is_null());
  EXPECT_EQ(ParkingPlaces().size(), 0u);
  EXPECT_EQ(t.XswOk("-j eswitch show"), "{\"eswitch\":{}}\n");
}

TEST(Teardown, StateOfAReplacedUplinkIsRefusedThenRemoved) {
  Topology t({.ports = 1});
  MustRun("ip link del up0");
  MustRun("ip link add up0 type veth peer name far0");
  const Result result = t.Xsw("eswitch add up0");
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.err.find("eswitch up0: " + std::string(kTestBpffs) + "/xsw/"), std::string::npos)
      << result.err;
  EXPECT_NE(result.err.find("holds the state of another netdev"), std::string::npos);
  EXPECT_EQ(t.Xsw("port add up0").status, 1);
  t.XswOk("eswitch del up0");
  t.XswOk("eswitch add up0");
  t.XswOk("port add up0");
}

// A vxlan takes no addresses without a remote, as a NIC whose list is full.
class FullUplink : public testing::Test {
 protected:
  FullUplink() : t({.eswitch = false}) {
    MustRun("ip link add vx0 type vxlan id 7 dstport 4789");
    MustRun("ip link set vx0 up");
    t.XswOk("eswitch add vx0");
    t.XswOk("port add vx0");
  }
  Json Show() { return Json::parse(t.XswOk("-j eswitch show vx0"))["eswitch"]["vx0"]; }
  Topology t;
};

TEST_F(FullUplink, IsPromiscuousAndSaysSoAsLongAsItIsAnUplink) {
  EXPECT_EQ(Show()["promisc"], true);
  EXPECT_EQ(LinkOf("", "vx0")["promiscuity"], 1);
  t.XswOk("port del vx0/1");
  t.XswOk("eswitch del vx0");
  EXPECT_EQ(LinkOf("", "vx0")["promiscuity"], 0);
}

TEST_F(FullUplink, StaysPromiscuousIfItsUserHasMadeItSo) {
  t.XswOk("eswitch del vx0");
  MustRun("ip link set vx0 promisc on");
  t.XswOk("eswitch add vx0");
  t.XswOk("port add vx0");
  t.XswOk("eswitch del vx0");
  EXPECT_EQ(LinkOf("", "vx0")["promiscuity"], 1);
}

TEST_F(FullUplink, CanBeGoneAtDel) {
  MustRun("ip link del vx0");
  EXPECT_EQ(t.Xsw("eswitch del vx0").err, "");
  EXPECT_EQ(t.XswOk("-j eswitch show"), "{\"eswitch\":{}}\n");
}

TEST(Teardown, WhatADeadNamespaceLeftIsCollectedByTheNextEswitchAdd) {
  Topology t({.ports = 1});
  t.sandbox().AddNetns("doomed");
  MustRun("ip -n doomed link add eth0 type veth peer name far0");
  const std::vector<std::string> pins = Tree(kTestBpffs), parked = Tree("/run/xsw");
  t.XswOk("-n doomed eswitch add eth0");
  t.XswOk("-n doomed port add eth0 netns c1 ifname other0 state active");
  EXPECT_FALSE(LinkOf("c1", "other0").is_null());
  t.sandbox().DeleteNetns("doomed");
  ASSERT_TRUE(WaitFor([] { return LinkOf("c1", "other0").is_null(); }));
  MustRun("ip link add up1 type veth peer name far1");
  t.XswOk("eswitch add up1");
  t.XswOk("eswitch del up1");
  EXPECT_EQ(Tree(kTestBpffs), pins);
  EXPECT_EQ(Tree("/run/xsw"), parked);
  EXPECT_TRUE(Ping({"c1", IpOf(1)}, {kOutside, kOutsideIp}));
}

TEST(Teardown, EswitchesOfOneNamespaceAreIndependent) {
  Topology t({.ports = 1});
  MustRun("ip link add up1 type veth peer name far1");
  const Snapshot before = TakeSnapshot(t, {.netns_ids = false});
  t.XswOk("eswitch add up1 xdp off host off");
  // The same address and number in another eswitch.
  t.XswOk("port add up1 sfnum 1 hw_addr " + Text(kMac1) + " netns c1 ifname other0 state active");
  t.XswOk("fdb add up1 02:00:00:00:0a:01 port up1/1");
  EXPECT_EQ(LinkOf("", "up1sf1")["altnames"], Json::array({"up1pf0sf1"}));
  const Json ports = Json::parse(t.XswOk("-j port show"))["port"];
  for (const char* handle : {"up0/0", "up0/1", "up1/0", "up1/1"}) {
    EXPECT_TRUE(ports.contains(handle)) << handle << " is not in " << ports;
  }
  EXPECT_EQ(UnicastList(kUplink), std::set<std::string>{Text(kMac1)});
  EXPECT_TRUE(Ping({"c1", IpOf(1)}, {kOutside, kOutsideIp}));
  t.XswOk("eswitch del up1");
  EXPECT_EQ(Changes(before, TakeSnapshot(t, {.netns_ids = false})), "");
  EXPECT_TRUE(Ping({"c1", IpOf(1)}, {kOutside, kOutsideIp}));
}

TEST(Teardown, UplinksOfOneNameInTwoNamespacesAreIndependent) {
  Topology t({.ports = 1});
  t.sandbox().AddNetns("other");
  MustRun("ip -n other link add up0 type veth peer name far0");
  for (const char* dev : {"up0", "far0"}) MustRun(std::string("ip -n other link set up ") + dev);
  // The kernel tells it a moment later, and it is in the snapshot.
  EXPECT_TRUE(WaitFor([] { return LinkOf("other", "up0")["operstate"] == "UP"; }));
  const Snapshot before = TakeSnapshot(t, {.netns_ids = false});
  t.XswOk("-n other eswitch add up0");
  t.XswOk("-n other port add up0 sfnum 1 netns c1 ifname other0 state active");
  EXPECT_FALSE(LinkOf("other", "up0sf1").is_null());
  EXPECT_FALSE(LinkOf("c1", "other0").is_null());
  EXPECT_EQ(Json::parse(t.XswOk("-j eswitch show"))["eswitch"]["up0"]["xdp"], "off");
  EXPECT_EQ(Json::parse(t.XswOk("-n other -j eswitch show"))["eswitch"]["up0"]["xdp"], "auto");
  t.XswOk("-n other port function set up0/1 mtu 1400");
  EXPECT_EQ(LinkOf("c1", "other0")["mtu"], 1400);
  t.XswOk("-n other eswitch del up0");
  EXPECT_EQ(Changes(before, TakeSnapshot(t, {.netns_ids = false})), "");
  EXPECT_TRUE(Ping({"c1", IpOf(1)}, {kOutside, kOutsideIp}));
}

}  // namespace
}  // namespace xsw::test
