// SPDX-License-Identifier: Apache-2.0
// Representors are quiet: what the host's stack says by itself when a netdev appears (IPv6
// duplicate address detection, multicast listener reports, router solicitations) never reaches a
// container.
//
//     out ==wire== up0   up0sf1 === c1          control0 === control1, an ordinary veth pair of the
//     host
#include <gtest/gtest.h>
#include <linux/if_ether.h>

#include <algorithm>

#include "tests/veth/packet.h"
#include "tests/veth/topology.h"

namespace xsw::test {
namespace {

constexpr uint16_t kIpv6 = 0x86dd;
constexpr uint8_t kIcmp6 = 58, kHopByHop = 0;

// What an ICMPv6 frame without or behind a hop-by-hop header is; -1: something else.
int Icmp6Type(const Bytes& frame) {
  if (frame.size() < 63 || EtherType(frame) != kIpv6) return -1;
  if (frame[20] == kIcmp6) return frame[54];
  return frame[20] == kHopByHop && frame[54] == kIcmp6 ? frame[62] : -1;
}
constexpr int kRouterSolicitation = 133, kNeighbourSolicitation = 135, kListenerReport2 = 143;

class Quiet : public testing::Test {
 protected:
  // IPv6 on in the host, but not in the container nor on the uplink: whatever c1 sees comes from
  // its representor.
  Quiet() : topology_({.ports = 0, .ipv6 = true}) {
    WriteFile("/proc/sys/net/ipv6/conf/default/accept_dad", "1");
    WriteFile("/proc/sys/net/ipv6/conf/up0/disable_ipv6", "1");
    topology_.sandbox().AddNetns("c1");
    InNetns in("c1");
    WriteFile("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
  }
  static Json Representor1() { return Json::parse(MustRun("ip -j -d link show up0sf1"))[0]; }

  Topology topology_;
};

TEST_F(Quiet, AFreshPortHearsNothingOfTheHostsChatter) {
  MustRun("ip link add control0 type veth peer name control1");
  topology_.XswOk("port add up0 sfnum 1 netns c1 ifname eth0");
  topology_.XswOk("port function set up0/1 state active");
  PacketSocket function("c1", "eth0", ETH_P_ALL), control("", "control1", ETH_P_ALL);
  MustRun("ip link set control0 up");
  MustRun("ip link set control1 up");
  MustRun("ip -n c1 link set eth0 up");
  // The host talks on an ordinary netdev of the same age: we have waited long enough.
  bool solicits = false, reports = false, looks_for_routers = false;
  EXPECT_TRUE(WaitFor(
      [&] {
        while (auto heard = control.Receive(0)) {
          const int type = Icmp6Type(heard->frame);
          solicits |= type == kNeighbourSolicitation;
          reports |= type == kListenerReport2;
          looks_for_routers |= type == kRouterSolicitation;
        }
        return solicits && reports && looks_for_routers;
      },
      10000));
  int heard = 0;
  while (function.Receive(0)) heard++;
  EXPECT_EQ(heard, 0);
  EXPECT_EQ(topology_.ShowPort(1)["statistics"]["slow_path"]["tx"]["frames"], 0);
}

TEST_F(Quiet, RepresentorsGenerateNoAddressAndAnswerNoArp) {
  topology_.XswOk("port add up0 sfnum 1 netns c1 ifname eth0 state active");
  MustRun("ip -n c1 link set eth0 up");
  const Json rep = Representor1();
  EXPECT_EQ(rep["inet6_addr_gen_mode"], "none");
  const Json& flags = rep["flags"];
  for (const char* flag : {"NOARP", "UP", "LOWER_UP"})
    EXPECT_EQ(std::count(flags.begin(), flags.end(), flag), 1) << flag;
  EXPECT_EQ(MustRun("ip -6 addr show dev up0sf1"), "");
}

// The function is an ordinary netdev to its user.
TEST_F(Quiet, FunctionsAreNot) {
  topology_.XswOk("port add up0 sfnum 1 netns c1 ifname eth0 state active");
  const Json function = Json::parse(MustRun("ip -n c1 -j -d link show eth0"))[0];
  EXPECT_NE(function["inet6_addr_gen_mode"], "none");
  const Json& flags = function["flags"];
  EXPECT_EQ(std::count(flags.begin(), flags.end(), "NOARP"), 0);
}

}  // namespace
}  // namespace xsw::test
