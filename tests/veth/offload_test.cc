// SPDX-License-Identifier: Apache-2.0
// xsw-bridge: what the bridge has decided goes past it, and what it has not stands aside.
#include <linux/if_ether.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <iostream>

#include "tests/veth/observers.h"
#include "tests/veth/offloaded.h"

namespace xsw::test {
namespace {

using OffloadTest = Offloaded;

constexpr int kMostPermits = 65536;

TEST_F(OffloadTest, WhatTheBridgeHasDecidedGoesPastIt) {
  Learn();
  EXPECT_LT(RisenOf([&] { Stream("c2", IpOf(2)); }), 10u);
  EXPECT_LT(RisenOf([&] { Stream(kOutside, kOutsideIp); }), 10u);
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

// The others go past the bridge all the same.
TEST_F(OffloadTest, SaysThatThereAreMoreAddressesThanPermits) {
  Learn();
  AddAddresses(kMostPermits + 1);
  EXPECT_TRUE(WaitFor([&] { return offload->Addresses() == kMostPermits; }, 60000))
      << offload->Addresses();
  EXPECT_EQ(offload->Of(1), "on");
  EXPECT_NE(
      Said().find("up0: not every address is offloaded: the table of permits is full (65536)"),
      std::string::npos);
}

struct Ipv4Change {
  const char* name;
  std::function<void(Bytes& frame)> change;
};

// br_netfilter drops packets that are wrong, and cuts off what is behind a packet, without any
// rule.
TEST_F(OffloadTest, WhatBrNetfilterWouldNotForwardAsItIsRises) {
  constexpr char kCall[] = "/proc/sys/net/bridge/bridge-nf-call-iptables";
  // A module, where it is not built in as here: what a machine has loaded is not ours to change.
  if (access(kCall, F_OK)) GTEST_SKIP() << "this kernel has no br_netfilter";
  WriteFile(kCall, "1");
  Learn();
  constexpr size_t kIp = 14;
  const Ipv4Change rows[] = {
      {"as it should be", [](Bytes&) {}},
      {"another checksum", [](Bytes& f) { f[kIp + 10] ^= 1; }},
      {"another version", [](Bytes& f) { f[kIp] = 0x55; }},
      {"longer than the frame", [](Bytes& f) { f[kIp + 3]++; }},
      {"padding behind it", [](Bytes& f) { f.resize(f.size() + 6); }},
  };
  const PacketSocket c1("c1", kContainerDev, ETH_P_IP), c2("c2", kContainerDev, ETH_P_IP);
  const auto arrives = [&](const Ipv4Change& row) -> std::optional<Bytes> {
    Bytes frame = (Eth{kMac2, kMac1, ETH_P_IP} / Udp4{.payload = 80}).bytes;
    row.change(frame);
    c1.Send(frame);
    const auto got = c2.Receive(100);
    return got ? std::optional(got->frame) : std::nullopt;
  };
  std::vector<std::optional<Bytes>> past, by_the_bridge;
  for (const Ipv4Change& row : rows) past.push_back(arrives(row));
  offload->process().Kill();
  ASSERT_TRUE(WaitFor([&] { return offload->Of(1) == "no_lease"; }));
  for (const Ipv4Change& row : rows) by_the_bridge.push_back(arrives(row));
  for (size_t i = 0; i < past.size(); i++) EXPECT_EQ(past[i], by_the_bridge[i]) << rows[i].name;
  EXPECT_TRUE(past[0] && !past[1]);
}

// From when the command has ended until the last frame that comes through.
TEST_F(OffloadTest, ARightThatIsTakenAwayIsGoneSoon) {
  using Ms = std::chrono::duration<double, std::milli>;
  Learn();
  Probe probe;
  for (const char* command :
       {"bridge link set dev up0sf2 state 1", "ip link set up0sf2 nomaster", "ip link set br0 down",
        "nft add table bridge t ; add chain bridge t f { type filter hook forward priority 0 ; "
        "policy drop ; }"}) {
    ASSERT_TRUE(WaitFor([&] { return probe.Passes(); })) << command;
    // The bridge has forgotten it when it went down.
    probe.SendBack();
    ASSERT_TRUE(offload->Covers(2, 2));
    MustRun(command);
    const auto taken = std::chrono::steady_clock::now();
    auto last = taken;
    int lost = 0;
    while (lost < 50) {
      lost = probe.Passes() ? 0 : lost + 1;
      if (!lost) last = std::chrono::steady_clock::now();
    }
    std::cout << command << ": " << Ms(last - taken).count() << " ms\n";
    EXPECT_LT(Ms(last - taken).count(), 300 * Patience());
    MustRun("ip link set up0sf2 master br0");
    MustRun("ip link set br0 up");
    MustRun("bridge link set dev up0sf2 state 3");
  }
}

}  // namespace
}  // namespace xsw::test
