// SPDX-License-Identifier: Apache-2.0
// The golden rule: in `mode switchdev` what the host's software forbids does not pass, although the
// eswitch knows the addresses, and what it allows passes: also when xsw-bridge has had the eswitch
// do itself what the bridge had decided before. On plain veth pairs the same rows hold.
//
//     out ==wire== up0 --+
//         c1 === up0sf1 -+- br0, which knows all addresses
//         c2 === up0sf2 -+
//         c3 === up0sf3 -+
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <sstream>

#include "tests/veth/bridge.h"
#include "tests/veth/observers.h"
#include "tests/veth/stream.h"

namespace xsw::test {
namespace {

struct Row {
  const char* name;
  const char* commands;  // a line each, after the bridge has learnt
  Place from;
  Eth eth;
  Places to;  // of wire, functions and the host's stacks behind netdevs that are in no bridge
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }

constexpr Mac kStranger = {2, 9, 9, 9, 9, 9};
constexpr char kNothing[] = "";
constexpr char kIsolate12[] =
    "bridge link set dev up0sf1 isolated on\n"
    "bridge link set dev up0sf2 isolated on";
constexpr char kLock1[] = "bridge link set dev up0sf1 locked on";
// 1 is listening; a bridge without STP makes a port in 4, blocking, forward at once.
constexpr char kBlock1[] = "bridge link set dev up0sf1 state 1";
constexpr char kBlockUplink[] = "bridge link set dev up0 state 1";
constexpr char kLeave1[] = "ip link set up0sf1 nomaster";
constexpr char kLeaveUplink[] = "ip link set up0 nomaster";
constexpr char kTwoBridges[] =
    "ip link add br1 type bridge mcast_snooping 0\n"
    "ip link set br1 up\n"
    "ip link set up0sf1 master br1";
constexpr char kBridgeDown[] = "ip link set br0 down";
// The test kernel has no other action than this.
constexpr char kTcFrom1[] =
    "tc qdisc add dev up0sf1 clsact\n"
    "tc filter add dev up0sf1 ingress protocol all u32 match ether dst "
    "02:00:00:00:00:02 action mirred egress redirect dev up0sf3";
constexpr char kTcTo2[] =
    "tc qdisc add dev up0sf2 clsact\n"
    "tc filter add dev up0sf2 egress protocol all u32 match ether dst "
    "02:00:00:00:00:02 action mirred egress redirect dev up0sf3";
constexpr char kTcFromTheWire[] =
    "tc qdisc add dev up0 clsact\n"
    "tc filter add dev up0 ingress protocol all u32 match ether dst "
    "02:00:00:00:00:02 action mirred egress redirect dev up0sf3";
constexpr char kNft[] =
    "nft add table bridge t\n"
    "nft add chain bridge t f { type filter hook forward priority 0 ; }\n"
    "nft add rule bridge t f ether daddr 02:00:00:00:00:02 drop";
constexpr char kStaticElsewhere[] = "bridge fdb replace 02:00:00:00:00:02 dev up0sf3 master static";

const Row kRows[] = {
    {"PortToPort", kNothing, kFunction1, {kMac2, kMac1}, {kFunction2}},
    {"PortToWire", kNothing, kFunction1, {kOutsideMac, kMac1}, {kWire}},
    {"WireToPort", kNothing, kWire, {kMac1, kOutsideMac}, {kFunction1}},
    {"ToItself", kNothing, kFunction1, {kMac1, kMac1}, {}},

    {"IsolatedToIsolated", kIsolate12, kFunction1, {kMac2, kMac1}, {}},
    {"IsolatedToAnother", kIsolate12, kFunction1, {kMac3, kMac1}, {kFunction3}},
    {"IsolatedToWire", kIsolate12, kFunction1, {kOutsideMac, kMac1}, {kWire}},
    {"WireToIsolated", kIsolate12, kWire, {kMac1, kOutsideMac}, {kFunction1}},
    {"IsolatedBroadcast", kIsolate12, kFunction1, {kBroadcast, kMac1}, {kWire, kFunction3}},

    {"LockedFromAnAddressOfAnotherPort", kLock1, kFunction1, {kMac2, kStranger}, {}},
    {"LockedBroadcastFromAStranger", kLock1, kFunction1, {kBroadcast, kStranger}, {}},
    {"ToLocked", kLock1, kFunction2, {kMac1, kMac2}, {kFunction1}},

    {"FromABlockedPort", kBlock1, kFunction1, {kMac2, kMac1}, {}},
    {"ToABlockedPort", kBlock1, kFunction2, {kMac1, kMac2}, {}},
    {"WireToABlockedPort", kBlock1, kWire, {kMac1, kOutsideMac}, {}},
    {"FromTheBlockedUplink", kBlockUplink, kWire, {kMac1, kOutsideMac}, {}},
    {"ToTheBlockedUplink", kBlockUplink, kFunction1, {kOutsideMac, kMac1}, {}},

    {"FromARepresentorInNoBridge", kLeave1, kFunction1, {kMac2, kMac1}, {kRepresentor1}},
    {"ToARepresentorInNoBridge", kLeave1, kWire, {kMac1, kOutsideMac}, {kFunction2, kFunction3}},
    {"WireWithoutBridge", kLeaveUplink, kWire, {kMac1, kOutsideMac}, {kHost}},
    {"WireBroadcastWithoutBridge", kLeaveUplink, kWire, {kBroadcast, kOutsideMac}, {kHost}},
    {"ToWireWithoutBridge",
     kLeaveUplink,
     kFunction1,
     {kOutsideMac, kMac1},
     {kFunction2, kFunction3}},
    {"FromOneBridgeToAnother", kTwoBridges, kFunction1, {kMac2, kMac1}, {}},
    {"WireToAnotherBridge", kTwoBridges, kWire, {kMac1, kOutsideMac}, {kFunction2, kFunction3}},
    {"BridgeDown", kBridgeDown, kFunction1, {kMac2, kMac1}, {}},
    {"WireWithTheBridgeDown", kBridgeDown, kWire, {kMac1, kOutsideMac}, {}},

    {"TcTakesWhatAFunctionSends", kTcFrom1, kFunction1, {kMac2, kMac1}, {kFunction3}},
    {"TcTakesWhatAFunctionGets", kTcTo2, kFunction1, {kMac2, kMac1}, {kFunction3}},
    {"TcTakesWhatTheWireBrings", kTcFromTheWire, kWire, {kMac2, kOutsideMac}, {kFunction3}},
    {"NftablesDropsWhatABridgeForwards", kNft, kFunction1, {kMac2, kMac1}, {}},
    {"NftablesLetsTheRestPass", kNft, kFunction1, {kMac3, kMac1}, {kFunction3}},
    {"TheBridgeHasTheAddressElsewhere", kStaticElsewhere, kFunction1, {kMac2, kMac1}, {kFunction3}},
};

void Do(const std::string& commands) {
  std::istringstream lines(commands);
  for (std::string line; std::getline(lines, line);) MustRun(line);
}

// Each row in a network of its own: what it changes cannot be undone without waiting.
class BridgeDecides : public testing::TestWithParam<std::tuple<std::string, bool, Row>> {};

Bytes Frame(const Eth& eth, uint32_t id) { return Numbered(eth / Payload(100), id); }

TEST_P(BridgeDecides, AboutWhatTheEswitchKnows) {
  const auto& [xdp, offload, row] = GetParam();
  Topology t({.xdp = xdp, .ports = 3});
  t.XswOk("eswitch set up0 mode switchdev");
  // One that is no rule: without it each frame from a stranger's address is dropped by us.
  t.XswOk("port function set up0/1 spoofchk off");
  MakeBridge(3);
  Observers see(t);
  std::optional<Offload> bridge;
  if (offload) bridge.emplace(t);
  const auto all_send_to = [&](const Mac& dst) {
    see.Send(kWire, Frame({dst, kOutsideMac}, 1));
    for (int port = 1; port <= 3; port++)
      see.Send(static_cast<Place>(kFunction1 + port - 1), Frame({dst, MacOf(port)}, 1));
    see.Arrived();
  };
  all_send_to(kBroadcast);
  if (offload) {
    ASSERT_TRUE(bridge->Covers(3, 4));
    all_send_to(kMac3);  // The first frame of each address rises; no other does.
  }
  Do(row.commands);

  uint32_t id = 2;
  const auto got = [&] {
    see.Send(row.from, Frame(row.eth, ++id));
    return WhoGot(see.Arrived(), id);
  };
  // xsw-bridge takes a moment to notice each command, and a frame that rises meanwhile tells
  // nothing.
  int right = 0;
  if (offload) WaitFor([&] { return (right = got() == Each(row.to) ? right + 1 : 0) == 5; });
  EXPECT_EQ(got(), Each(row.to));
}

INSTANTIATE_TEST_SUITE_P(Xdp, BridgeDecides,
                         testing::Combine(testing::Values("off", "on"), testing::Bool(),
                                          testing::ValuesIn(kRows)),
                         [](const auto& info) {
                           return std::string(std::get<2>(info.param).name) + "_Xdp" +
                                  std::get<0>(info.param) +
                                  (std::get<1>(info.param) ? "_Offloaded" : "");
                         });

// As it was reported: two isolated ports, stacks that know each other's address.
TEST(IsolatedPorts, DoNotAnswerEachOthersPing) {
  Topology t({.ports = 2});
  t.XswOk("eswitch set up0 mode switchdev");
  MakeBridge(2);
  Ip("c1", "neigh add " + IpOf(2) + " lladdr " + Text(kMac2) + " dev eth0 nud permanent\n");
  Ip("c2", "neigh add " + IpOf(1) + " lladdr " + Text(kMac1) + " dev eth0 nud permanent\n");
  const Endpoint c1{"c1", IpOf(1)}, c2{"c2", IpOf(2)};
  ASSERT_TRUE(Ping(c1, c2));
  Do(kIsolate12);
  EXPECT_FALSE(Ping(c1, c2));
  EXPECT_FALSE(Ping(c2, c1));
  EXPECT_TRUE(Ping(c1, {kOutside, kOutsideIp}));
}

}  // namespace
}  // namespace xsw::test
