// SPDX-License-Identifier: Apache-2.0
// VLANs of ports: each frame arrives where its VLAN is, with a tag or without as its receiver has it.
//
//     out ==wire== up0   up0sf1 === c1
//                        up0sf2 === c2
//                        up0sf3 === c3
//
// Frames are skbs, whose tag arrives accelerated, and XDP frames, whose tag is in the data; with the
// uplink's `xdp off` and `xdp on` (the far end's tx and txvlan offloads off).
#include <gtest/gtest.h>
#include <linux/if_packet.h>

#include <map>
#include <memory>

#include "tests/veth/observers.h"
#include "tests/veth/stream.h"

namespace xsw::test {
namespace {

// What `xsw port function set up0/N` gets, by port.
using Setting = std::array<const char*, 3>;
constexpr Setting kMixed = {"vlan 7 qos 5", "vlans 7-8", "vlan 7"};
constexpr Setting kPvid = {"vlans 7,8 pvid 7 qos 3", "vlans 7,8", "vlan 8"};
constexpr Setting kApart = {"vlan 7", "novlan", "vlan 8"};

struct Row {
  const char* name;
  const Setting* setting;
  Place from;
  Frame frame;
  std::map<Place, Frame> to;
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }

const Payload kData(100);

Frame Plain(const Mac& dst, const Mac& src) { return Eth{.dst = dst, .src = src} / kData; }
Frame Tagged(const Mac& dst, const Mac& src, uint16_t id, uint8_t priority = 0) {
  return Eth{.dst = dst, .src = src} / Vlan{.id = id, .priority = priority} / kData;
}
Frame Ad(const Mac& dst, const Mac& src) {
  return Eth{.dst = dst, .src = src} / Dot1ad{.id = 7} / kData;
}
Frame PriorityTagged(const Mac& dst, const Mac& src) { return Tagged(dst, src, 0, 2); }

std::vector<Row> Unicast() {
  const Mac out = kOutsideMac, host = kHostMac;
  return {
      {"AccessToAccess", &kMixed, kFunction1, Plain(kMac3, kMac1),
       {{kFunction3, Plain(kMac3, kMac1)}}},
      {"AccessToTrunk", &kMixed, kFunction1, Plain(kMac2, kMac1),
       {{kFunction2, Tagged(kMac2, kMac1, 7, 5)}}},
      {"AccessToWire", &kMixed, kFunction1, Plain(out, kMac1), {{kWire, Tagged(out, kMac1, 7, 5)}}},
      {"AccessToHost", &kMixed, kFunction1, Plain(host, kMac1),
       {{kHost, Tagged(host, kMac1, 7, 5)}}},
      {"AccessPriorityTagToWire", &kMixed, kFunction1, PriorityTagged(out, kMac1),
       {{kWire, Tagged(out, kMac1, 7, 5)}}},
      {"AccessTagsItsOwnVlan", &kMixed, kFunction1, Tagged(kMac2, kMac1, 7), {}},
      {"AccessTagsAnother", &kMixed, kFunction1, Tagged(out, kMac1, 8), {}},
      {"TrunkToAccess", &kMixed, kFunction2, Tagged(kMac1, kMac2, 7, 6),
       {{kFunction1, Plain(kMac1, kMac2)}}},
      {"TrunkToWire", &kMixed, kFunction2, Tagged(out, kMac2, 8, 6),
       {{kWire, Tagged(out, kMac2, 8, 6)}}},
      {"TrunkToHost", &kMixed, kFunction2, Tagged(host, kMac2, 7, 6),
       {{kHost, Tagged(host, kMac2, 7, 6)}}},
      {"TrunkInAVlanOfItsOwnToAccess", &kMixed, kFunction2, Tagged(kMac1, kMac2, 8),
       {{kWire, Tagged(kMac1, kMac2, 8)}}},
      {"TrunkForeignVlan", &kMixed, kFunction2, Tagged(out, kMac2, 9), {}},
      {"TrunkUntagged", &kMixed, kFunction2, Plain(out, kMac2), {}},
      {"TrunkDot1ad", &kMixed, kFunction2, Ad(out, kMac2), {}},
      {"WireToAccess", &kMixed, kWire, Tagged(kMac1, out, 7, 3), {{kFunction1, Plain(kMac1, out)}}},
      {"WireToTrunk", &kMixed, kWire, Tagged(kMac2, out, 8, 3),
       {{kFunction2, Tagged(kMac2, out, 8, 3)}}},
      {"WireUntaggedForAccess", &kMixed, kWire, Plain(kMac1, out), {{kHost, Plain(kMac1, out)}}},
      {"WireAnotherVlanForAccess", &kMixed, kWire, Tagged(kMac1, out, 8),
       {{kHost, Tagged(kMac1, out, 8)}}},
      {"WireDot1adForTrunk", &kMixed, kWire, Ad(kMac2, out), {{kHost, Ad(kMac2, out)}}},
      {"HostToAccess", &kMixed, kHost, Tagged(kMac1, host, 7, 3),
       {{kFunction1, Plain(kMac1, host)}}},
      {"HostToTrunk", &kMixed, kHost, Tagged(kMac2, host, 7, 3),
       {{kFunction2, Tagged(kMac2, host, 7, 3)}}},
      {"HostUntaggedForAccess", &kMixed, kHost, Plain(kMac1, host), {{kWire, Plain(kMac1, host)}}},
      {"RepresentorToAccess", &kMixed, kRepresentor1, Tagged(kMac1, host, 9, 3),
       {{kFunction1, Tagged(kMac1, host, 9, 3)}}},

      {"PvidToTrunk", &kPvid, kFunction1, Plain(kMac2, kMac1),
       {{kFunction2, Tagged(kMac2, kMac1, 7, 3)}}},
      {"PvidToWire", &kPvid, kFunction1, Plain(out, kMac1), {{kWire, Tagged(out, kMac1, 7, 3)}}},
      {"TrunkToPvid", &kPvid, kFunction2, Tagged(kMac1, kMac2, 7),
       {{kFunction1, Plain(kMac1, kMac2)}}},
      {"TrunkToTrunkBesidePvid", &kPvid, kFunction2, Tagged(kMac1, kMac2, 8, 1),
       {{kFunction1, Tagged(kMac1, kMac2, 8, 1)}}},
      {"AccessToTrunkBesidePvid", &kPvid, kFunction3, Plain(kMac1, kMac3),
       {{kFunction1, Tagged(kMac1, kMac3, 8)}}},
      {"TrunkBesidePvidToAccess", &kPvid, kFunction1, Tagged(kMac3, kMac1, 8, 1),
       {{kFunction3, Plain(kMac3, kMac1)}}},
      {"WireToPvid", &kPvid, kWire, Tagged(kMac1, out, 7), {{kFunction1, Plain(kMac1, out)}}},

      {"AccessToUntaggedPort", &kApart, kFunction1, Plain(kMac2, kMac1),
       {{kWire, Tagged(kMac2, kMac1, 7)}}},
      {"AccessToAnotherVlan", &kApart, kFunction1, Plain(kMac3, kMac1),
       {{kWire, Tagged(kMac3, kMac1, 7)}}},
      {"UntaggedPortToAccess", &kApart, kFunction2, Plain(kMac1, kMac2),
       {{kWire, Plain(kMac1, kMac2)}}},
  };
}

std::vector<Row> Floods() {
  const Mac all = kBroadcast, out = kOutsideMac, host = kHostMac;
  return {
      {"AccessBroadcast", &kMixed, kFunction1, Plain(all, kMac1),
       {{kFunction2, Tagged(all, kMac1, 7, 5)}, {kFunction3, Plain(all, kMac1)},
        {kWire, Tagged(all, kMac1, 7, 5)}, {kHost, Tagged(all, kMac1, 7, 5)}}},
      {"TrunkBroadcast", &kMixed, kFunction2, Tagged(all, kMac2, 7, 6),
       {{kFunction1, Plain(all, kMac2)}, {kFunction3, Plain(all, kMac2)},
        {kWire, Tagged(all, kMac2, 7, 6)}, {kHost, Tagged(all, kMac2, 7, 6)}}},
      {"TrunkBroadcastInItsOwnVlan", &kMixed, kFunction2, Tagged(all, kMac2, 8),
       {{kWire, Tagged(all, kMac2, 8)}, {kHost, Tagged(all, kMac2, 8)}}},
      {"WireBroadcast", &kMixed, kWire, Tagged(all, out, 7, 3),
       {{kFunction1, Plain(all, out)}, {kFunction2, Tagged(all, out, 7, 3)},
        {kFunction3, Plain(all, out)}, {kHost, Tagged(all, out, 7, 3)}}},
      {"WireMulticast", &kMixed, kWire, Tagged(kMulticast6, out, 7, 3),
       {{kFunction1, Plain(kMulticast6, out)}, {kFunction2, Tagged(kMulticast6, out, 7, 3)},
        {kFunction3, Plain(kMulticast6, out)}, {kHost, Tagged(kMulticast6, out, 7, 3)}}},
      {"WireUntaggedBroadcast", &kMixed, kWire, Plain(all, out), {{kHost, Plain(all, out)}}},
      {"HostBroadcast", &kMixed, kHost, Tagged(all, host, 7, 3),
       {{kFunction1, Plain(all, host)}, {kFunction2, Tagged(all, host, 7, 3)},
        {kFunction3, Plain(all, host)}, {kWire, Tagged(all, host, 7, 3)}}},
      {"UntaggedPortBroadcast", &kApart, kFunction2, Plain(all, kMac2),
       {{kWire, Plain(all, kMac2)}, {kHost, Plain(all, kMac2)}}},
  };
}

struct World {
  explicit World(const std::string& xdp) : topology({.xdp = xdp, .ports = 3}), see(topology) {}
  void Set(const Setting& wanted) {
    if (setting == &wanted) return;
    for (int port = 1; port <= 3; port++)
      topology.XswOk("port function set " + Handle(port) + " " + wanted[port - 1]);
    setting = &wanted;
  }
  Topology topology;
  Observers see;
  const Setting* setting = nullptr;
};

class VlanPorts : public testing::TestWithParam<std::tuple<std::string, bool, Row>> {
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
std::unique_ptr<World> VlanPorts::world_;

// The host has no VLAN netdev, so its stack takes the tag off and calls the frame another's; what it
// was on its way there is in the tables of tests/bpf.
Bytes AtTheHost(Bytes frame) {
  if (IsTagged(frame)) frame.erase(frame.begin() + 12, frame.begin() + 16);
  return frame;
}

TEST_P(VlanPorts, SeeEachFrameAsTheyHaveIt) {
  const auto& [xdp, as_xdp_frame, row] = GetParam();
  World& world = WorldOf(xdp);
  world.Set(*row.setting);
  const Bytes sent = Numbered(row.frame, 1);
  if (as_xdp_frame) {
    world.see.SendXdp(row.from, sent);
  } else {
    ASSERT_TRUE(world.see.Send(row.from, sent));
  }
  const Arrivals arrived = world.see.Arrived();
  Places places;
  for (const auto& [place, frame] : row.to) places.insert(place);
  EXPECT_EQ(WhoGot(arrived, 1), Each(places));
  for (const auto& [place, frame] : row.to) {
    const Bytes want = Numbered(frame, 1);
    for (const Received& r : arrived[place]) {
      EXPECT_EQ(r.frame, place == kHost ? AtTheHost(want) : want) << "at " << PlaceName(place);
      if (place == kHost && IsTagged(want)) {
        EXPECT_EQ(r.pkttype, PACKET_OTHERHOST) << "the host was shown an untagged frame";
      }
    }
  }
}

std::string Name(const testing::TestParamInfo<VlanPorts::ParamType>& info) {
  const auto& [xdp, as_xdp_frame, row] = info.param;
  return std::string(row.name) + (as_xdp_frame ? "_XdpFrame" : "_Skb") + "_Xdp" + xdp;
}
std::vector<Row> Rows(bool xdp_frames) {
  std::vector<Row> rows;
  for (const auto& part : {Unicast(), Floods()}) {
    for (const Row& row : part) {
      // The host sends skbs.
      if (!xdp_frames || (row.from != kHost && row.from != kRepresentor1)) rows.push_back(row);
    }
  }
  return rows;
}
#define XSW_VLAN_PORTS(name, xdp)                                                            \
  INSTANTIATE_TEST_SUITE_P(name##_Skb, VlanPorts,                                            \
                           testing::Combine(testing::Values(xdp), testing::Values(false),    \
                                            testing::ValuesIn(Rows(false))),                 \
                           Name);                                                            \
  INSTANTIATE_TEST_SUITE_P(name##_XdpFrame, VlanPorts,                                       \
                           testing::Combine(testing::Values(xdp), testing::Values(true),     \
                                            testing::ValuesIn(Rows(true))),                  \
                           Name)
XSW_VLAN_PORTS(XdpOff, "off");
XSW_VLAN_PORTS(XdpOn, "on");

// Stacks see untagged frames on both sides; between the two eswitches, and to a trunk, the tag is
// there, on aggregates too.
TEST(VlanTraffic, PingAndTcpBetweenAccessPortsHereAndBehindTheWire) {
  Topology t({.ports = 3});
  t.XswOk("port function set up0/1 vlan 7");
  t.XswOk("port function set up0/2 vlan 7");
  t.XswOk("port function set up0/3 vlan 8");
  t.sandbox().AddNetns("far");
  t.XswOk("-n out eswitch add eth0 xdp off");
  t.XswOk("-n out port add eth0 netns far ifname eth0 state active");
  t.XswOk("-n out port function set eth0/1 vlan 7");
  Ip("far", "link set eth0 up\naddr add 10.9.0.21/24 dev eth0\n");
  PacketSocket wire(kOutside, kContainerDev, ETH_P_ALL);
  const Endpoint c1{"c1", IpOf(1)}, c2{"c2", IpOf(2)}, far{"far", "10.9.0.21"};
  for (const auto& [from, to] : {std::pair{c1, c2}, {c1, far}, {far, c2}}) {
    EXPECT_TRUE(WaitFor([&, &from = from, &to = to] { return Ping(from, to); }, 20000));
    TcpStream stream(from, to);
    EXPECT_TRUE(stream.Transfer(8 << 20)) << from.ip << " to " << to.ip;
    EXPECT_TRUE(stream.intact());
    EXPECT_EQ(ChecksumErrors(from.netns) + ChecksumErrors(to.netns), 0u);
  }
  EXPECT_FALSE(Ping({"c3", IpOf(3)}, c1)) << "another VLAN";
  EXPECT_FALSE(Ping({kOutside, kOutsideIp}, c1)) << "no VLAN";
  size_t tagged = 0;
  while (auto r = wire.Receive(0)) {
    const bool of_3 = std::equal(r->frame.begin() + 6, r->frame.begin() + 12, kMac3.begin());
    ASSERT_TRUE(IsTagged(r->frame)) << "an untagged frame on the wire";
    EXPECT_EQ((r->frame[14] << 8 | r->frame[15]) & 0xfff, of_3 ? 8 : 7);
    tagged++;
  }
  EXPECT_GT(tagged, 100u);
}

}  // namespace
}  // namespace xsw::test
