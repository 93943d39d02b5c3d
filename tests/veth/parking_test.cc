// SPDX-License-Identifier: Apache-2.0
// The eswitch's private namespace, where inactive functions wait, is not there: the mount that held
// it ended with `ip netns exec`, or somebody took it away.
//
//    out ==wire== up0   up0sf1 === eth0 in c1
//                       up0sf2 === parked
#include <gtest/gtest.h>

#include "tests/veth/pins.h"
#include "tests/veth/snapshot.h"
#include "tests/veth/stream.h"

namespace xsw::test {
namespace {

// What our own error message proposes: each command has a mount namespace of its own.
TEST(Parking, CommandsOfIpNetnsExecShareAnEswitch) {
  Topology t({.eswitch = false});
  for (const char* name : {"home", "c1"}) t.sandbox().AddNetns(name);
  Ip("home", "link add eth0 type veth peer name far0\nlink set eth0 up\nlink set far0 up\n");
  auto xsw = [&](const std::string& line) {
    Argv argv = Words("ip netns exec home");
    for (const std::string& word : t.XswArgv(line)) argv.push_back(word);
    const Result result = RunCommand(argv);
    EXPECT_EQ(result.status, 0) << line << ": " << result.err;
  };
  xsw("eswitch add eth0");
  xsw("port add eth0 sfnum 1 ifname lan0 netns c1");
  xsw("port function set eth0/1 state active");
  ASSERT_FALSE(LinkOf("c1", "lan0").is_null());
  xsw("port function set eth0/1 state inactive");
  EXPECT_TRUE(LinkOf("c1", "lan0").is_null());
  xsw("port function set eth0/1 mtu 1400");
  xsw("port function set eth0/1 state active");
  EXPECT_EQ(LinkOf("c1", "lan0").value("mtu", 0), 1400);
  xsw("port add eth0 sfnum 2");
  xsw("port del eth0/1");
  xsw("eswitch del eth0");
  EXPECT_EQ(Tree("/run/xsw"), std::vector<std::string>{});
  EXPECT_EQ(StateDirs(), std::vector<std::string>{});
}

enum class Left { kFile, kNothing };

class LostParking : public testing::TestWithParam<Left> {
 protected:
  LostParking() : t({.ports = 1}) {
    t.XswOk("port add up0 sfnum 2");
    const std::string place = MountsBelow("/run/xsw").at(0);
    MustRun("umount " + place);
    if (GetParam() == Left::kNothing) MustRun("rm " + place);
    Must(WaitFor([] { return LinkOf("", "up0sf2").is_null(); }), "end the parking place");
  }
  Topology t;
};

TEST_P(LostParking, IsMendedByAWritingCommand) {
  EXPECT_TRUE(Ping({"c1", IpOf(1)}, {kOutside, kOutsideIp})) << "traffic has no need of it";
  t.XswOk("eswitch set up0 host on");
  EXPECT_EQ(MountsBelow("/run/xsw").size(), 1u);
  EXPECT_FALSE(LinkOf("", "up0sf2").is_null()) << "the pair that was lost with it";
  t.XswOk("port function set up0/1 state inactive");
  ASSERT_TRUE(LinkOf("c1", "eth0").is_null());
  t.XswOk("port function set up0/1 state active");
  t.ConfigureFunction(1);
  EXPECT_TRUE(Ping({"c1", IpOf(1)}, {kOutside, kOutsideIp}));
  t.XswOk("port function set up0/2 netns c1 ifname eth1 state active");
  EXPECT_FALSE(LinkOf("c1", "eth1").is_null());
}

// Each of these is the first command after it.
TEST_P(LostParking, IsInNoCommandsWay) {
  for (const char* command :
       {"port function set up0/1 state inactive", "port function set up0/1 netns out ifname eth7",
        "port add up0", "port function set up0/2 netns c1 ifname eth1 state active"}) {
    SCOPED_TRACE(command);
    t.XswOk(command);
    if (HasFailure()) return;
    MustRun("umount " + MountsBelow("/run/xsw").at(0));
  }
  t.XswOk("eswitch del up0");
  EXPECT_EQ(Tree("/run/xsw"), std::vector<std::string>{});
}

INSTANTIATE_TEST_SUITE_P(, LostParking, testing::Values(Left::kFile, Left::kNothing),
                         [](const auto& info) {
                           return info.param == Left::kFile ? "FileLeft" : "NothingLeft";
                         });

}  // namespace
}  // namespace xsw::test
