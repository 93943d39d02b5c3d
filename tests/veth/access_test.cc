// SPDX-License-Identifier: Apache-2.0
// VLANs of ports: each frame arrives where its VLAN is, with a tag or without as its receiver has
// it.
//
//     out ==wire== up0   up0sf1 === c1
//                        up0sf2 === c2
//                        up0sf3 === c3
//
// Frames are skbs, whose tag arrives accelerated, and XDP frames, whose tag is in the data; with
// the uplink's `xdp off` and `xdp on` (the far end's tx and txvlan offloads off).
#include <gtest/gtest.h>
#include <linux/if_packet.h>

#include <map>
#include <memory>

#include "tests/veth/observers.h"
#include "tests/veth/stream.h"
#include "tests/veth/vlan_rows.h"

namespace xsw::test {
namespace {

struct World {
  explicit World(const std::string& xdp) : topology({.xdp = xdp, .ports = 3}), see(topology) {}
  void Set(const VlanSetting& wanted) {
    if (setting == &wanted) return;
    for (int port = 1; port <= 3; port++)
      topology.XswOk("port function set " + Handle(port) + " " + wanted[port - 1]);
    setting = &wanted;
  }
  Topology topology;
  Observers see;
  const VlanSetting* setting = nullptr;
};

class VlanPorts : public testing::TestWithParam<std::tuple<std::string, bool, VlanRow>> {
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
std::vector<VlanRow> Rows(bool xdp_frames) {
  std::vector<VlanRow> rows;
  for (const auto& part : {VlanUnicast(), VlanFloods()}) {
    for (const VlanRow& row : part) {
      // The host sends skbs.
      if (!xdp_frames || (row.from != kHost && row.from != kRepresentor1)) rows.push_back(row);
    }
  }
  return rows;
}
#define XSW_VLAN_PORTS(name, xdp)                                                         \
  INSTANTIATE_TEST_SUITE_P(name##_Skb, VlanPorts,                                         \
                           testing::Combine(testing::Values(xdp), testing::Values(false), \
                                            testing::ValuesIn(Rows(false))),              \
                           Name);                                                         \
  INSTANTIATE_TEST_SUITE_P(name##_XdpFrame, VlanPorts,                                    \
                           testing::Combine(testing::Values(xdp), testing::Values(true),  \
                                            testing::ValuesIn(Rows(true))),               \
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
