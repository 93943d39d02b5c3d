// SPDX-License-Identifier: Apache-2.0
// EVPN over eswitches: what BGP carries is what the bridges do, and what one host's containers say
// to each other stays in the fast path.
#include <linux/if_ether.h>
#include <netinet/in.h>

#include <algorithm>
#include <sstream>

#include "tests/fabric/suite.h"
#include "tests/veth/packet.h"
#include "tools/xsw/demo/fabric_page.h"

namespace xsw::test {
namespace {

class Evpn : public FabricSuite {};

TEST_F(Evpn, EachHostFloodsToEachOther) {
  for (int host = 1; host <= 3; host++) {
    const std::string routes = f().Run(host, "vtysh -c 'show bgp l2vpn evpn route type multicast'");
    for (int other = 1; other <= 3; other++)
      EXPECT_NE(routes.find("[3]:[0]:[32]:[" + HostIp(other) + "]"), std::string::npos) << routes;
  }
}

TEST_F(Evpn, ContainersReachEachOtherWhereverTheyAre) {
  const std::pair<int, int> containers[] = {{1, 1}, {1, 2}, {2, 1}, {3, 1}, {3, 2}};
  for (const auto& [host, number] : containers) {
    for (const auto& [other, its] : containers) {
      if (host == other && number == its) continue;
      EXPECT_TRUE(Reaches(In(host, number), In(other, its)))
          << ContainerOf(host, number) << " to " << ContainerOf(other, its);
    }
  }
  EXPECT_TRUE(Reaches(In6(1, 1), In6(1, 2)));
  EXPECT_TRUE(Reaches(In6(1, 1), In6(2, 1)));
  EXPECT_TRUE(Reaches(In6(3, 1), In6(1, 2)));
}

TEST_F(Evpn, WhereAnAddressIsTheOthersAreTold) {
  Announce(2, 1);
  EXPECT_TRUE(f().Knows(1, MacOf(2, 1), 2));
  EXPECT_TRUE(f().Knows(3, MacOf(2, 1), 2));
  const std::string fdb = f().Run(1, "bridge fdb show br br100");
  EXPECT_NE(fdb.find(Text(MacOf(2, 1)) + " dev vxlan100 extern_learn"), std::string::npos) << fdb;
  EXPECT_TRUE(KnowsIp(1, 2, 1)) << f().Run(1, "vtysh -c 'show bgp l2vpn evpn'");
}

TEST_F(Evpn, OneHostsContainersTalkInTheFastPathAndOthersThroughTheBridge) {
  const auto stream = [](const Endpoint& from, const Endpoint& to) {
    TcpStream tcp(from, to, 1 << 20);
    EXPECT_TRUE(tcp.Transfer(8 << 20)) << from.netns << " to " << to.netns;
    EXPECT_TRUE(tcp.intact());
  };
  ASSERT_TRUE(Reaches(In(1, 1), In(1, 2)));
  ASSERT_TRUE(Reaches(In(1, 1), In(2, 1)));
  ASSERT_TRUE(Offloaded(1, 1, 2)) << f().Run(1, "xsw bridge show");
  EXPECT_LT(RisenOf(1, 1, [&] { stream(In(1, 1), In(1, 2)); }), 20u);
  EXPECT_LT(RisenOf(1, 1, [&] { stream(In6(1, 1), In6(1, 2)); }), 20u);
  EXPECT_GT(RisenOf(1, 1, [&] { stream(In(1, 1), In(2, 1)); }), 100u);
}

struct Seen {
  int arp = 0, ipv4 = 0;
};

// What of a ping from c11 to c21 a host sends to the others: in VXLAN, 50 bytes before the frame.
Seen OnTheWireOf(const Endpoint& from, const Endpoint& to) {
  constexpr size_t kType = 50 + 12;
  FlushNeighbours(from.netns);
  const PacketSocket wire("spine", "leaf1", ETH_P_ALL);
  EXPECT_TRUE(Ping(from, to));
  Seen seen;
  while (const auto got = wire.Receive(100)) {
    const Bytes& frame = got->frame;
    if (frame.size() < kType + 2 || frame[23] != IPPROTO_UDP) continue;
    const int type = frame[kType] << 8 | frame[kType + 1];
    seen.arp += type == ETH_P_ARP;
    seen.ipv4 += type == ETH_P_IP;
  }
  return seen;
}

TEST_F(Evpn, ArpForAKnownAddressIsAnsweredAtHome) {
  Announce(2, 1);
  Announce(1, 1);
  ASSERT_TRUE(KnowsIp(1, 2, 1));
  ASSERT_TRUE(Says(1, "ip neigh show dev br100", "172.16.0.21 lladdr 02:00:00:00:02:01"));
  ASSERT_TRUE(KnowsIp(2, 1, 1));
  const Seen seen = OnTheWireOf(In(1, 1), In(2, 1));
  EXPECT_EQ(seen.arp, 0);
  EXPECT_GE(seen.ipv4, 1);
  f().Run(1, "bridge link set dev vxlan100 neigh_suppress off");
  EXPECT_GE(OnTheWireOf(In(1, 1), In(2, 1)).arp, 1);
  f().Run(1, "bridge link set dev vxlan100 neigh_suppress on");
}

TEST_F(Evpn, WhatIsUnknownMayNotGoPastTheBridge) {
  for (const char* words : {"miss uplink", "mode legacy", "mode legacy miss auto"}) {
    const Result result = f().Try(1, std::string("xsw eswitch set eth0 ") + words);
    EXPECT_EQ(result.status, 1) << words;
    EXPECT_NE(result.err.find("br100 has vxlan100"), std::string::npos) << result.err;
  }
  for (const char* miss : {"representor", "drop", "auto"})
    f().Run(1, std::string("xsw eswitch set eth0 miss ") + miss);
}

// A line of the page, in which "..." is anything.
bool Matches(const std::string& line, const std::string& pattern) {
  size_t at = 0, from = 0;
  for (;;) {
    const size_t dots = pattern.find("...", from);
    const std::string part = pattern.substr(from, dots == std::string::npos ? dots : dots - from);
    const size_t found = line.find(part, at);
    if (found == std::string::npos || (from == 0 && found != 0)) return false;
    if (dots == std::string::npos) return part.empty() || line.ends_with(part);
    at = found + part.size();
    from = dots + 3;
  }
}

TEST_F(Evpn, ThePageShowsWhatThereIs) {
  Announce(1, 1);
  Announce(2, 1);
  std::istringstream page(FabricBlock("look"));
  std::string command;
  int patterns = 0;
  for (std::string pattern; std::getline(page, pattern);) {
    if (pattern.starts_with("$ ")) {
      command = pattern.substr(2);
      continue;
    }
    patterns++;
    std::string said;
    EXPECT_TRUE(WaitFor(
        [&] {
          std::istringstream lines(said = f().Run(1, command));
          for (std::string line; std::getline(lines, line);)
            if (Matches(line, pattern)) return true;
          return false;
        },
        10000))
        << pattern << "\nis not said by " << command << ":\n"
        << said;
  }
  EXPECT_GT(patterns, 5);
}

}  // namespace
}  // namespace xsw::test
