// SPDX-License-Identifier: Apache-2.0
// In mode switchdev a representor is a netdev like any other: a router's port, with addresses and
// VLAN netdevs on it, and nothing to set by hand. In legacy it is quiet (quiet_test.cc).
//
//     out ==wire== up0   up0sf1, 10.8.1.1 === eth0 in c1, 10.8.1.2
//                        up0sf2, 10.8.2.1 === eth0 in c2, 10.8.2.2
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/veth/packet.h"
#include "tests/veth/stream.h"
#include "tests/veth/topology.h"

namespace xsw::test {
namespace {

Json LinkOfRepresentor(int port) {
  return Json::parse(MustRun("ip -j -d link show " + Representor(port)))[0];
}
bool IsQuiet(int port) {
  const Json link = LinkOfRepresentor(port);
  const Json& flags = link["flags"];
  const bool no_arp = std::count(flags.begin(), flags.end(), "NOARP") > 0;
  EXPECT_EQ(link["inet6_addr_gen_mode"] == "none", no_arp);
  return no_arp;
}
std::string Addresses(int port) { return MustRun("ip -br addr show dev " + Representor(port)); }
bool HasLinkLocal(int port) { return Addresses(port).find("fe80::") != std::string::npos; }

class RouterPort : public testing::Test {
 protected:
  RouterPort() : t({.ports = 0, .ipv6 = true}) {}
  // A port whose container's way to everywhere is its representor.
  void AddRoutedPort(int port) {
    t.AddPort(port);
    const std::string net = "10.8." + std::to_string(port), container = ContainerName(port);
    Ip(container, "link set eth0 up\naddr add " + net + ".2/24 dev eth0\nroute add default via " +
                      net + ".1\n");
    Ip("", "addr add " + net + ".1/24 dev " + Representor(port) + "\n");
    Topology::WaitForCarrier({Representor(port)});
  }
  Topology t;
};

TEST_F(RouterPort, AnswersAndRoutes) {
  t.XswOk("eswitch set up0 mode switchdev");
  AddRoutedPort(1);
  AddRoutedPort(2);
  EXPECT_FALSE(IsQuiet(1));
  EXPECT_TRUE(Ping({"c1", "10.8.1.2"}, {"", "10.8.1.1"}));
  EXPECT_TRUE(Ping({"", "10.8.1.1"}, {"c1", "10.8.1.2"}));
  WriteFile("/proc/sys/net/ipv4/ip_forward", "1");
  EXPECT_TRUE(Ping({"c1", "10.8.1.2"}, {"c2", "10.8.2.2"}));
}

TEST_F(RouterPort, HasTheAddressThatTheSystemGivesEachNetdev) {
  t.XswOk("eswitch set up0 mode switchdev");
  AddRoutedPort(1);
  EXPECT_TRUE(WaitFor([] { return HasLinkLocal(1); }));
  WriteFile("/proc/sys/net/ipv6/conf/default/addr_gen_mode", "1");
  AddRoutedPort(2);
  EXPECT_EQ(LinkOfRepresentor(2)["inet6_addr_gen_mode"], "none");
}

TEST_F(RouterPort, AChangeOfModeMakesItSpeakAndQuietAgain) {
  AddRoutedPort(1);
  EXPECT_TRUE(IsQuiet(1));
  t.XswOk("eswitch set up0 mode switchdev");
  EXPECT_FALSE(IsQuiet(1));
  EXPECT_TRUE(WaitFor([] { return HasLinkLocal(1); }));
  EXPECT_TRUE(Ping({"c1", "10.8.1.2"}, {"", "10.8.1.1"}));
  t.XswOk("eswitch set up0 mode legacy");
  EXPECT_TRUE(IsQuiet(1));
  EXPECT_FALSE(HasLinkLocal(1)) << Addresses(1);
  EXPECT_NE(Addresses(1).find("10.8.1.1/24"), std::string::npos) << "what its user has added stays";
}

// What is left of it when one that was killed has changed some: the same command goes on.
TEST_F(RouterPort, TheSameModeAgainGoesOn) {
  t.XswOk("eswitch set up0 mode switchdev");
  AddRoutedPort(1);
  MustRun("ip link set up0sf1 arp off addrgenmode none");
  t.XswOk("eswitch set up0 mode switchdev");
  EXPECT_FALSE(IsQuiet(1));
}

// As a netdev does, for a VLAN netdev or a bridge above it.
TEST_F(RouterPort, PassesTagsUnlessThePortHasVlansOfItsOwn) {
  t.XswOk("eswitch set up0 mode switchdev");
  AddRoutedPort(1);
  // The representor's stack takes the tag from a frame: by its number it is known.
  const PacketSocket function("c1", kContainerDev, ETH_P_ALL), rep("", Representor(1), kTestType);
  uint32_t id = 0;
  const auto passes = [&](const PacketSocket& from, const PacketSocket& to, const Frame& frame) {
    const Bytes sent = Numbered(frame, ++id);
    EXPECT_TRUE(from.Send(sent));
    const auto got = [&](int limit_ms) {
      while (const std::optional<Received> received = to.Receive(limit_ms))
        if (IsTestFrame(received->frame) && IdOf(received->frame) == id) return true;
      return false;
    };
    return got(id > 4 ? 100 : 2000);
  };
  const Eth out{.dst = kOutsideMac, .src = kMac1}, in{.dst = kMac1, .src = kOutsideMac};
  EXPECT_TRUE(passes(function, rep, out / Vlan{.id = 7} / Payload(60)));
  EXPECT_TRUE(passes(function, rep, out / Dot1ad{.id = 7} / Payload(60)));
  EXPECT_TRUE(passes(rep, function, in / Vlan{.id = 7} / Payload(60)));
  EXPECT_TRUE(passes(rep, function, in / Dot1ad{.id = 7} / Payload(60)));
  t.XswOk("port function set up0/1 vlan 9");
  EXPECT_FALSE(passes(function, rep, out / Vlan{.id = 7} / Payload(60)));
  EXPECT_FALSE(passes(function, rep, out / Dot1ad{.id = 7} / Payload(60)));
}

}  // namespace
}  // namespace xsw::test
