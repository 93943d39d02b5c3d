// SPDX-License-Identifier: Apache-2.0
// DESIGN.md's "Which frame goes where (legacy mode)", row by row: each frame arrives where it must,
// exactly once, and nowhere else.
//
//     out ==wire== up0   up0sf1 === c1 (kMac1, and kExtraMac1 in the FDB)
//                        up0sf2 === c2 (kMac2)
//                        up0sf3 === c3 (kMac3)
//
// On NICs (nics.h) too. Each row runs with the uplink's `xdp off`, `xdp on` and `xdp on rx_path
// stack` (for both of these the far end's tx and txvlan offloads are off), as an skb and, from wire
// and functions, as an XDP frame.
#include <gtest/gtest.h>
#include <linux/if_packet.h>

#include <algorithm>
#include <memory>

#include "tests/veth/observers.h"

namespace xsw::test {
namespace {

struct Row {
  const char* name;
  Place from;
  Eth eth;
  Places to;
};

std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }

constexpr Mac kUnknownMac = {2, 9, 9, 9, 9, 9};

const Row kRows[] = {
    {"WireToAPortsAddress", kWire, {kMac2, kOutsideMac}, {kFunction2}},
    {"WireToAnFdbAddress", kWire, {kExtraMac1, kOutsideMac}, {kFunction1}},
    {"WireToTheHost", kWire, {kHostMac, kOutsideMac}, {kHost}},
    {"WireToLinkLocal", kWire, {kStpMac, kOutsideMac}, {kHost}},
    {"WirePause", kWire, {kPauseMac, kOutsideMac}, {kHost}},
    {"WireToTheLastLinkLocal", kWire, {kLastLinkLocalMac, kOutsideMac}, {kHost}},
    {"WireToAnUnknownAddress", kWire, {kUnknownMac, kOutsideMac}, {kHost}},
    {"WireBroadcast",
     kWire,
     {kBroadcast, kOutsideMac},
     {kFunction1, kFunction2, kFunction3, kHost}},
    {"WireMulticast",
     kWire,
     {kMulticast, kOutsideMac},
     {kFunction1, kFunction2, kFunction3, kHost}},
    {"WireMulticast6",
     kWire,
     {kMulticast6, kOutsideMac},
     {kFunction1, kFunction2, kFunction3, kHost}},
    {"WireJustPastLinkLocal",
     kWire,
     {kPastLinkLocalMac, kOutsideMac},
     {kFunction1, kFunction2, kFunction3, kHost}},

    {"PortToAnotherPort", kFunction1, {kMac2, kMac1}, {kFunction2}},
    {"PortToAnotherPortsFdbAddress", kFunction2, {kExtraMac1, kMac2}, {kFunction1}},
    {"PortFromItsFdbAddress", kFunction1, {kMac2, kExtraMac1}, {kFunction2}},
    {"PortToTheHost", kFunction1, {kHostMac, kMac1}, {kHost}},
    {"PortToAnUnknownAddress", kFunction1, {kOutsideMac, kMac1}, {kWire}},
    {"PortBroadcast", kFunction1, {kBroadcast, kMac1}, {kFunction2, kFunction3, kWire, kHost}},
    {"PortMulticast", kFunction2, {kMulticast, kMac2}, {kFunction1, kFunction3, kWire, kHost}},
    {"PortMulticast6", kFunction3, {kMulticast6, kMac3}, {kFunction1, kFunction2, kWire, kHost}},
    {"PortFromAForeignAddress", kFunction1, {kMac2, kOutsideMac}, {}},
    {"PortFromAnotherPortsAddress", kFunction1, {kMac2, kMac3}, {}},
    {"PortFromTheHostsAddress", kFunction1, {kMac2, kHostMac}, {}},
    {"PortBroadcastFromAForeignAddress", kFunction1, {kBroadcast, kOutsideMac}, {}},
    {"PortToLinkLocal", kFunction1, {kStpMac, kMac1}, {}},
    {"PortPause", kFunction1, {kPauseMac, kMac1}, {}},
    {"PortToItself", kFunction1, {kMac1, kMac1}, {}},
    {"PortToItsFdbAddress", kFunction1, {kExtraMac1, kMac1}, {}},

    {"HostToAPort", kHost, {kMac2, kHostMac}, {kFunction2}},
    {"HostToAnFdbAddress", kHost, {kExtraMac1, kHostMac}, {kFunction1}},
    {"HostToAnUnknownAddress", kHost, {kOutsideMac, kHostMac}, {kWire}},
    {"HostBroadcast", kHost, {kBroadcast, kHostMac}, {kFunction1, kFunction2, kFunction3, kWire}},
    {"HostMulticast", kHost, {kMulticast, kHostMac}, {kFunction1, kFunction2, kFunction3, kWire}},
    {"HostToLinkLocal", kHost, {kLldpMac, kHostMac}, {kWire}},

    {"RepresentorToItsFunction", kRepresentor1, {kMac1, kHostMac}, {kFunction1}},
    {"RepresentorToAnotherPortsAddress", kRepresentor1, {kMac2, kHostMac}, {kFunction1}},
    {"RepresentorFromAnyAddress", kRepresentor1, {kMac1, kMac1}, {kFunction1}},
    {"RepresentorBroadcast", kRepresentor1, {kBroadcast, kHostMac}, {kFunction1}},
    {"RepresentorToLinkLocal", kRepresentor1, {kStpMac, kHostMac}, {kFunction1}},
};

// One network per uplink setting: rows do not disturb each other.
class World {
 public:
  explicit World(const std::string& xdp) : topology({.xdp = xdp, .ports = 3}), see(topology) {
    topology.XswOk("fdb add up0 " + Text(kExtraMac1) + " port up0/1");
  }
  Topology topology;
  Observers see;
};

Mac AddressOf(Place place) {
  if (place == kHost) return kHostMac;
  return place == kWire ? kOutsideMac : MacOf(PortOf(place));
}

// What the receiver's stack must make of a frame.
int PkttypeOf(const Eth& eth, const Mac& receiver) {
  if (eth.dst == kBroadcast) return PACKET_BROADCAST;
  if (eth.dst[0] & 1) return PACKET_MULTICAST;
  return eth.dst == receiver ? PACKET_HOST : PACKET_OTHERHOST;
}

class Decision : public testing::TestWithParam<std::tuple<std::string, bool, Row>> {
 protected:
  static World& WorldOf(const std::string& xdp) {
    if (!world_ || xdp != world_->topology.options().xdp) {
      world_.reset();
      world_ = std::make_unique<World>(xdp);
    }
    return *world_;
  }
  static void TearDownTestSuite() { world_.reset(); }
  static std::unique_ptr<World> world_;
};
std::unique_ptr<World> Decision::world_;

// A NIC takes only what it was told to take, but vmxnet3 cannot filter; a veth end takes all.
bool FiltersUnknown() { return OnNics() && NicDriver() != "vmxnet3"; }

TEST_P(Decision, SendsEachFrameWhereItMustGoOnceAndNowhereElse) {
  const auto& [xdp, as_xdp_frame, row] = GetParam();
  Observers& see = WorldOf(xdp).see;
  const bool filtered = row.from == kWire && row.eth.dst == kUnknownMac && FiltersUnknown();
  const std::string want = Each(filtered ? Places{} : row.to);
  constexpr uint32_t kFrames = 3;
  std::vector<Bytes> sent;
  for (uint32_t id = 0; id < kFrames; id++) {
    const Bytes& frame = sent.emplace_back(Numbered(row.eth / Payload(46 + 500 * id), id));
    if (as_xdp_frame) {
      see.SendXdp(row.from, frame);
    } else {
      see.Send(row.from, frame);
    }
  }
  Arrivals arrived = see.Arrived();
  for (uint32_t id = 0; id < kFrames; id++) EXPECT_EQ(WhoGot(arrived, id), want) << "frame " << id;
  for (Place place : filtered ? Places{} : row.to) {
    const Mac receiver = AddressOf(place);
    for (const Received& r : arrived[place]) {
      EXPECT_EQ(r.frame, sent[IdOf(r.frame)]) << "at " << PlaceName(place);
      EXPECT_EQ(r.pkttype, PkttypeOf(row.eth, receiver)) << "as the stack of " << PlaceName(place);
    }
  }
}

// The XDP program is there and leaves the steering to tc.
constexpr char kXdpButStack[] = "on rx_path stack";

std::string Name(const testing::TestParamInfo<Decision::ParamType>& info) {
  const auto& [xdp, as_xdp_frame, row] = info.param;
  const char* setting = xdp == kXdpButStack ? "on_ButStack" : xdp.c_str();
  return std::string(row.name) + (as_xdp_frame ? "_XdpFrame" : "_Skb") + "_Xdp" + setting;
}

std::vector<Row> RowsFrom(std::initializer_list<Place> places) {
  std::vector<Row> rows;
  for (const Row& row : kRows)
    if (std::count(places.begin(), places.end(), row.from)) rows.push_back(row);
  return rows;
}
const auto kXdpFrameSources = {kWire, kFunction1, kFunction2, kFunction3};
const auto kAllSources = {kWire, kHost, kFunction1, kFunction2, kFunction3, kRepresentor1};

// Grouped by setting: each World is built once.
#define XSW_DECISION(name, xdp)                                                             \
  INSTANTIATE_TEST_SUITE_P(name##_Skb, Decision,                                            \
                           testing::Combine(testing::Values(xdp), testing::Values(false),   \
                                            testing::ValuesIn(RowsFrom(kAllSources))),      \
                           Name);                                                           \
  INSTANTIATE_TEST_SUITE_P(name##_XdpFrame, Decision,                                       \
                           testing::Combine(testing::Values(xdp), testing::Values(true),    \
                                            testing::ValuesIn(RowsFrom(kXdpFrameSources))), \
                           Name)
XSW_DECISION(XdpOff, "off");
XSW_DECISION(XdpOn, "on");
XSW_DECISION(XdpOnButStack, kXdpButStack);

}  // namespace
}  // namespace xsw::test
