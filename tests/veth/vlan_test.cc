// SPDX-License-Identifier: Apache-2.0
// Every port is untagged: a frame of a VLAN is never mistaken for an untagged one, wherever its tag
// is.
//
//     out ==wire== up0   up0sf1 === c1
//                        up0sf2 === c2
//
// A tag that a stack or AF_PACKET sends over veth arrives accelerated (beside the data), and so
// does the outer one of two; the inner one stays in the data. XDP frames have all of it in the
// data. On the wire both come with the uplink's `xdp off` and `xdp on` (the far end's tx and txvlan
// offloads off).
#include <gtest/gtest.h>
#include <linux/if_packet.h>

#include <memory>

#include "tests/veth/observers.h"

namespace xsw::test {
namespace {

struct Tags {
  const char* name;
  std::function<Frame(const Eth&)> frame;
  bool vlan;  // in a VLAN; else as good as untagged
};

template <typename... Headers>
std::function<Frame(const Eth&)> With(const Headers&... headers) {
  return [=](const Eth& eth) { return (eth / ... / headers) / Payload(46); };
}
constexpr uint16_t kQ = ETH_P_8021Q, kAd = ETH_P_8021AD;

const Tags kTags[] = {
    {"Vlan7", With(Vlan{.id = 7}), true},
    {"Vlan4095Priority7", With(Vlan{.id = 4095, .priority = 7}), true},
    {"Dot1ad7", With(Dot1ad{.id = 7}), true},
    {"PriorityTag", With(Vlan{.id = 0, .priority = 5}), false},
    {"PriorityTagOfDot1ad", With(Dot1ad{.id = 0, .priority = 5}), false},
    {"PriorityTagThenVlan7", With(Vlan{.id = 0, .type = kQ}, Vlan{.id = 7}), true},
    {"PriorityTagThenDot1ad7", With(Vlan{.id = 0, .type = kAd}, Dot1ad{.id = 7}), true},
    {"Dot1ad0ThenVlan7", With(Dot1ad{.id = 0, .type = kQ}, Vlan{.id = 7}), true},
    {"Vlan7ThenVlan8", With(Vlan{.id = 7, .type = kQ}, Vlan{.id = 8}), true},
    {"Dot1ad7ThenVlan8", With(Dot1ad{.id = 7, .type = kQ}, Vlan{.id = 8}), true},
    {"Vlan7ThenPriorityTag", With(Vlan{.id = 7, .type = kQ}, Vlan{.id = 0}), true},
};
std::ostream& operator<<(std::ostream& out, const Tags& tags) { return out << tags.name; }

// Where such a frame goes if it is in a VLAN, and if it is not.
struct Way {
  const char* name;
  Place from;
  Eth eth;
  Places of_vlan, of_untagged;
};
const Way kWays[] = {
    {"WireToPort", kWire, {kMac1, kOutsideMac}, {kHost}, {kFunction1}},
    {"WireToHost", kWire, {kHostMac, kOutsideMac}, {kHost}, {kHost}},
    {"WireBroadcast", kWire, {kBroadcast, kOutsideMac}, {kHost}, {kHost, kFunction1, kFunction2}},
    {"PortToPort", kFunction1, {kMac2, kMac1}, {}, {kFunction2}},
    {"PortToHost", kFunction1, {kHostMac, kMac1}, {}, {kHost}},
    {"PortToWire", kFunction1, {kOutsideMac, kMac1}, {}, {kWire}},
    {"PortBroadcast", kFunction1, {kBroadcast, kMac1}, {}, {kFunction2, kHost, kWire}},
    {"HostToPort", kHost, {kMac1, kHostMac}, {kWire}, {kFunction1}},
    {"HostToWire", kHost, {kOutsideMac, kHostMac}, {kWire}, {kWire}},
    {"HostBroadcast", kHost, {kBroadcast, kHostMac}, {kWire}, {kWire, kFunction1, kFunction2}},
    {"Representor", kRepresentor1, {kMac1, kHostMac}, {kFunction1}, {kFunction1}},
};
std::ostream& operator<<(std::ostream& out, const Way& way) { return out << way.name; }

class VlanTag : public testing::TestWithParam<std::tuple<std::string, Way, Tags>> {
 protected:
  void SetUp() override {
    const std::string& xdp = std::get<0>(GetParam());
    if (topology_ && topology_->options().xdp == xdp) return;
    TearDownTestSuite();
    topology_ = std::make_unique<Topology>(TopologyOptions{.xdp = xdp, .ports = 2});
    see_ = std::make_unique<Observers>(*topology_);
  }
  static void TearDownTestSuite() {
    see_.reset();
    topology_.reset();
  }
  void ExpectAt(const Places& places, const Bytes& sent, const Arrivals& arrived);

  static std::unique_ptr<Topology> topology_;
  static std::unique_ptr<Observers> see_;
};
std::unique_ptr<Topology> VlanTag::topology_;
std::unique_ptr<Observers> VlanTag::see_;

void VlanTag::ExpectAt(const Places& places, const Bytes& sent, const Arrivals& arrived) {
  EXPECT_EQ(WhoGot(arrived, IdOf(sent)), Each(places));
  for (Place place : {kWire, kFunction1, kFunction2}) {
    for (const Received& r : arrived[place])
      EXPECT_EQ(r.frame, sent) << "its tags have changed at " << PlaceName(place);
  }
  // The host has no such VLAN, so its stack takes the tag off and calls the frame another's, which
  // it would not if the tag had been lost before.
  if (!std::get<2>(GetParam()).vlan) return;
  for (const Received& r : arrived[kHost])
    EXPECT_EQ(r.pkttype, PACKET_OTHERHOST) << "the host was shown an untagged frame";
}

TEST_P(VlanTag, OfAnSkbIsRespected) {
  const auto& [xdp, way, tags] = GetParam();
  const Bytes frame = Numbered(tags.frame(way.eth), 1);
  ASSERT_TRUE(see_->Send(way.from, frame));
  ExpectAt(tags.vlan ? way.of_vlan : way.of_untagged, frame, see_->Arrived());
}

TEST_P(VlanTag, OfAnXdpFrameIsRespected) {
  const auto& [xdp, way, tags] = GetParam();
  if (way.from != kWire && way.from != kFunction1) return;  // the host sends skbs
  const Bytes frame = Numbered(tags.frame(way.eth), 1);
  see_->SendXdp(way.from, frame);
  ExpectAt(tags.vlan ? way.of_vlan : way.of_untagged, frame, see_->Arrived());
}

INSTANTIATE_TEST_SUITE_P(Xdp, VlanTag,
                         testing::Combine(testing::Values("off", "on"), testing::ValuesIn(kWays),
                                          testing::ValuesIn(kTags)),
                         [](const auto& info) {
                           return std::string(std::get<1>(info.param).name) + "_" +
                                  std::get<2>(info.param).name + "_Xdp" + std::get<0>(info.param);
                         });

}  // namespace
}  // namespace xsw::test
