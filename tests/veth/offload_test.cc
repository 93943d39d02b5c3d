// SPDX-License-Identifier: Apache-2.0
// xsw-bridge: what the bridge has decided goes past it, and only while somebody follows the bridge.
//
//     out ==wire== up0 --+
//         c1 === up0sf1 -+- br0
//         c2 === up0sf2 -+
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <iostream>
#include <optional>

#include "tests/veth/bridge.h"
#include "tests/veth/observers.h"
#include "tests/veth/stream.h"

namespace xsw::test {
namespace {

class OffloadTest : public testing::Test {
 protected:
  OffloadTest() : t({.ports = 2}) {
    t.XswOk("eswitch set up0 mode switchdev");
    MakeBridge(2);
    offload.emplace(t);
  }
  // Until all of them are known, and a frame of each has risen.
  void Learn() {
    for (const auto& [from, to] : Pairs()) EXPECT_TRUE(Ping(from, to));
    ASSERT_TRUE(offload->Covers(2, 3)) << Said();
    for (const auto& [from, to] : Pairs()) EXPECT_TRUE(Ping(from, to));
  }
  std::vector<std::pair<Endpoint, Endpoint>> Pairs() {
    const Endpoint c1{"c1", IpOf(1)}, c2{"c2", IpOf(2)}, out{kOutside, kOutsideIp};
    return {{c1, c2}, {c1, out}, {out, c2}};
  }
  // Frames of port 1 that have risen.
  uint64_t Risen() {
    return t.ShowPort(1)["statistics"]["slow_path"]["rx"]["frames"].get<uint64_t>();
  }
  uint64_t RisenOf(const std::function<void()>& traffic) {
    const uint64_t before = Risen();
    traffic();
    return Risen() - before;
  }
  // Some thousand frames of port 1.
  void Stream(const std::string& netns, const std::string& ip) {
    TcpStream stream({"c1", IpOf(1)}, {netns, ip}, 1 << 20);
    EXPECT_TRUE(stream.Transfer(16 << 20));
    EXPECT_TRUE(stream.intact());
  }
  std::string Said() {
    kill(offload->process().pid(), SIGTERM);
    return t.XswOk("bridge show") + offload->process().Wait().err;
  }
  Topology t;
  std::optional<Offload> offload;
};

TEST_F(OffloadTest, WhatTheBridgeHasDecidedGoesPastIt) {
  Learn();
  EXPECT_LT(RisenOf([&] { Stream("c2", IpOf(2)); }), 10u);
  EXPECT_LT(RisenOf([&] { Stream(kOutside, kOutsideIp); }), 10u);
}

TEST_F(OffloadTest, WithoutItAllRises) {
  Learn();
  offload->process().Kill();
  ASSERT_TRUE(WaitFor([&] { return offload->Of(1) == "no_lease"; }));
  EXPECT_GT(RisenOf([&] { Stream("c2", IpOf(2)); }), 100u);
}

TEST_F(OffloadTest, WhenItStopsOrHangsAllRisesWithinASecond) {
  Learn();
  kill(offload->process().pid(), SIGSTOP);
  const auto from = std::chrono::steady_clock::now();
  EXPECT_TRUE(WaitFor([&] { return offload->Of(1) == "no_lease"; }));
  EXPECT_LT(std::chrono::steady_clock::now() - from, std::chrono::seconds(2));
  kill(offload->process().pid(), SIGCONT);
  EXPECT_TRUE(offload->Covers(2, 3));
  kill(offload->process().pid(), SIGTERM);
  EXPECT_TRUE(WaitFor([&] { return offload->Of(1) == "no_lease"; }));
  EXPECT_EQ(offload->process().Wait().status, 0);
}

TEST_F(OffloadTest, SaysWhyAPortStandsAside) {
  Learn();
  const struct {
    const char *command, *reason;
  } rows[] = {
      {"ip link set up0sf1 nomaster", "no_bridge"},
      {"ip link set up0sf1 master br0", "on"},
      {"bridge link set dev up0sf1 state 1", "state"},
      {"bridge link set dev up0sf1 state 3", "on"},
      {"tc qdisc add dev up0sf1 root tbf rate 1mbit burst 10kb latency 10ms", "tc"},
      {"tc qdisc del dev up0sf1 root", "on"},
      {"bridge link set dev up0sf1 vlan_tunnel on", "tunnel"},
      {"bridge link set dev up0sf1 vlan_tunnel off", "on"},
      {"nft add table bridge t", "on"},
      {"nft add chain bridge t f { type filter hook forward priority 0 ; }", "filter"},
      {"nft delete table bridge t", "on"},
      {"ip link set up0sf1 mtu 1400", "mtu"},
      {"ip link set up0sf1 mtu 1500", "on"},
      {"ip link set br0 promisc on", "watched"},
      {"ip link set br0 promisc off", "on"},
      {"ip link set br0 down", "bridge"},
      {"ip link set br0 up", "on"},
  };
  for (const auto& [command, reason] : rows) {
    MustRun(command);
    EXPECT_TRUE(WaitFor([&] { return offload->Of(1) == reason; }))
        << command << ": " << offload->Of(1);
  }
  t.XswOk("port function set up0/1 rx_max 1mbit");
  EXPECT_TRUE(WaitFor([&] { return offload->Of(1) == "policy"; })) << offload->Of(1);
}

TEST_F(OffloadTest, ASecondOneWritesNothing) {
  Learn();
  Offload second(t);
  const Result result = [&] {
    WaitFor([&] { return second.process().Done(); }, 300);
    kill(second.process().pid(), SIGTERM);
    return second.process().Wait();
  }();
  EXPECT_NE(result.err.find("another process writes its permits"), std::string::npos) << result.err;
  EXPECT_EQ(offload->Of(1), "on");
}

// From when the command has ended until the last frame that comes through.
TEST_F(OffloadTest, ARightThatIsTakenAwayIsGoneSoon) {
  using Ms = std::chrono::duration<double, std::milli>;
  Learn();
  const PacketSocket c1("c1", kContainerDev, kTestType), c2("c2", kContainerDev, kTestType);
  uint32_t id = 0;
  const auto passes = [&] {
    c1.Send(Numbered(Eth{.dst = kMac2, .src = kMac1} / Payload(46), ++id));
    return c2.Receive(2).has_value();
  };
  for (const char* command :
       {"bridge link set dev up0sf2 state 1", "ip link set up0sf2 nomaster", "ip link set br0 down",
        "nft add table bridge t ; add chain bridge t f { type filter hook forward priority 0 ; "
        "policy drop ; }"}) {
    ASSERT_TRUE(WaitFor(passes)) << command;
    ASSERT_TRUE(offload->Covers(2, 2));
    MustRun(command);
    const auto taken = std::chrono::steady_clock::now();
    auto last = taken;
    int lost = 0;
    while (lost < 50) {
      lost = passes() ? 0 : lost + 1;
      if (!lost) last = std::chrono::steady_clock::now();
    }
    std::cout << command << ": " << Ms(last - taken).count() << " ms\n";
    EXPECT_LT(Ms(last - taken).count(), 300 * Patience());
    MustRun("ip link set up0sf2 master br0");
    MustRun("ip link set br0 up");
    MustRun("bridge link set dev up0sf2 state 3");
  }
}

// The bridge sees no frame of them but those that rise.
TEST_F(OffloadTest, AnAddressInUseDoesNotAgeAndASilentOneDoes) {
  MustRun("ip link set br0 type bridge ageing_time 300");
  Learn();
  Ip("c1", "neigh replace " + IpOf(2) + " lladdr " + Text(kMac2) + " dev eth0 nud permanent\n");
  const PacketSocket c1("c1", kContainerDev, kTestType), c2("c2", kContainerDev, kTestType);
  const auto knows = [](const Mac& mac) {
    return MustRun("bridge fdb show br br0").find(Text(mac) + " dev up0sf") != std::string::npos;
  };
  uint32_t id = 0;
  EXPECT_FALSE(WaitFor(
      [&] {
        c1.Send(Numbered(Eth{.dst = kMac2, .src = kMac1} / Payload(46), ++id));
        return !knows(kMac1);
      },
      9000));
  EXPECT_TRUE(WaitFor([&] { return !knows(kMac2); }));
}

}  // namespace
}  // namespace xsw::test
