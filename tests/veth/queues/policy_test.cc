// SPDX-License-Identifier: Apache-2.0
// What `xsw port function set` and `xsw mdb` let queue blocks send and get, among blocks and
// netdevs.
//
//   wire, host  <->  up0/1, up0/2, up0/3, each a netdev (N) or a queue block (Q)
#include <gtest/gtest.h>

#include <memory>

#include "tests/veth/queues/ends.h"

namespace xsw::test {
namespace {

const Mac kNobody = {2, 9, 9, 9, 9, 9};
using Lines = std::vector<std::string>;

struct Row {
  const char* name;
  const Lines* given;
  Place from;
  Mac dst, src;
  Places to;
  const char* drop = nullptr;  // "2 spoof": of port 2
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }

// Each is given to ports without any; kUndo makes them so again.
const Lines kNothing = {};
const Lines kIsolated = {"port function set up0/2 isolated on"};
const Lines kBothIsolated = {"port function set up0/2 isolated on",
                             "port function set up0/3 isolated on"};
const Lines kDisabled = {"port function set up0/2 link disable"};
const Lines kNoSpoofCheck = {"port function set up0/2 spoofchk off"};
const Lines kPromisc = {"port function set up0/2 trust on promisc on"};
const Lines kGroup = {"mdb add up0 33:33:00:00:00:01 port up0/2"};
const Lines kGroupAndAllmulti = {"mdb add up0 33:33:00:00:00:01 port up0/2",
                                 "port function set up0/3 trust on allmulti on"};
const Lines kFurtherAddress = {"fdb add up0 02:00:00:00:0a:02 port up0/2"};
const char* kUndo = "isolated off link enable spoofchk on promisc off allmulti off trust off";

const Mac kOut = kOutsideMac, kAll = kBroadcast, kGroup6 = kMulticast6;

const Row kRows[] = {
    {"IsolatedToAPort", &kIsolated, kFunction2, kMac3, kMac2, {kWire}},
    {"IsolatedFromAPort", &kIsolated, kFunction1, kMac2, kMac1, {}, "2 isolated"},
    {"IsolatedFromItsOtherNeighbour", &kIsolated, kFunction3, kMac2, kMac3, {}, "2 isolated"},
    {"IsolatedBoth", &kBothIsolated, kFunction2, kMac3, kMac2, {kWire}},
    {"IsolatedToTheHost", &kIsolated, kFunction2, kHostMac, kMac2, {kHost}},
    {"IsolatedToTheWire", &kIsolated, kFunction2, kOut, kMac2, {kWire}},
    {"IsolatedFromTheHost", &kIsolated, kHost, kMac2, kHostMac, {kFunction2}},
    {"IsolatedFromTheWire", &kIsolated, kWire, kMac2, kOut, {kFunction2}},
    {"IsolatedBroadcast", &kIsolated, kFunction2, kAll, kMac2, {kWire, kHost}},
    {"IsolatedGetsNoPortsBroadcast",
     &kIsolated,
     kFunction1,
     kAll,
     kMac1,
     {kWire, kHost, kFunction3}},
    {"IsolatedGetsTheWiresBroadcast",
     &kIsolated,
     kWire,
     kAll,
     kOut,
     {kHost, kFunction1, kFunction2, kFunction3}},
    {"OthersOfAnIsolated", &kIsolated, kFunction1, kMac3, kMac1, {kFunction3}},

    {"DisabledFromTheWire", &kDisabled, kWire, kMac2, kOut, {}, "2 link_down"},
    {"DisabledFromAPort", &kDisabled, kFunction1, kMac2, kMac1, {}, "2 link_down"},
    {"DisabledFromItsOtherNeighbour", &kDisabled, kFunction3, kMac2, kMac3, {}, "2 link_down"},
    {"DisabledBroadcast",
     &kDisabled,
     kFunction1,
     kAll,
     kMac1,
     {kWire, kHost, kFunction3},
     "2 link_down"},

    {"SpoofedToAPort", &kNothing, kFunction2, kMac3, kNobody, {}, "2 spoof"},
    {"SpoofedAsAnotherPort", &kNothing, kFunction2, kMac3, kMac1, {}, "2 spoof"},
    {"SpoofedBroadcast", &kNothing, kFunction2, kAll, kNobody, {}, "2 spoof"},
    {"UncheckedToAPort", &kNoSpoofCheck, kFunction2, kMac3, kNobody, {kFunction3}},
    {"UncheckedToTheWire", &kNoSpoofCheck, kFunction2, kOut, kNobody, {kWire}},
    {"UncheckedBroadcast",
     &kNoSpoofCheck,
     kFunction2,
     kAll,
     kNobody,
     {kWire, kHost, kFunction1, kFunction3}},
    {"FurtherAddressSends", &kFurtherAddress, kFunction2, kMac3, kExtraMac2, {kFunction3}},
    {"FurtherAddressGets", &kFurtherAddress, kWire, kExtraMac2, kOut, {kFunction2}},
    {"FurtherAddressOfAnotherPort", &kFurtherAddress, kFunction1, kMac3, kExtraMac2, {}, "1 spoof"},

    {"PromiscFromTheWire", &kPromisc, kWire, kNobody, kOut, {kHost, kFunction2}},
    {"PromiscFromTheHost", &kPromisc, kHost, kNobody, kHostMac, {kWire, kFunction2}},
    {"PromiscFromAPort", &kPromisc, kFunction1, kNobody, kMac1, {kWire, kFunction2}},
    {"PromiscFromItsOtherNeighbour", &kPromisc, kFunction3, kNobody, kMac3, {kWire, kFunction2}},
    {"PromiscGetsNoKnownUnicast", &kPromisc, kFunction1, kMac3, kMac1, {kFunction3}},
    {"PromiscGetsNotTheHosts", &kPromisc, kWire, kHostMac, kOut, {kHost}},
    {"PromiscItself", &kPromisc, kFunction2, kNobody, kMac2, {kWire}},

    {"GroupFromTheWire", &kGroup, kWire, kGroup6, kOut, {kHost, kFunction2}},
    {"GroupFromTheHost", &kGroup, kHost, kGroup6, kHostMac, {kWire, kFunction2}},
    {"GroupFromAPort", &kGroup, kFunction3, kGroup6, kMac3, {kWire, kHost, kFunction2}},
    {"GroupFromItsMember", &kGroup, kFunction2, kGroup6, kMac2, {kWire, kHost}},
    {"GroupAndAllmulti",
     &kGroupAndAllmulti,
     kFunction1,
     kGroup6,
     kMac1,
     {kWire, kHost, kFunction2, kFunction3}},
    {"AnotherGroup", &kGroup, kWire, kMulticast, kOut, {kHost, kFunction1, kFunction2, kFunction3}},
};

struct PolicyWorld : World {
  using World::World;
  void Set(const Lines& wanted) {
    if (given == &wanted) return;
    for (const std::string& line : *given) {
      std::string undo = line;
      if (const size_t at = undo.find(" add "); at != std::string::npos) {
        ends.lab().XswOk(undo.replace(at, 5, " del "));
      } else {
        ends.lab().XswOk(line.substr(0, line.find("up0/") + 6) + kUndo);
        Topology::WaitForCarrier({Representor(2), Representor(3)});
        if (!ends.IsBlock(kFunction2)) ends.WatchNetdev(2);
      }
    }
    for (const std::string& line : wanted) ends.lab().XswOk(line);
    given = &wanted;
  }
  const Lines* given = &kNothing;
};

using Param = std::tuple<std::string, std::string, Row>;

class BlockPolicy : public testing::TestWithParam<Param> {
 protected:
  static void TearDownTestSuite() { world_.reset(); }
  static std::unique_ptr<PolicyWorld> world_;
};
std::unique_ptr<PolicyWorld> BlockPolicy::world_;

TEST_P(BlockPolicy, LetsThroughWhatItSaysAndCountsTheRest) {
  const auto& [xdp, classes, row] = GetParam();
  PolicyWorld& world = WorldOf(&world_, xdp, classes);
  world.Set(*row.given);
  const auto drops = [&] {
    return row.drop ? world.ends.lab().Drops(row.drop[0] - '0', row.drop + 2) : 0;
  };
  const uint64_t before = drops();
  const Bytes frame = Numbered(Eth{.dst = row.dst, .src = row.src} / Payload(100), ++world.id);
  world.ends.Send(row.from, frame);
  const Arrivals arrived = world.ends.Arrived(world.id, row.to);
  EXPECT_EQ(WhoGot(arrived, world.id), Each(row.to));
  for (const auto& frames : arrived) {
    for (const Received& r : frames) EXPECT_EQ(r.frame, frame);
  }
  if (row.drop) {
    EXPECT_TRUE(WaitFor([&] { return drops() == before + 1; })) << drops() - before;
  }
}

INSTANTIATE_TEST_SUITE_P(Xdp, BlockPolicy,
                         testing::Combine(testing::Values("off", "on"),
                                          testing::Values("NQQ", "QNQ"),
                                          testing::ValuesIn(kRows)),
                         [](const auto& info) {
                           return std::string(std::get<2>(info.param).name) + "_" +
                                  std::get<1>(info.param) + "_Xdp" + std::get<0>(info.param);
                         });

// Towards the switch: the representor is down, and what follows when it is up again is the next to come.
TEST(BlockLink, DisabledKeepsAnApplicationOffTheWire) {
  QueueLab lab({.ports = 0});
  lab.AddBlock(1);
  PacketSocket wire(kOutside, kContainerDev, kTestType);
  Application app("up0/1");
  ExpectTraffic(wire, app, kMac1);
  uint32_t id = 0;
  const auto next = [&] {
    return Numbered(Eth{.dst = kOutsideMac, .src = kMac1} / Payload(46), ++id);
  };
  lab.XswOk("port function set up0/1 link disable");
  for (int i = 0; i < 5; i++) app.Send(next());
  lab.XswOk("port function set up0/1 link enable");
  Topology::WaitForCarrier({Representor(1)});
  EXPECT_EQ(app.Send(next()), 0);
  std::optional<Received> got = wire.Receive(5000);
  ASSERT_TRUE(got);
  EXPECT_EQ(IdOf(got->frame), id);
}

}  // namespace
}  // namespace xsw::test
