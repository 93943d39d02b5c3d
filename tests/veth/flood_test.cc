// SPDX-License-Identifier: Apache-2.0
// Broadcast and multicast are replicated: N sent are N at each other member, on the wire and at the
// host, and none at the sender.
//
//     out ==wire== up0   up0sf1 === c1
//                        up0sf2 === c2
//                        up0sf3 === c3
//
// With the uplink's `xdp off` and `xdp on` (the far end's tx and txvlan offloads off), as skbs and
// as XDP frames, and in sizes up to the MTU.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "tests/veth/observers.h"

namespace xsw::test {
namespace {

constexpr uint32_t kN = 100;
constexpr Mac kSolicitedNode = {0x33, 0x33, 0xff, 0, 0, 0x11};  // IPv6 ND asks here

const Places kEverywhere = {kWire, kHost, kFunction1, kFunction2, kFunction3};

Mac AddressOf(Place place) {
  if (place == kHost) return kHostMac;
  return place == kWire ? kOutsideMac : MacOf(PortOf(place));
}

class Flood : public testing::TestWithParam<std::string> {
 protected:
  Flood() : topology_({.xdp = GetParam(), .ports = 3}), see_(topology_) {}

  // N frames from there arrive N times at each of `to`, in order and intact, and nowhere else.
  void Expect(Place from, const Mac& group, Places to, bool as_xdp_frame = false);

  Topology topology_;
  Observers see_;
};

void Flood::Expect(Place from, const Mac& group, Places to, bool as_xdp_frame) {
  SCOPED_TRACE(std::string(PlaceName(from)) + " to " + Text(group) +
               (as_xdp_frame ? " as XDP frames" : " as skbs"));
  std::vector<Bytes> sent;
  for (uint32_t id = 0; id < kN; id++) {
    const Frame frame = Eth{.dst = group, .src = AddressOf(from)} / Payload(46 + 14 * id);
    sent.push_back(Numbered(frame, id));
    if (as_xdp_frame) {
      see_.SendXdp(from, sent.back());
    } else {
      ASSERT_TRUE(see_.Send(from, sent.back()));
    }
  }
  Arrivals arrived = see_.Arrived();
  for (int i = 0; i < kPlaces; i++) {
    const Place place = static_cast<Place>(i);
    std::vector<Bytes> got;
    for (const Received& r : arrived[place]) got.push_back(r.frame);
    const bool member = to.count(place) != 0;
    EXPECT_EQ(got.size(), member ? kN : 0u) << "at " << PlaceName(place);
    EXPECT_TRUE(!member || got == sent) << "changed at " << PlaceName(place);
  }
}

Places Without(Places places, Place one) {
  places.erase(one);
  return places;
}

TEST_P(Flood, ReachesEverybodyElseOnceFromEachPlace) {
  for (Place from : kEverywhere) {
    for (const Mac& group : {kBroadcast, kMulticast, kSolicitedNode})
      Expect(from, group, Without(kEverywhere, from));
  }
}

TEST_P(Flood, ReachesEverybodyElseOnceAsXdpFrames) {
  for (Place from : {kWire, kFunction1, kFunction2, kFunction3}) {
    for (const Mac& group : {kBroadcast, kSolicitedNode})
      Expect(from, group, Without(kEverywhere, from), /*as_xdp_frame=*/true);
  }
}

TEST_P(Flood, LeavesOutAHostThatIsOff) {
  topology_.XswOk("eswitch set up0 host off");
  const Places no_host = Without(kEverywhere, kHost);
  Expect(kFunction1, kBroadcast, Without(no_host, kFunction1));
  Expect(kWire, kBroadcast, Without(no_host, kWire));
  Expect(kHost, kBroadcast, {kWire});
  topology_.XswOk("eswitch set up0 host on");
  Expect(kFunction1, kBroadcast, Without(kEverywhere, kFunction1));
}

TEST_P(Flood, LeavesOutAnInactivePort) {
  topology_.XswOk("port function set up0/3 state inactive");
  const Json before = topology_.ShowPort(3)["statistics"];
  const Places others = Without(kEverywhere, kFunction3);
  for (Place from : others) Expect(from, kBroadcast, Without(others, from));
  EXPECT_EQ(topology_.ShowPort(3)["statistics"]["tx"], before["tx"]);
}

TEST_P(Flood, LeavesOutARemovedPort) {
  topology_.XswOk("port del up0/2");
  const Places others = Without(kEverywhere, kFunction2);
  for (Place from : others) Expect(from, kBroadcast, Without(others, from));
}

TEST_P(Flood, ReachesAPortThatIsBack) {
  topology_.XswOk("port function set up0/2 state inactive");
  topology_.XswOk("port function set up0/2 state active");
  topology_.ConfigureFunction(2);
  see_.Watch(kFunction2, ContainerName(2), kContainerDev);
  for (Place from : kEverywhere) Expect(from, kBroadcast, Without(kEverywhere, from));
}

TEST_P(Flood, OfOneDownFunctionDisturbsNobodyElse) {
  {
    InNetns in("c1");
    MustRun("ip link set eth0 down");
  }
  const Places others = Without(kEverywhere, kFunction1);
  for (Place from : others) Expect(from, kBroadcast, Without(others, from));
}

INSTANTIATE_TEST_SUITE_P(Xdp, Flood, testing::Values("off", "on"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace xsw::test
