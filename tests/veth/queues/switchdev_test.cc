// SPDX-License-Identifier: Apache-2.0
// `mode switchdev` with queue blocks: their representors are members of the host's bridge as others
// are.
//
//   wire --- br0, the host --- up0/1, up0/2, up0/3, each a netdev (N) or a queue block (Q)
#include <gtest/gtest.h>

#include <memory>

#include "tests/veth/bridge.h"
#include "tests/veth/queues/ends.h"
#include "tests/veth/queues/responder.h"
#include "tests/veth/stream.h"

namespace xsw::test {
namespace {

const Mac kNobody = {2, 9, 9, 9, 9, 9};

class BlocksInABridge : public testing::TestWithParam<std::tuple<std::string, std::string>> {
 protected:
  BlocksInABridge() : ends_(std::get<0>(GetParam()), std::get<1>(GetParam())) {
    ends_.lab().XswOk("eswitch set up0 mode switchdev");
    MakeBridge(3);
  }
  uint64_t SlowRx(int port) {
    return ends_.lab().ShowPort(port)["statistics"]["slow_path"]["rx"]["frames"].get<uint64_t>();
  }
  // Who of wire and functions; the bridge takes what comes to the host.
  void ExpectAt(const Places& places, Place from, const Eth& eth) {
    const Bytes frame = Numbered(eth / Payload(100), ++id_);
    ends_.Send(from, frame);
    EXPECT_EQ(WhoGot(ends_.Arrived(id_, places), id_), Each(places)) << "from " << PlaceName(from);
  }
  Ends ends_;
  uint32_t id_ = 0;
};

TEST_P(BlocksInABridge, GetWhatItFloodsAndIsSentByOthers) {
  for (const Mac& dst : {kNobody, kBroadcast, kMulticast6}) {
    ExpectAt({kFunction1, kFunction2, kFunction3}, kWire, {dst, kOutsideMac});
    ExpectAt({kWire, kFunction2, kFunction3}, kFunction1, {dst, kMac1});
    ExpectAt({kWire, kFunction1, kFunction3}, kFunction2, {dst, kMac2});
    ExpectAt({kWire, kFunction1, kFunction2}, kFunction3, {dst, kMac3});
  }
}

TEST_P(BlocksInABridge, AreLearntByIt) {
  ExpectAt({kFunction1, kFunction2, kFunction3}, kWire, {kBroadcast, kOutsideMac});
  for (int port = 1; port <= 3; port++) {
    const auto place = static_cast<Place>(kFunction1 + port - 1);
    Places others = {kWire, kFunction1, kFunction2, kFunction3};
    others.erase(place);
    ExpectAt(others, place, {kBroadcast, MacOf(port)});
    ExpectAt({kWire}, place, {kOutsideMac, MacOf(port)});
    const std::string fdb = MustRun("bridge fdb show br br0");
    const std::string entry = Text(MacOf(port)) + " dev " + Representor(port) + " master br0";
    EXPECT_NE(fdb.find(entry), std::string::npos) << fdb;
  }
}

TEST_P(BlocksInABridge, GetTheirUnicastByIt) {
  ExpectAt({kFunction1, kFunction2, kFunction3}, kWire, {kBroadcast, kOutsideMac});
  for (int port = 1; port <= 3; port++) {
    Places others = {kWire, kFunction1, kFunction2, kFunction3};
    others.erase(static_cast<Place>(kFunction1 + port - 1));
    ExpectAt(others, static_cast<Place>(kFunction1 + port - 1), {kBroadcast, MacOf(port)});
  }
  for (int port = 1; port <= 3; port++) {
    const auto place = static_cast<Place>(kFunction1 + port - 1);
    const int next = port % 3 + 1;
    const uint64_t before = SlowRx(port);
    ExpectAt({static_cast<Place>(kFunction1 + next - 1)}, place, {MacOf(next), MacOf(port)});
    ExpectAt({place}, kWire, {MacOf(port), kOutsideMac});
    EXPECT_EQ(SlowRx(port), before + 1);
    ExpectAt({}, place, {MacOf(next), kNobody});  // spoofed: it does not rise
    EXPECT_EQ(SlowRx(port), before + 1);
  }
}

TEST_P(BlocksInABridge, ReachNoOtherThatItIsolatesThemFrom) {
  for (int port = 1; port <= 3; port++)
    MustRun("bridge link set dev " + Representor(port) + " isolated on");
  ExpectAt({kWire}, kFunction1, {kMac2, kMac1});
  ExpectAt({kWire}, kFunction2, {kMac3, kMac2});
  ExpectAt({kWire}, kFunction3, {kBroadcast, kMac3});
}

TEST_P(BlocksInABridge, GetNothingWhileTheEswitchIsInactive) {
  ends_.lab().XswOk("eswitch set up0 mode switchdev_inactive");
  ExpectAt({}, kFunction1, {kMac2, kMac1});
  ExpectAt({}, kFunction2, {kMac3, kMac2});
  ExpectAt({}, kFunction3, {kBroadcast, kMac3});
  ExpectAt({}, kWire, {kMac2, kOutsideMac});
  ExpectAt({}, kWire, {kBroadcast, kOutsideMac});
  ends_.lab().XswOk("eswitch set up0 mode switchdev");
  ExpectAt({kWire, kFunction1, kFunction2}, kFunction3, {kBroadcast, kMac3});
  ExpectAt({kFunction3}, kFunction2, {kMac3, kMac2});
  ExpectAt({kFunction1, kFunction2, kFunction3}, kWire, {kBroadcast, kOutsideMac});
}

INSTANTIATE_TEST_SUITE_P(Xdp, BlocksInABridge,
                         testing::Combine(testing::Values("off", "on"),
                                          testing::Values("NQQ", "QNQ")),
                         [](const auto& info) {
                           return std::get<1>(info.param) + "_Xdp" + std::get<0>(info.param);
                         });

// ARP, ICMP and TCP of real stacks with a block's own, through the bridge where the FDB has no
// answer.
class StacksAndABlock : public testing::TestWithParam<std::string> {};

TEST_P(StacksAndABlock, SpeakThroughTheBridge) {
  QueueLab lab({.xdp = GetParam(), .ports = 1});
  lab.AddBlock(2);
  lab.XswOk("eswitch set up0 mode switchdev");
  MakeBridge(2);
  Responder responder("up0/2", 1, kMac2, IpOf(2));
  const Endpoint block{"", IpOf(2)};
  for (const Endpoint& from :
       {Endpoint{"c1", IpOf(1)}, Endpoint{kOutside, kOutsideIp}, Endpoint{"", kHostIp}}) {
    FlushNeighbours(from.netns);
    EXPECT_TRUE(Ping(from, block)) << from.ip;
    InNetns in(from.netns);
    const Result echo = RunCommand(
        {"bash", "-c",
         "exec 3<>/dev/tcp/" + IpOf(2) + "/2000 && echo through the bridge >&3 && head -n1 <&3"});
    EXPECT_EQ(echo.out, "through the bridge\n") << from.ip << echo.err;
  }
  EXPECT_EQ(responder.wrong(), 0);
}

INSTANTIATE_TEST_SUITE_P(Xdp, StacksAndABlock, testing::Values("off", "on"));

}  // namespace
}  // namespace xsw::test
