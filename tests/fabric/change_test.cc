// SPDX-License-Identifier: Apache-2.0
// EVPN over eswitches when something changes: a container moves, a host dies, an address is silent.
#include <chrono>
#include <iostream>
#include <regex>

#include "tests/fabric/suite.h"
#include "tests/veth/packet.h"
#include "tools/xsw/demo/fabric_page.h"

namespace xsw::test {
namespace {

using Clock = std::chrono::steady_clock;

class Change : public FabricSuite {
 protected:
  // For the report; and not longer than so many seconds.
  static void ExpectWithin(double limit_s, const char* what, const std::function<bool()>& event) {
    const auto from = Clock::now();
    EXPECT_TRUE(WaitFor(event, static_cast<int>(limit_s * 1000))) << what;
    std::cout << what << ": " << std::chrono::duration<double>(Clock::now() - from).count()
              << " s\n";
  }
  static bool Floods(int host, int to) {
    return f().Run(host, "bridge fdb show dev vxlan100")
               .find("00:00:00:00:00:00 dst " + HostIp(to)) != std::string::npos;
  }
};

// BGP's mobility sequence number of a container's MAC, as host 1 has been told; 0: it has not
// moved.
int MovesOf(const Fabric& fabric, const Mac& mac) {
  const std::string routes =
      fabric.Run(1, "vtysh -c 'show bgp l2vpn evpn route vni 100 mac " + Text(mac) + "'");
  static const std::regex kSequence("MM:([0-9]+)");
  int moves = 0;
  for (std::sregex_iterator it(routes.begin(), routes.end(), kSequence), end; it != end; ++it)
    moves = std::max(moves, std::stoi((*it)[1]));
  return moves;
}

// From host 3 to host 2, as the page moves it, and back.
TEST_F(Change, AContainerThatMovedIsFound) {
  Announce(3, 2);
  ASSERT_TRUE(Reaches(In(1, 1), In(3, 2)));
  ASSERT_TRUE(f().Knows(1, MacOf(3, 2), 3));
  for (const auto& [from, to] : {std::pair{3, 2}, {2, 3}}) {
    f().Run(from, FabricBlock("sh leave"));
    f().Run(to, FabricBlock("sh arrive"));
    ExpectWithin(10, "c11 reaches it", [] { return Ping(In(1, 1), In(3, 2)); });
    ExpectWithin(10, "c11 reaches it by IPv6", [] { return Ping(In6(1, 1), In6(3, 2)); });
    EXPECT_TRUE(f().Knows(1, MacOf(3, 2), to));
    EXPECT_TRUE(Reaches(In(2, 1), In(3, 2)));
    EXPECT_TRUE(Reaches(In(3, 1), In(3, 2)));
  }
}

// As live migration does it: the new one speaks while the old one is still there. Where it spoke
// last is where it is.
TEST_F(Change, AnAddressThatSpeaksElsewhereHasMoved) {
  Announce(3, 1);
  ASSERT_TRUE(f().Knows(1, MacOf(3, 1), 3));
  f().AddContainer(2, 2);
  f().Run(2, "xsw port function set eth0/2 hw_addr " + Text(MacOf(3, 1)));
  const Bytes frame = (Eth{.dst = kBroadcast, .src = MacOf(3, 1)} / Payload(46)).bytes;
  const int moves = MovesOf(f(), MacOf(3, 1));
  for (const int place : {2, 3, 2, 3}) {
    const PacketSocket container(place == 2 ? "c22" : "c31", kContainerDev, kTestType);
    ExpectWithin(10, "the others know", [&] {
      container.Send(frame);
      return f().Run(1, "bridge fdb show dev vxlan100")
                 .find(Text(MacOf(3, 1)) + " dst " + HostIp(place)) != std::string::npos;
    });
  }
  EXPECT_TRUE(WaitFor([&] { return MovesOf(f(), MacOf(3, 1)) >= moves + 4; }, 15000))
      << moves << " to " << MovesOf(f(), MacOf(3, 1));
  f().Run(2, "xsw port del eth0/2\nip netns del c22\n");
  EXPECT_TRUE(Reaches(In(1, 1), In(3, 1)));
}

TEST_F(Change, ADeadHostIsForgotten) {
  Announce(3, 1);
  ASSERT_TRUE(f().Knows(1, MacOf(3, 1), 3));
  f().Kill(3);
  // FRR notices after the hold time, 3 s.
  ExpectWithin(8, "host 1 does not flood to it", [] { return !Floods(1, 3); });
  ExpectWithin(8, "nor host 2", [] { return !Floods(2, 3); });
  EXPECT_TRUE(f().Forgets(1, MacOf(3, 1)));
  EXPECT_TRUE(Reaches(In(1, 1), In(2, 1)));
  EXPECT_TRUE(Reaches(In(1, 1), In(1, 2)));
  f().Revive(3);
  ExpectWithin(20, "it is back", [] { return Floods(1, 3) && Floods(2, 3) && Floods(3, 1); });
  EXPECT_TRUE(Reaches(In(1, 1), In(3, 1)));
  EXPECT_TRUE(Reaches(In(3, 2), In(2, 1)));
}

// The bridge sees none of their frames but those that rise for it, and FRR withdraws what the
// bridge forgets.
TEST_F(Change, AnAddressInTheFastPathKeepsItsRouteAndASilentOneLosesIt) {
  constexpr int kAgeingS = 5;
  ASSERT_TRUE(Reaches(In(1, 1), In(1, 2)));
  ASSERT_TRUE(f().Knows(2, MacOf(1, 1), 1));
  ASSERT_TRUE(f().Knows(2, MacOf(1, 2), 1));
  ASSERT_TRUE(Offloaded(1, 1, 2)) << f().Run(1, "xsw bridge show");
  f().Run(1, "ip link set br100 type bridge ageing_time " + std::to_string(kAgeingS * 100));
  // No ARP, which rises.
  for (const auto& [one, other] : {std::pair{1, 2}, {2, 1}})
    Ip(ContainerOf(1, one), "neigh replace " + In(1, other).ip + " lladdr " +
                                Text(MacOf(1, other)) + " dev eth0 nud permanent\n");
  const std::vector<size_t> datagrams(20, 100);
  uint64_t sent = 0;
  bool kept = true;
  const auto end = Clock::now() + std::chrono::seconds(3 * kAgeingS + 1);
  const uint64_t risen = RisenOf(1, 1, [&] {
    while (kept && Clock::now() < end) {
      sent += UdpExchange(In(1, 1), In(1, 2), datagrams);
      const std::string fdb = f().Run(2, "bridge fdb show dev vxlan100");
      kept = fdb.find(Text(MacOf(1, 1)) + " dst") != std::string::npos &&
             fdb.find(Text(MacOf(1, 2)) + " dst") != std::string::npos;
    }
  });
  EXPECT_TRUE(kept);
  EXPECT_LT(risen, sent / 10) << "of " << sent;
  ExpectWithin(3 * kAgeingS, "silent ones are withdrawn",
               [&] { return f().Forgets(2, MacOf(1, 1)) && f().Forgets(2, MacOf(1, 2)); });
  f().Run(1, "ip link set br100 type bridge ageing_time 30000");
  for (const auto& [one, other] : {std::pair{1, 2}, {2, 1}})
    Ip(ContainerOf(1, one), "neigh del " + In(1, other).ip + " dev eth0\n");
}

}  // namespace
}  // namespace xsw::test
