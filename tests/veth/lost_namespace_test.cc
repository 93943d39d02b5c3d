// SPDX-License-Identifier: Apache-2.0
// A container's namespace dies under traffic and takes its port's veth pair with it.
//
//     out ==wire== up0   up0sf1 === c1, which dies (up0sf1 is a member of br0)
//                        up0sf2 === c2
//
// With the uplink's `xdp off` and `xdp on` (the far end's tx and txvlan offloads off).
#include <gtest/gtest.h>

#include "tests/veth/packet.h"
#include "tests/veth/stream.h"
#include "tests/veth/topology.h"

namespace xsw::test {
namespace {

constexpr int kN = 50;

Bytes To(const Mac& dst, const Mac& src) {
  return Numbered(Eth{.dst = dst, .src = src} / Payload(60), 1);
}

class LostNamespace : public testing::TestWithParam<std::string> {
 protected:
  LostNamespace()
      : topology_({.xdp = GetParam(), .ports = 2}),
        wire_(kOutside, kContainerDev, kTestType),
        port2_("c2", kContainerDev, kTestType),
        host_("", kUplink, kTestType),
        xdp_wire_(kOutside, kContainerDev) {
    MustRun("ethtool -K up0 gro on");  // NAPI, for XDP frames
    MustRun("ip link add br0 type bridge");
    MustRun("ip link set up0sf1 master br0");
    // So that xsw has seen the bridge.
    topology_.XswOk("fdb add up0 " + Text(kExtraMac2) + " port up0/2");
  }

  // Everybody sends to port 1.
  void SendFromAll() {
    wire_.Send(To(kMac1, kOutsideMac));
    xdp_wire_.Send(To(kMac1, kOutsideMac));
    port2_.Send(To(kMac1, kMac2));
    host_.Send(To(kMac1, kHostMac));
    port2_.Send(To(kBroadcast, kMac2));
  }
  static constexpr int kSentByAll = 5;

  bool PairIsGone() const { return !topology_.ShowPort(1).contains("netdev"); }
  void KillNamespaceUnderTraffic() {
    topology_.sandbox().DeleteNetns("c1");
    ASSERT_TRUE(WaitFor([this] {
      for (int i = 0; i < 100; i++) SendFromAll();
      return PairIsGone();
    }));
  }
  static Json Representor1() { return Json::parse(MustRun("ip -j -d link show up0sf1"))[0]; }
  bool TrafficFlows() {
    return Ping({kOutside, kOutsideIp}, {"c1", IpOf(1)}) &&
           Ping({"c2", IpOf(2)}, {"c1", IpOf(1)}) && Ping({"", kHostIp}, {"c1", IpOf(1)}) &&
           Ping({"c1", IpOf(1)}, {kOutside, kOutsideIp});
  }

  Topology topology_;
  PacketSocket wire_, port2_, host_;
  XdpSender xdp_wire_;
};

TEST_P(LostNamespace, IsShownAsDetachedAndEachFrameIsCountedSo) {
  KillNamespaceUnderTraffic();
  Json port = topology_.ShowPort(1);
  EXPECT_EQ(port["function"]["state"], "active");
  EXPECT_EQ(port["function"]["opstate"], "detached");
  EXPECT_EQ(port["function"]["hw_addr"], Text(kMac1));
  const int before = port["statistics"]["drops"]["detached"];
  for (int i = 0; i < kN; i++) SendFromAll();
  EXPECT_TRUE(WaitFor([&] {
    return topology_.ShowPort(1)["statistics"]["drops"]["detached"] == before + kN * kSentByAll;
  }));
  port = topology_.ShowPort(1);
  EXPECT_EQ(port["statistics"]["drops"]["detached"], before + kN * kSentByAll);
}

TEST_P(LostNamespace, DisturbsNobodyElse) {
  KillNamespaceUnderTraffic();
  while (port2_.Receive(0)) {
  }
  for (int i = 0; i < kN; i++) {
    wire_.Send(To(kBroadcast, kOutsideMac));
    wire_.Send(To(kMac2, kOutsideMac));
  }
  int got = 0;
  while (got < 2 * kN && port2_.Receive(2000)) got++;
  EXPECT_EQ(got, 2 * kN);
  EXPECT_TRUE(Ping({kOutside, kOutsideIp}, {"c2", IpOf(2)}));
  EXPECT_TRUE(Ping({"", kHostIp}, {"c2", IpOf(2)}));
}

TEST_P(LostNamespace, PairIsMadeAnewAsItWasByTheNextWritingCommand) {
  const Json rep = Representor1();
  const Json port = topology_.ShowPort(1);
  KillNamespaceUnderTraffic();
  topology_.sandbox().AddNetns("c1");
  topology_.XswOk("fdb del up0 " + Text(kExtraMac2) + " port up0/2");
  topology_.ConfigureFunction(1);
  const Json rep_now = Representor1();
  for (const char* key :
       {"ifname", "altnames", "address", "mtu", "master", "flags", "inet6_addr_gen_mode"})
    EXPECT_EQ(rep_now.value(key, Json()), rep.value(key, Json())) << key;
  Json port_now = topology_.ShowPort(1);
  EXPECT_EQ(port_now["function"], port["function"]);
  for (const char* key : {"netdev", "sfnum", "mtu"}) EXPECT_EQ(port_now[key], port[key]) << key;
  EXPECT_TRUE(TrafficFlows());
  EXPECT_EQ(topology_.ShowPort(1)["statistics"]["lost_at_function"], 0);
}

TEST_P(LostNamespace, PortWaitsForANamespaceOfThatNameToComeBack) {
  const Json rep = Representor1();
  KillNamespaceUnderTraffic();
  topology_.XswOk("port function set up0/2 state active");
  EXPECT_EQ(Representor1()["address"], rep["address"]);
  EXPECT_EQ(Representor1()["master"], "br0");
  Json port = topology_.ShowPort(1);
  EXPECT_EQ(port["function"]["opstate"], "detached");
  EXPECT_EQ(port["function"]["netns"], "c1");
  topology_.sandbox().AddNetns("c1");
  // Any writing command sees that it is there again.
  topology_.XswOk("fdb del up0 " + Text(kExtraMac2) + " port up0/2");
  ASSERT_EQ(RunCommand("ip -n c1 link show eth0").status, 0)
      << "the function has not come to its namespace";
  topology_.ConfigureFunction(1);
  EXPECT_EQ(topology_.ShowPort(1)["function"]["opstate"], "attached");
  EXPECT_TRUE(TrafficFlows());
}

TEST_P(LostNamespace, PortGoesToAnotherNamespaceWhenTold) {
  KillNamespaceUnderTraffic();
  topology_.XswOk("fdb del up0 " + Text(kExtraMac2) + " port up0/2");
  topology_.sandbox().AddNetns("c1");
  topology_.XswOk("port function set up0/1 netns c1 state active");
  topology_.ConfigureFunction(1);
  EXPECT_TRUE(TrafficFlows());
}

TEST_P(LostNamespace, PortCanBeDeleted) {
  KillNamespaceUnderTraffic();
  topology_.XswOk("port del up0/1");
  EXPECT_EQ(topology_.Xsw("port show up0/1").status, 1);
  topology_.AddPort(1);
  topology_.ConfigureFunction(1);
  EXPECT_TRUE(TrafficFlows());
}

INSTANTIATE_TEST_SUITE_P(Xdp, LostNamespace, testing::Values("off", "on"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace xsw::test
