// SPDX-License-Identifier: Apache-2.0
// The shipped xsw and the one of the next ABI version, at one eswitch: each shows what it can of
// the other's, writes nothing to it, and removes it.
//
//     out ==wire== up0   up0sf1 === c1    a netdev
//                        up0sf2 === a queue block
#include <gtest/gtest.h>

#include "tests/upgrade/in_force.h"
#include "tests/upgrade/next_version.h"
#include "tests/veth/pins.h"
#include "tests/veth/snapshot.h"
#include "tests/veth/stream.h"

namespace xsw::test {
namespace {

const char* const kWriting[] = {
    "eswitch set up0 host off",
    "port add up0",
    "port del up0/1",
    "port function set up0/1 mtu 1300",
    "fdb add up0 02:00:00:00:00:77 port up0/1",
    "check up0 --repair",
};

class NextVersion : public testing::Test {
 protected:
  NextVersion() : t({.ports = 1}) {
    t.XswOk("port add up0 class queues state active");
    t.XswOk("port function set up0/1 mtu 1400 tx_max 1gbit");
    t.XswOk("fdb add up0 02:00:00:00:0a:01 port up0/1");
  }
  void ExpectRefused(const Result& result, uint32_t made_by, const std::string& help) {
    EXPECT_EQ(result.status, 1) << result.out;
    EXPECT_NE(result.err.find("ABI version " + std::to_string(made_by)), std::string::npos)
        << result.err;
    EXPECT_NE(result.err.find(help), std::string::npos) << result.err;
  }
  Topology t;
};

TEST_F(NextVersion, ShowsTheOlderOneWholeAndWritesNothingToIt) {
  const Snapshot there = TakeSnapshot(t);
  for (const char* show : {"-j port show", "-j fdb show", "-j vlan show", "save up0"})
    EXPECT_EQ(NextOk(t, show), t.XswOk(show)) << show;
  for (const char* command : kWriting) {
    SCOPED_TRACE(command);
    ExpectRefused(Next(t, command), XSW_ABI_VERSION, "xsw eswitch upgrade up0");
  }
  EXPECT_EQ(Changes(there, TakeSnapshot(t)), "");
}

TEST_F(NextVersion, RemovesTheOlderOne) {
  NextOk(t, "eswitch del up0");
  EXPECT_EQ(StateDirs(), std::vector<std::string>{});
  EXPECT_EQ(ProgramsOn(kUplink), "");
  EXPECT_EQ(UnicastList(kUplink), std::set<std::string>{});
}

TEST_F(NextVersion, HasAllOfAnEswitchThatItHasUpgraded) {
  const std::string ports = t.XswOk("-j port show"), fdb = t.XswOk("-j fdb show");
  EXPECT_EQ(NextOk(t, "eswitch upgrade --all"),
            "up0: upgraded to ABI version " + std::to_string(kNextAbi) + "\n");
  EXPECT_EQ(NextOk(t, "eswitch upgrade up0"), "up0: nothing to do\n");
  ExpectOneVersion();
  EXPECT_EQ(NextOk(t, "-j port show"), ports);
  EXPECT_EQ(NextOk(t, "-j fdb show"), fdb);
  EXPECT_EQ(NextOk(t, "check up0"), "");
  NextOk(t, "port function set up0/1 mtu 1300");
  EXPECT_TRUE(Ping({"c1", IpOf(1)}, {kOutside, kOutsideIp}));
}

TEST_F(NextVersion, IsLeftAloneByTheOlderOneWhichCanRemoveIt) {
  NextOk(t, "eswitch upgrade up0");
  const Snapshot there = TakeSnapshot(t);
  EXPECT_EQ(t.XswOk("eswitch show").find("up0: abi " + std::to_string(kNextAbi)), 0u);
  for (const char* command : kWriting) {
    SCOPED_TRACE(command);
    ExpectRefused(t.Xsw(command), kNextAbi, "xsw eswitch del up0");
  }
  ExpectRefused(t.Xsw("eswitch upgrade up0"), kNextAbi, "xsw eswitch del up0");
  EXPECT_EQ(Changes(there, TakeSnapshot(t)), "");
  t.XswOk("eswitch del up0");
  EXPECT_EQ(StateDirs(), std::vector<std::string>{});
  EXPECT_EQ(ProgramsOn(kUplink), "");
  EXPECT_EQ(UnicastList(kUplink), std::set<std::string>{});
}

}  // namespace
}  // namespace xsw::test
