// SPDX-License-Identifier: Apache-2.0
// An uplink has the names that the kernel gives it, and who only looks at its eswitch moves
// nothing.
//
//    out ==wire== up0, with the altname uplink0   up0sf1 === eth0 in c1
#include <gtest/gtest.h>

#include "tests/veth/snapshot.h"
#include "tests/veth/stream.h"

namespace xsw::test {
namespace {

constexpr int kRounds = 12;  // of three writing commands each

class Names : public testing::Test {
 protected:
  Names() : t({.ports = 1, .any_cpu = true}) {
    MustRun("ip link property add dev up0 altname uplink0");
  }
  // Runs a command over and over until its process ends; each failure is a line.
  Argv Loop(const std::string& line) const {
    std::string command;
    for (const std::string& word : t.XswArgv(line)) command += word + " ";
    return {"sh", "-c", "while :; do " + command + ">/dev/null || echo; done"};
  }
  Topology t;
};

TEST_F(Names, AReaderByAltnameIsInNoWritersWay) {
  Process reader(Loop("eswitch show uplink0"));
  for (int round = 0; round < kRounds; round++) {
    EXPECT_EQ(t.Xsw("fdb add up0 02:00:00:00:0a:01 port up0/1").err, "");
    EXPECT_EQ(t.Xsw("port function set up0/1 spoofchk on").err, "");
    EXPECT_EQ(t.Xsw("fdb del up0 02:00:00:00:0a:01 port up0/1").err, "");
  }
  EXPECT_FALSE(reader.Done());
  EXPECT_EQ(reader.OutSoFar(), "") << "a reader has failed";
  EXPECT_TRUE(Ping({"c1", IpOf(1)}, {kOutside, kOutsideIp}));
}

TEST_F(Names, EveryCommandTakesTheAltname) {
  const std::vector<std::string> pins = Tree(kTestBpffs);
  EXPECT_TRUE(Json::parse(t.XswOk("-j eswitch show uplink0"))["eswitch"].contains("up0"));
  EXPECT_TRUE(Json::parse(t.XswOk("-j port show uplink0/1"))["port"].contains("up0/1"));
  EXPECT_TRUE(Json::parse(t.XswOk("-j fdb show uplink0"))["fdb"].contains("up0"));
  EXPECT_EQ(Tree(kTestBpffs), pins) << "who looks has moved the state";
  t.XswOk("port function set uplink0/1 mtu 1400");
  EXPECT_EQ(LinkOf("", "up0sf1")["mtu"], 1400);
  EXPECT_NE(t.XswOk("port add uplink0 sfnum 2").find("netdev up0sf2"), std::string::npos);
  t.XswOk("port del uplink0/2");
  EXPECT_EQ(t.Xsw("eswitch add uplink0").status, 1);
  EXPECT_EQ(Tree(kTestBpffs), pins) << "by another name it is the same";
  t.XswOk("eswitch del uplink0");
  EXPECT_EQ(ProgramsOn(kUplink), "");
}

TEST_F(Names, AReaderFollowsARenameWithoutMovingTheState) {
  const std::vector<std::string> pins = Tree(kTestBpffs);
  MustRun("ip link set up0 name wan0");
  EXPECT_TRUE(Json::parse(t.XswOk("-j eswitch show wan0"))["eswitch"].contains("wan0"));
  EXPECT_TRUE(Json::parse(t.XswOk("-j port show wan0/1"))["port"].contains("wan0/1"));
  EXPECT_EQ(t.Xsw("eswitch show up0").status, 1);
  EXPECT_EQ(Tree(kTestBpffs), pins) << "who looks has moved the state";
  EXPECT_NE(t.XswOk("port add wan0 sfnum 2").find("netdev wan0sf2"), std::string::npos);
  EXPECT_TRUE(Ping({"c1", IpOf(1)}, {kOutside, kOutsideIp}));
}

TEST_F(Names, AnEswitchWhoseNetdevIsGoneHasTheNameThatItHadLast) {
  MustRun("ip link set up0 name wan0");
  t.XswOk("eswitch set wan0 host on");
  MustRun("ip link add up0 type veth peer name far0");
  t.XswOk("eswitch add up0");
  t.XswOk("port add up0 sfnum 5");
  MustRun("ip link del wan0");
  EXPECT_NE(t.XswOk("eswitch show wan0").find("the netdev is gone"), std::string::npos);
  t.XswOk("eswitch del wan0");
  EXPECT_TRUE(LinkOf("c1", "eth0").is_null());
  EXPECT_FALSE(LinkOf("", "up0sf5").is_null()) << "that of another eswitch";
  EXPECT_EQ(ParkingPlaces().size(), 1u);
  t.XswOk("eswitch del up0");
  EXPECT_EQ(ParkingPlaces().size(), 0u);
}

// Nobody has told xsw of the rename before the netdev went.
TEST_F(Names, AnEswitchWhoseRenamedNetdevIsGoneHasTheNameThatXswSawLast) {
  MustRun("ip link set up0 name wan0");
  MustRun("ip link del wan0");
  t.XswOk("eswitch del up0");
  EXPECT_TRUE(LinkOf("c1", "eth0").is_null());
  EXPECT_EQ(t.XswOk("-j eswitch show"), "{\"eswitch\":{}}\n");
  EXPECT_EQ(ParkingPlaces().size(), 0u);
}

}  // namespace
}  // namespace xsw::test
