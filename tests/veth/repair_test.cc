// SPDX-License-Identifier: Apache-2.0
// What others do to the netdevs behind xsw's back is followed or mended by the next writing
// command.
//
//    out ==wire== up0   up0sf1 === eth0 in c1
//                       up0sf2 === eth0 in c2
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/veth/snapshot.h"
#include "tests/veth/stream.h"

namespace xsw::test {
namespace {

constexpr char kOtherMac[] = "02:00:00:00:00:77";
const Endpoint kOut = {kOutside, kOutsideIp};

Endpoint Port(int port) { return {ContainerName(port), IpOf(port)}; }

bool Reaches(const Endpoint& from, const Endpoint& to) {
  for (const char* netns : {"", kOutside, "c1", "c2"}) {
    if (*netns == 0 || std::filesystem::exists(std::string("/run/netns/") + netns))
      FlushNeighbours(netns);
  }
  return Ping(from, to);
}

class Repair : public testing::Test {
 protected:
  Repair() : t({.ports = 2}) {}
  // A writing command that by itself changes nothing.
  void Write() { t.XswOk("eswitch set up0 host on"); }
  // With its netdevs: the kernel ends them some time after the name.
  void EndContainer(int port, const std::string& representor) {
    t.sandbox().DeleteNetns(ContainerName(port));
    ASSERT_TRUE(WaitFor([&] { return LinkOf("", representor).is_null(); }));
  }
  void MoveFunctionByHand(int port, const std::string& netns, const std::string& name) {
    MustRun("ip -n " + ContainerName(port) + " link set eth0 down");
    MustRun("ip -n " + ContainerName(port) + " link set eth0 name " + name);
    MustRun("ip -n " + ContainerName(port) + " link set " + name + " netns " + netns);
  }
  Topology t;
};

// The kernel takes the pair apart a while after `ip netns del` has returned.
TEST_F(Repair, AFunctionIsSetWhileTheKernelEndsItsNamespace) {
  for (int i = 0; i < 10; i++) {
    t.sandbox().DeleteNetns("c1");
    t.sandbox().AddNetns("c1");
    t.XswOk("port function set up0/1 netns c1 state active");
    MustRun("ip -n c1 link set eth0 up");
    EXPECT_EQ(t.ShowPort(1)["function"]["opstate"], "attached") << i;
  }
}

TEST_F(Repair, MtuFollowsTheUplinkUnlessThePortHasItsOwn) {
  t.XswOk("port add up0 sfnum 3");
  t.XswOk("port add up0 sfnum 4 mtu 1300");
  MustRun("ip link set up0 mtu 1400");
  Write();
  EXPECT_EQ(LinkOf("", "up0sf1")["mtu"], 1400);
  EXPECT_EQ(LinkOf("c1", "eth0")["mtu"], 1400);
  EXPECT_EQ(LinkOf("", "up0sf3")["mtu"], 1400);
  EXPECT_EQ(LinkOf("", "up0sf4")["mtu"], 1300);
  t.XswOk("port function set up0/3 netns c1 ifname lan0 state active");
  EXPECT_EQ(LinkOf("c1", "lan0")["mtu"], 1400) << "it was parked when the uplink changed";
  EXPECT_TRUE(Reaches(Port(1), kOut));
}

TEST_F(Repair, ARenamedRepresentorIsFollowedAndIsItsPortsHandle) {
  MustRun("ip link set up0sf1 name tenant1");
  EXPECT_EQ(t.ShowPort(1)["netdev"], "tenant1") << "before any writing command";
  EXPECT_NE(t.XswOk("port show tenant1").find("up0/1"), std::string::npos);
  t.XswOk("port function set tenant1 mtu 1400");
  EXPECT_EQ(LinkOf("", "tenant1")["mtu"], 1400);
  t.XswOk("fdb add up0 02:00:00:00:0a:01 port tenant1");
  EXPECT_EQ(t.ShowFdb()[1]["dev"], "tenant1") << t.ShowFdb();
  EXPECT_TRUE(Reaches(Port(1), kOut));
  t.XswOk("port del tenant1");
  EXPECT_TRUE(LinkOf("", "tenant1").is_null());
}

TEST_F(Repair, ARenamedUplinkKeepsItsEswitch) {
  MustRun("ip link set up0 name wan0");
  EXPECT_TRUE(Reaches(Port(1), kOut));
  EXPECT_EQ(Json::parse(t.XswOk("-j eswitch show"))["eswitch"].begin().key(), "wan0");
  EXPECT_EQ(t.Xsw("eswitch add wan0").err, "Error: xsw: eswitch wan0: already exists.\n");
  t.XswOk("port function set wan0/1 mtu 1400");
  EXPECT_EQ(t.Xsw("port show up0/1").status, 1);
  EXPECT_NE(t.XswOk("port add wan0").find("netdev wan0sf3"), std::string::npos);
  EXPECT_TRUE(Reaches(Port(1), kOut));
  t.XswOk("eswitch del wan0");
  EXPECT_EQ(ProgramsOn("wan0"), "");
  EXPECT_EQ(ParkingPlaces().size(), 0u);
}

TEST_F(Repair, ANewNetdevWithTheRenamedUplinksOldNameIsAnotherUplink) {
  MustRun("ip link set up0 name wan0");
  MustRun("ip link add up0 type veth peer name far0");
  EXPECT_EQ(t.Xsw("port add up0").status, 1) << "it has no eswitch yet";
  EXPECT_EQ(t.Xsw("eswitch del up0").status, 1) << "it has no eswitch yet";
  EXPECT_TRUE(Reaches(Port(1), kOut)) << "the eswitch of wan0 is gone";
  t.XswOk("eswitch add up0");
  t.XswOk("port add wan0 sfnum 7");
  const Json eswitches = Json::parse(t.XswOk("-j eswitch show"))["eswitch"];
  EXPECT_EQ(eswitches["wan0"]["ports"], 3) << eswitches;
  EXPECT_EQ(eswitches["up0"]["ports"], 0) << eswitches;
  EXPECT_TRUE(Reaches(Port(1), kOut));
}

TEST_F(Repair, ANewAddressOfTheUplinkIsTheHosts) {
  MustRun(std::string("ip link set up0 address ") + kOtherMac);
  Write();
  EXPECT_EQ(t.ShowFdb()[0],
            (Json{{"mac", kOtherMac}, {"dev", "up0"}, {"port", "up0/0"}, {"flags", {"self"}}}));
  for (const Json& entry : t.ShowFdb()) EXPECT_NE(entry["mac"], Text(kHostMac));
  EXPECT_TRUE(Reaches(Port(1), {"", kHostIp}));
  EXPECT_TRUE(Reaches(kOut, {"", kHostIp}));
}

TEST_F(Repair, AFunctionMovedByHandIntoTheUplinksNamespaceWorks) {
  // iproute2 names a namespace by name or PID; ours has the PID of this test.
  MoveFunctionByHand(1, std::to_string(getpid()), "local0");
  MustRun("ip link set local0 up");
  Write();
  EXPECT_EQ(t.ShowPort(1)["function"]["opstate"], "attached");
  // Its address is of no use to the host's stack here; what arrives is counted by its netdev.
  const uint64_t before =
      Json::parse(MustRun("ip -s -j link show local0"))[0]["stats64"]["rx"]["packets"];
  MustRun("ip -n out neigh replace 10.9.0.99 lladdr " + Text(kMac1) + " dev eth0");
  RunCommand("ip netns exec out ping -c3 -i0.01 -W0.1 10.9.0.99");
  const Json after =
      Json::parse(MustRun("ip -s -j link show local0"))[0]["stats64"]["rx"]["packets"];
  EXPECT_GE(after.get<uint64_t>(), before + 3);
  EXPECT_EQ(t.ShowPort(1)["statistics"]["lost_at_function"], 0);
}

TEST_F(Repair, AFunctionMovedByHandToAnotherNamespaceWorks) {
  MoveFunctionByHand(1, "c2", "second0");
  {
    InNetns in("c2");
    MustRun("ip link set eth0 down");
    MustRun("ip link set second0 up");
    MustRun("ip addr add " + IpOf(1) + "/24 dev second0");
  }
  Write();
  const Json function = t.ShowPort(1)["function"];
  EXPECT_EQ(function["opstate"], "attached");
  EXPECT_EQ(function["ifname"], "second0");
  EXPECT_EQ(function["netns"], "c2") << "where it is";
  EXPECT_TRUE(Reaches({"c2", IpOf(1)}, kOut));
  EXPECT_EQ(t.XswOk("port function set up0/1 mtu 1400"), "");
  EXPECT_EQ(LinkOf("c2", "second0")["mtu"], 1400);
}

TEST_F(Repair, AFunctionRenamedByItsUserIsShownSo) {
  MustRun("ip -n c1 link set eth0 name lan0");
  EXPECT_EQ(t.ShowPort(1)["function"]["ifname"], "lan0");
  t.XswOk("port function set up0/1 mtu 1400");
  EXPECT_EQ(LinkOf("c1", "lan0")["mtu"], 1400);
}

TEST_F(Repair, APairThatDiedWithItsNamespaceIsMadeAnewInTheNextOfThatName) {
  MustRun("ip link add br0 type bridge");
  MustRun("ip link set up0sf1 master br0");
  t.XswOk("port function set up0/1 mtu 1400");
  const Json before = t.ShowPort(1);
  const std::string mac = LinkOf("", "up0sf1")["address"];
  const std::string programs = ProgramsOn("up0sf1");
  const std::vector<std::string> pins = Tree(kTestBpffs);

  EndContainer(1, "up0sf1");
  EXPECT_EQ(t.ShowPort(1)["function"]["opstate"], "detached");
  t.sandbox().AddNetns("c1");
  Write();
  const Json link = LinkOf("", "up0sf1");
  EXPECT_EQ(link["address"], mac);
  EXPECT_EQ(link["altnames"], Json::array({"up0pf0sf1"}));
  EXPECT_EQ(link["master"], "br0");
  EXPECT_EQ(link["mtu"], 1400);
  EXPECT_EQ(ProgramsOn("up0sf1"), programs);
  EXPECT_EQ(Tree(kTestBpffs), pins);
  EXPECT_EQ(LinkOf("c1", "eth0")["address"], Text(kMac1));
  MustRun("ip link set up0sf1 nomaster");
  t.ConfigureFunction(1);
  Json after = t.ShowPort(1);
  after.erase("statistics");
  Json expected = before;
  expected.erase("statistics");
  EXPECT_EQ(after, expected);
  EXPECT_TRUE(Reaches(Port(1), kOut));
}

TEST_F(Repair, WithoutANamespaceOfThatNameThePairIsParkedUntilThereIsOne) {
  EndContainer(1, "up0sf1");
  t.XswOk("port add up0 sfnum 5");
  EXPECT_EQ(t.ShowPort(1)["netdev"], "up0sf1");
  EXPECT_EQ(t.ShowPort(1)["function"]["opstate"], "detached");
  EXPECT_EQ(t.ShowPort(1)["function"]["state"], "active");
  EXPECT_TRUE(Reaches(Port(2), kOut));
  t.sandbox().AddNetns("c1");
  t.XswOk("port function set up0/1 state active");
  t.ConfigureFunction(1);
  EXPECT_TRUE(Reaches(Port(1), kOut));
}

TEST_F(Repair, APairThatItsUserDeletedIsMadeAnew) {
  MustRun("ip -n c1 link del eth0");
  EXPECT_EQ(t.ShowPort(1)["function"]["opstate"], "detached");
  Write();
  t.ConfigureFunction(1);
  EXPECT_TRUE(Reaches(Port(1), kOut));
  MustRun("ip link del up0sf1");
  Write();
  t.ConfigureFunction(1);
  EXPECT_TRUE(Reaches(Port(1), kOut));
}

// Somebody has taken the representor's name meanwhile.
TEST_F(Repair, APortThatCannotBeMendedIsInNobodysWay) {
  EndContainer(1, "up0sf1");
  MustRun("ip link add up0sf1 type bridge");
  EXPECT_EQ(t.Xsw("port function set up0/2 mtu 1400").err, "");
  EXPECT_EQ(t.Xsw("port add up0 sfnum 5").err, "");
  EXPECT_EQ(t.Xsw("port del up0/1").err, "");
  EXPECT_FALSE(LinkOf("", "up0sf1").is_null()) << "that netdev is not ours";
  EXPECT_TRUE(Reaches(Port(2), kOut));
  EXPECT_EQ(t.Xsw("eswitch del up0").err, "");
  EXPECT_FALSE(LinkOf("", "up0sf1").is_null()) << "that netdev is not ours";
}

}  // namespace
}  // namespace xsw::test
