// SPDX-License-Identifier: Apache-2.0
// EVPN over eswitches: what BGP carries is what the bridges do, and what one host's containers say to
// each other stays in the fast path.
#include <gtest/gtest.h>

#include <arpa/inet.h>

#include <memory>
#include <sstream>

#include "tests/fabric/fabric.h"
#include "tests/veth/packet.h"

namespace xsw::test {
namespace {

// One fabric for all tests, each of which leaves it as it was: building one takes seconds.
class Evpn : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    fabric_ = std::make_unique<Fabric>(3);
    for (int host = 1; host <= 3; host++) fabric_->AddContainer(host, 1);
    fabric_->AddContainer(1, 2);
    fabric_->AddContainer(3, 2);
  }
  static void TearDownTestSuite() { fabric_.reset(); }
  void SetUp() override { ASSERT_TRUE(f().Converged()); }
  static Fabric& f() { return *fabric_; }

  // Frames of a host's port that have risen while traffic() ran.
  static uint64_t RisenOf(int host, int port, const std::function<void()>& traffic) {
    const auto risen = [&] {
      return f().ShowPort(host, port)["statistics"]["slow_path"]["rx"]["frames"].get<uint64_t>();
    };
    const uint64_t before = risen();
    traffic();
    return risen() - before;
  }
  static void Stream(const Endpoint& from, const Endpoint& to) {
    TcpStream stream(from, to, 1 << 20);
    EXPECT_TRUE(stream.Transfer(8 << 20)) << from.netns << " to " << to.netns;
    EXPECT_TRUE(stream.intact());
  }
  static bool Reaches(const Endpoint& from, const Endpoint& to) {
    return WaitFor([&] { return Ping(from, to); }, 10000);
  }
  // Until a host has been told a container's IP address with its MAC.
  static bool KnowsIp(int host, int where, int number) {
    const std::string route = "[2]:[0]:[48]:[" + Text(MacOf(where, number)) + "]:[32]:[" +
                              In(where, number).ip + "]";
    return WaitFor(
        [&] {
          const std::string routes = f().Run(host, "vtysh -c 'show bgp l2vpn evpn'");
          return routes.find(route) != std::string::npos;
        },
        10000);
  }
  // A container says where it is, as at its start: an unasked ARP.
  static void Announce(const Endpoint& container, const Mac& mac) {
    const PacketSocket socket(container.netns, kContainerDev, ETH_P_ALL);
    socket.Send(Arp(1, mac, container.ip, container.ip, kBroadcast));
  }
  static Bytes Arp(uint8_t operation, const Mac& mac, const std::string& of, const std::string& to,
                   const Mac& dst) {
    Bytes frame(dst.begin(), dst.end());
    frame.insert(frame.end(), mac.begin(), mac.end());
    for (uint8_t byte : {8, 6, 0, 1, 8, 0, 6, 4, 0, int(operation)}) frame.push_back(byte);
    const auto add_ip = [&](const std::string& ip) {
      in_addr address = {};
      inet_pton(AF_INET, ip.c_str(), &address);
      const auto* bytes = reinterpret_cast<const uint8_t*>(&address);
      frame.insert(frame.end(), bytes, bytes + 4);
    };
    frame.insert(frame.end(), mac.begin(), mac.end());
    add_ip(of);
    frame.insert(frame.end(), 6, 0);
    add_ip(to);
    frame.resize(60);
    return frame;
  }

 private:
  static std::unique_ptr<Fabric> fabric_;
};
std::unique_ptr<Fabric> Evpn::fabric_;

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
  EXPECT_TRUE(Reaches(In(2, 1), {"", "172.16.0.1"}));
  EXPECT_TRUE(f().Knows(1, MacOf(2, 1), 2));
  EXPECT_TRUE(f().Knows(3, MacOf(2, 1), 2));
  const std::string fdb = f().Run(1, "bridge fdb show br br100");
  EXPECT_NE(fdb.find(Text(MacOf(2, 1)) + " dev vxlan100 extern_learn"), std::string::npos) << fdb;
  EXPECT_TRUE(KnowsIp(1, 2, 1)) << f().Run(1, "vtysh -c 'show bgp l2vpn evpn'");
}

TEST_F(Evpn, OneHostsContainersTalkInTheFastPathAndOthersThroughTheBridge) {
  ASSERT_TRUE(Reaches(In(1, 1), In(1, 2)));
  ASSERT_TRUE(Reaches(In(1, 1), In(2, 1)));
  const auto offloaded = [] {
    const Json ports = Json::parse(f().Run(1, "xsw -j bridge show"))["bridge"];
    return ports["eth0/1"]["addresses"] == 1 && ports["eth0/2"]["addresses"] == 1;
  };
  ASSERT_TRUE(WaitFor(offloaded)) << f().Run(1, "xsw bridge show");
  ASSERT_TRUE(Ping(In(1, 1), In(1, 2)));
  EXPECT_LT(RisenOf(1, 1, [] { Stream(In(1, 1), In(1, 2)); }), 20u);
  EXPECT_GT(RisenOf(1, 1, [] { Stream(In(1, 1), In(2, 1)); }), 100u);
}

}  // namespace
}  // namespace xsw::test
