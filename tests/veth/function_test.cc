// SPDX-License-Identifier: Apache-2.0
// Where a function end is: in the uplink's own namespace, in another, on its way between them,
// down.
//
//     out ==wire== up0   up0sf1 === c1
//                        up0sf2 === c2
//                        up0sf3 === fn3, in the host's namespace too
//
// With the uplink's `xdp off` and `xdp on` (the far end's tx and txvlan offloads off).
#include <gtest/gtest.h>

#include "tests/veth/observers.h"
#include "tests/veth/stream.h"

namespace xsw::test {
namespace {

class Function : public testing::TestWithParam<std::string> {
 protected:
  Function() : topology_({.xdp = GetParam(), .ports = 2}), see_(topology_) {}

  void AddPort3InTheHostsNamespace() {
    topology_.XswOk("port add up0 sfnum 3 hw_addr " + Text(kMac3) + " ifname fn3 state active");
    MustRun("ip link set fn3 up");
    Topology::WaitForCarrier({Representor(3)});
    see_.Watch(kFunction3, "", "fn3");
  }
  void Expect(Place from, const Mac& src, const Mac& dst, const Places& to);
  // All that ends or starts at a port beside two others is as it must be.
  void ExpectAllWaysOf(Place function, const Mac& mac, const Places& other_functions);

  Topology topology_;
  Observers see_;
};

void Function::Expect(Place from, const Mac& src, const Mac& dst, const Places& to) {
  const Bytes frame = Numbered(Eth{.dst = dst, .src = src} / Payload(60), 1);
  const std::string what = std::string(PlaceName(from)) + " to " + Text(dst);
  see_.Send(from, frame);
  EXPECT_EQ(WhoGot(see_.Arrived(), 1), Each(to)) << what;
  if (from != kWire && PortOf(from) == 0) return;
  see_.SendXdp(from, frame);
  EXPECT_EQ(WhoGot(see_.Arrived(), 1), Each(to)) << what << ", an XDP frame";
}

Places Plus(Places places, std::initializer_list<Place> more) {
  places.insert(more);
  return places;
}

void Function::ExpectAllWaysOf(Place function, const Mac& mac, const Places& other_functions) {
  Expect(kWire, kOutsideMac, mac, {function});
  Expect(kHost, kHostMac, mac, {function});
  Expect(function, mac, kOutsideMac, {kWire});
  Expect(function, mac, kHostMac, {kHost});
  Expect(function, mac, kBroadcast, Plus(other_functions, {kWire, kHost}));
  Expect(kWire, kOutsideMac, kBroadcast, Plus(other_functions, {function, kHost}));
  Expect(kHost, kHostMac, kBroadcast, Plus(other_functions, {function, kWire}));
  for (Place other : other_functions) {
    Expect(other, MacOf(PortOf(other)), mac, {function});
    Expect(function, mac, MacOf(PortOf(other)), {other});
  }
}

TEST_P(Function, WorksInTheUplinksOwnNamespace) {
  AddPort3InTheHostsNamespace();
  EXPECT_EQ(topology_.ShowPort(3)["function"]["opstate"], "attached");
  ExpectAllWaysOf(kFunction3, kMac3, {kFunction1, kFunction2});
}

TEST_P(Function, WorksInAnotherNamespace) { ExpectAllWaysOf(kFunction1, kMac1, {kFunction2}); }

TEST_P(Function, WorksAfterAMoveToAnotherNamespace) {
  topology_.sandbox().AddNetns("c9");
  topology_.XswOk("port function set up0/1 netns c9 ifname lan0");
  {
    InNetns in("c9");
    MustRun("ip link set lan0 up");
  }
  Topology::WaitForCarrier({Representor(1)});
  see_.Watch(kFunction1, "c9", "lan0");
  EXPECT_EQ(topology_.ShowPort(1)["function"]["netns"], "c9");
  ExpectAllWaysOf(kFunction1, kMac1, {kFunction2});
}

TEST_P(Function, WorksAfterItsUserMovedItToTheUplinksNamespaceByHand) {
  MustRun("ip -n c1 link set eth0 down");
  MustRun("ip -n c1 link set eth0 name byhand");
  MustRun("ip -n c1 link set byhand netns " + std::to_string(getpid()));
  MustRun("ip link set byhand up");
  Topology::WaitForCarrier({Representor(1)});
  see_.Watch(kFunction1, "", "byhand");
  // The next writing command notices.
  topology_.XswOk("fdb add up0 " + Text(kExtraMac2) + " port up0/2");
  ExpectAllWaysOf(kFunction1, kMac1, {kFunction2});
}

TEST_P(Function, GetsNothingWhileDownAndAllAgainWhenUp) {
  MustRun("ip -n c1 link set eth0 down");
  Expect(kWire, kOutsideMac, kMac1, {});
  Expect(kHost, kHostMac, kMac1, {});
  Expect(kFunction2, kMac2, kMac1, {});
  Expect(kFunction2, kMac2, kOutsideMac, {kWire});
  EXPECT_EQ(topology_.ShowPort(1)["function"]["state"], "active");
  EXPECT_EQ(topology_.ShowPort(1)["function"]["opstate"], "detached");
  MustRun("ip -n c1 link set eth0 up");
  Topology::WaitForCarrier({Representor(1)});
  see_.Watch(kFunction1, "c1", kContainerDev);
  EXPECT_EQ(topology_.ShowPort(1)["function"]["opstate"], "attached");
  ExpectAllWaysOf(kFunction1, kMac1, {kFunction2});
}

// What the stack of a container does with frames for others: nothing, as behind a NIC.
TEST_P(Function, DoesNotAnswerForAForeignAddress) {
  const Mac foreign = {2, 7, 7, 7, 7, 7};
  topology_.XswOk("fdb add up0 " + Text(foreign) + " port up0/1");
  struct Asker {
    const char* netns;
    const char* dev;
    std::string ip;
  };
  for (const Asker& asker : {Asker{kOutside, "eth0", kOutsideIp}, Asker{"c2", "eth0", IpOf(2)},
                             Asker{"", "up0", kHostIp}}) {
    InNetns in(asker.netns);
    MustRun("ip neigh replace " + IpOf(1) + " lladdr " + Text(foreign) + " dev " + asker.dev);
    EXPECT_NE(RunCommand("ping -c 1 -W 0.3 " + IpOf(1)).status, 0) << "asked from " << asker.netns;
    MustRun("ip neigh replace " + IpOf(1) + " lladdr " + Text(kMac1) + " dev " + asker.dev);
    EXPECT_EQ(RunCommand("ping -c 1 -W 2 " + IpOf(1)).status, 0) << "asked from " << asker.netns;
  }
}

INSTANTIATE_TEST_SUITE_P(Xdp, Function, testing::Values("off", "on"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace xsw::test
