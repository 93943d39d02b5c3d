// SPDX-License-Identifier: Apache-2.0
// Where an eswitch is: its run directory was removed (tmpfiles, an administrator), or its uplink
// was moved to another namespace.
//
//    out ==wire== up0   up0sf1 === eth0 in c1
//                       up0sf2 === parked
//                       up0sf3 === a queue block
#include <gtest/gtest.h>

#include "tests/veth/pins.h"
#include "tests/veth/snapshot.h"
#include "tests/veth/stream.h"

namespace xsw::test {
namespace {

class RunDir : public testing::Test {
 protected:
  RunDir() : t({.ports = 1}) {
    t.XswOk("port add up0 sfnum 2");
    t.XswOk("port add up0 sfnum 3 class queues state active");
    EXPECT_EQ(MountsBelow("/run/xsw").size(), 2u);
  }
  // With the netdevs that were there.
  void Remove() {
    for (const std::string& mount : MountsBelow("/run/xsw")) MustRun("umount " + mount);
    MustRun("rm -rf /run/xsw");
    ASSERT_TRUE(WaitFor([] { return LinkOf("", "up0sf3").is_null(); }));
  }
  Topology t;
};

TEST_F(RunDir, IsMendedByAWritingCommandWithAllThatWasInIt) {
  Remove();
  EXPECT_EQ(t.Xsw("port show").err, "") << "who looks needs none";
  EXPECT_TRUE(Ping({"c1", IpOf(1)}, {kOutside, kOutsideIp})) << "nor does traffic";
  t.XswOk("eswitch set up0 host on");
  EXPECT_EQ(MountsBelow("/run/xsw").size(), 2u);
  EXPECT_FALSE(LinkOf("", "up0sf2").is_null());
  EXPECT_FALSE(LinkOf("", "up0sf3").is_null());
  EXPECT_EQ(t.ShowPort(3)["function"]["opstate"], "attached");
  t.XswOk("port function set up0/1 state inactive");
  ASSERT_TRUE(LinkOf("c1", "eth0").is_null());
  t.XswOk("port function set up0/1 state active");
  t.ConfigureFunction(1);
  EXPECT_TRUE(Ping({"c1", IpOf(1)}, {kOutside, kOutsideIp}));
}

TEST_F(RunDir, IsInNoCommandsWay) {
  for (const char* command : {"port function set up0/1 state inactive", "port add up0 sfnum 4",
                              "port add up0 sfnum 5 class queues",
                              "port function set up0/2 netns c1 ifname eth1 state active",
                              "port function set up0/3 state inactive",
                              "fdb add up0 02:00:00:00:0a:01 port up0/1", "port del up0/3"}) {
    SCOPED_TRACE(command);
    Remove();
    t.XswOk(command);
    t.XswOk("port show");
    if (HasFailure()) return;
  }
}

TEST_F(RunDir, IsInTheWayOfNoEnd) {
  Remove();
  t.XswOk("eswitch del up0");
  EXPECT_EQ(Tree("/run/xsw"), std::vector<std::string>{});
  EXPECT_EQ(StateDirs(), std::vector<std::string>{});
  t.XswOk("eswitch add up0");
  t.XswOk("port add up0");
}

class MovedUplink : public testing::Test {
 protected:
  MovedUplink() : t({.ports = 1}) {
    t.sandbox().AddNetns("other");
    MustRun("ip link set up0 netns other");
  }
  Topology t;
};

TEST_F(MovedUplink, IsNotTakenByASecondEswitch) {
  const std::vector<std::string> pins = Tree(kTestBpffs);
  const Result result = t.Xsw("-n other eswitch add up0");
  EXPECT_EQ(result.status, 1) << "two eswitches on one netdev";
  EXPECT_NE(result.err.find("the uplink of"), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("namespace"), std::string::npos) << result.err;
  EXPECT_EQ(t.Xsw("-n other -d eswitch add up0").status, 1);
  EXPECT_EQ(Tree(kTestBpffs), pins);
}

TEST_F(MovedUplink, WorksWhenItIsBack) {
  EXPECT_NE(t.Xsw("port add up0").status, 0) << "its uplink is away";
  MustRun("ip -n other link set up0 netns " + std::to_string(getpid()));
  Ip("", "link set up0 up\naddr replace " + std::string(kHostIp) + "/24 dev up0\n");
  Topology::WaitForCarrier({kUplink});
  t.XswOk("eswitch set up0 host on");
  EXPECT_TRUE(Ping({kOutside, kOutsideIp}, {"c1", IpOf(1)}));
  EXPECT_TRUE(Ping({"", kHostIp}, {"c1", IpOf(1)}));
}

// The first eswitch is gone: then it is anybody's.
TEST_F(MovedUplink, IsTakenByAnotherWhenTheFirstIsRemoved) {
  t.XswOk("eswitch del up0");
  t.XswOk("-n other eswitch add up0");
  t.XswOk("-n other port add up0 sfnum 1 netns c1 state active");
  t.XswOk("-n other eswitch del up0");
  EXPECT_EQ(StateDirs(), std::vector<std::string>{});
}

}  // namespace
}  // namespace xsw::test
