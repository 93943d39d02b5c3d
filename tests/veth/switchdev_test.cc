// SPDX-License-Identifier: Apache-2.0
// `mode switchdev`: a plain bridge of the kernel over the representors and the uplink makes a switch of
// them, and decides about each frame, whatever the eswitch's FDB knows. (What it may forbid:
// bridge_decides_test.cc.)
//
//     out ==wire== up0 --+
//         c1 === up0sf1 -+- br0, the host's netdev now (kHostMac, 10.9.0.1)
//         c2 === up0sf2 -+
//         c3 === up0sf3 -+
#include <gtest/gtest.h>

#include <memory>

#include "tests/veth/bridge.h"
#include "tests/veth/observers.h"
#include "tests/veth/stream.h"

namespace xsw::test {
namespace {

class Switchdev : public testing::TestWithParam<const char*> {
 protected:
  Switchdev() : t_({.xdp = GetParam(), .ports = 3}) {
    t_.XswOk("eswitch set up0 mode switchdev");
    MakeBridge(3);
    see_ = std::make_unique<Observers>(t_);
  }
  uint64_t SlowRx(int port) {
    return t_.ShowPort(port)["statistics"]["slow_path"]["rx"]["frames"].get<uint64_t>();
  }
  // Who of wire and functions gets it; the bridge takes what comes to the host.
  std::string GotBy(Place from, const Eth& eth) {
    const Bytes frame = Numbered(eth / Payload(100), ++id_);
    see_->Send(from, frame);
    return WhoGot(see_->Arrived(), id_);
  }

  Topology t_;
  std::unique_ptr<Observers> see_;
  uint32_t id_ = 0;
};

const Mac kNobody = {2, 9, 9, 9, 9, 9};

TEST_P(Switchdev, ArpPingAndTcpOfAllPairs) {
  const Endpoint c1{"c1", IpOf(1)}, c2{"c2", IpOf(2)}, c3{"c3", IpOf(3)},
      out{kOutside, kOutsideIp}, host{"", kHostIp};
  for (const auto& [from, to] : {std::pair{c1, c2}, {c2, c3}, {c1, out}, {out, c2}, {c3, host},
                                 {host, c1}, {host, out}, {out, host}}) {
    for (const std::string netns : {"", "c1", "c2", "c3", "out"}) FlushNeighbours(netns);
    EXPECT_TRUE(Ping(from, to)) << from.ip << " to " << to.ip;
    TcpStream stream(from, to, 64 << 10);
    EXPECT_TRUE(stream.Transfer(1 << 20)) << from.ip << " to " << to.ip;
    EXPECT_TRUE(stream.intact());
  }
  for (const std::string netns : {"", "c1", "c2", "c3", "out"}) EXPECT_EQ(ChecksumErrors(netns), 0u);
}

TEST_P(Switchdev, TheBridgeFloodsWhatNobodyKnows) {
  EXPECT_EQ(GotBy(kFunction1, {kNobody, kMac1}), Each({kWire, kFunction2, kFunction3}));
  EXPECT_EQ(GotBy(kWire, {kNobody, kOutsideMac}), Each({kFunction1, kFunction2, kFunction3}));
  EXPECT_EQ(GotBy(kFunction2, {kBroadcast, kMac2}), Each({kWire, kFunction1, kFunction3}));
  EXPECT_EQ(GotBy(kWire, {kBroadcast, kOutsideMac}), Each({kFunction1, kFunction2, kFunction3}));
  EXPECT_EQ(GotBy(kWire, {kMulticast6, kOutsideMac}), Each({kFunction1, kFunction2, kFunction3}));
}

TEST_P(Switchdev, TheBridgeLearnsAndThenForwardsToOne) {
  GotBy(kWire, {kBroadcast, kOutsideMac});
  GotBy(kFunction1, {kBroadcast, kMac1});
  EXPECT_EQ(GotBy(kFunction1, {kOutsideMac, kMac1}), Each({kWire}));
  const std::string fdb = MustRun("bridge fdb show br br0");
  EXPECT_NE(fdb.find(Text(kOutsideMac) + " dev up0 master br0"), std::string::npos) << fdb;
  EXPECT_NE(fdb.find(Text(kMac1) + " dev up0sf1 master br0"), std::string::npos) << fdb;
}

TEST_P(Switchdev, WhatTheFdbKnowsRisesToo) {
  const uint64_t before = SlowRx(1);
  EXPECT_EQ(GotBy(kFunction1, {kMac2, kMac1}), Each({kWire, kFunction2, kFunction3}));
  EXPECT_EQ(GotBy(kFunction2, {kMac1, kMac2}), Each({kFunction1}));
  EXPECT_EQ(GotBy(kFunction1, {kMac2, kMac1}), Each({kFunction2}));
  EXPECT_EQ(GotBy(kWire, {kMac1, kOutsideMac}), Each({kFunction1}));
  EXPECT_EQ(SlowRx(1), before + 2);
}

TEST_P(Switchdev, WhatIsSentOnARepresentorReachesItsFunctionWithoutRules) {
  t_.XswOk("port function set up0/1 vlan 7 isolated on rx_max 1mbit");
  for (const Mac& dst : {kMac1, kMac2, kNobody, kBroadcast, kStpMac})
    EXPECT_EQ(GotBy(kRepresentor1, {dst, kMac3}), Each({kFunction1})) << Text(dst);
}

TEST_P(Switchdev, ASpoofedFrameDoesNotRise) {
  const uint64_t before = SlowRx(1);
  EXPECT_EQ(GotBy(kFunction1, {kBroadcast, kMac3}), "");
  EXPECT_EQ(SlowRx(1), before);
}

// The bridge is the host's: an inactive eswitch keeps the ports out of it.
TEST_P(Switchdev, InactiveNothingPassesAndThenAllAgain) {
  t_.XswOk("eswitch set up0 mode switchdev_inactive");
  EXPECT_EQ(GotBy(kFunction1, {kBroadcast, kMac1}), "");
  EXPECT_EQ(GotBy(kFunction1, {kMac2, kMac1}), "");
  EXPECT_EQ(GotBy(kWire, {kMac1, kOutsideMac}), "");
  EXPECT_EQ(GotBy(kWire, {kBroadcast, kOutsideMac}), "");
  t_.XswOk("eswitch set up0 mode switchdev");
  GotBy(kFunction2, {kBroadcast, kMac2});
  EXPECT_EQ(GotBy(kFunction1, {kMac2, kMac1}), Each({kFunction2}));
  EXPECT_EQ(GotBy(kWire, {kBroadcast, kOutsideMac}), Each({kFunction1, kFunction2, kFunction3}));
}

INSTANTIATE_TEST_SUITE_P(Xdp, Switchdev, testing::Values("off", "on"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace xsw::test
