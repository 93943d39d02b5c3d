// SPDX-License-Identifier: Apache-2.0
// VLANs between ports of all pairs of classes: the table of access_test.cc with queue blocks in the
// place of some ports.
//
//   wire, host  <->  up0/1, up0/2, up0/3, each a netdev (N) or a queue block (Q)
//
// Frames of netdevs, wire and host are skbs, whose tag arrives accelerated, and XDP frames, whose
// tag is in the data as it always is at a block; with the uplink's `xdp off` and `xdp on`.
#include <gtest/gtest.h>
#include <linux/if_packet.h>

#include <memory>

#include "tests/veth/queues/ends.h"
#include "tests/veth/vlan_rows.h"

namespace xsw::test {
namespace {

struct VlanWorld : World {
  using World::World;
  void Set(const VlanSetting& wanted) {
    if (setting == &wanted) return;
    for (int port = 1; port <= 3; port++)
      ends.lab().XswOk("port function set " + Handle(port) + " " + wanted[port - 1]);
    setting = &wanted;
  }
  const VlanSetting* setting = nullptr;
};

using Param = std::tuple<std::string, std::string, VlanRow>;

class VlansOfClasses : public testing::TestWithParam<Param> {
 protected:
  static void TearDownTestSuite() { world_.reset(); }
  static void ExpectAsInTable(const VlanRow& row, const Arrivals& arrived, uint32_t id);
  static std::unique_ptr<VlanWorld> world_;
};
std::unique_ptr<VlanWorld> VlansOfClasses::world_;

void VlansOfClasses::ExpectAsInTable(const VlanRow& row, const Arrivals& arrived, uint32_t id) {
  Places places;
  for (const auto& [place, frame] : row.to) places.insert(place);
  EXPECT_EQ(WhoGot(arrived, id), Each(places));
  for (int i = 0; i < kPlaces; i++) {
    const auto place = static_cast<Place>(i);
    auto expected = row.to.find(place);
    for (const Received& r : arrived[place]) {
      ASSERT_EQ(IdOf(r.frame), id) << "a stray frame at " << PlaceName(place);
      if (expected == row.to.end()) continue;
      const Bytes want = Numbered(expected->second, id);
      EXPECT_EQ(r.frame, place == kHost ? AtTheHost(want) : want) << "at " << PlaceName(place);
      if (place == kHost && IsTagged(want)) {
        EXPECT_EQ(r.pkttype, PACKET_OTHERHOST) << "the host was shown an untagged frame";
      }
    }
  }
}

TEST_P(VlansOfClasses, SeeEachFrameAsTheyHaveIt) {
  const auto& [xdp, classes, row] = GetParam();
  VlanWorld& world = WorldOf(&world_, xdp, classes);
  world.Set(*row.setting);
  Places places;
  for (const auto& [place, frame] : row.to) places.insert(place);
  const bool also_as_xdp_frame =
      row.from == kWire ||
      (PortOf(row.from) && row.from < kRepresentor1 && !world.ends.IsBlock(row.from));
  for (const bool as_xdp_frame : {false, true}) {
    if (as_xdp_frame && !also_as_xdp_frame) continue;
    SCOPED_TRACE(as_xdp_frame ? "as an XDP frame" : "as an application sends it");
    const Bytes sent = Numbered(row.frame, ++world.id);
    if (as_xdp_frame) {
      world.ends.SendXdp(row.from, sent);
    } else {
      world.ends.Send(row.from, sent);
    }
    ExpectAsInTable(row, world.ends.Arrived(world.id, places), world.id);
  }
}

std::vector<VlanRow> Rows() {
  std::vector<VlanRow> rows;
  for (const auto& part : {VlanUnicast(), VlanFloods()}) {
    for (const VlanRow& row : part) rows.push_back(row);
  }
  return rows;
}
std::string Name(const testing::TestParamInfo<Param>& info) {
  const auto& [xdp, classes, row] = info.param;
  return std::string(row.name) + "_" + classes + "_Xdp" + xdp;
}
// Between two ports each pair of classes but netdev with netdev, which access_test.cc has.
#define XSW_CLASSES(classes, xdp)                                                             \
  INSTANTIATE_TEST_SUITE_P(classes##_Xdp_##xdp, VlansOfClasses,                               \
                           testing::Combine(testing::Values(#xdp), testing::Values(#classes), \
                                            testing::ValuesIn(Rows())),                       \
                           Name)
XSW_CLASSES(NQQ, off);
XSW_CLASSES(QNQ, off);
XSW_CLASSES(QQN, off);
XSW_CLASSES(NQQ, on);
XSW_CLASSES(QNQ, on);
XSW_CLASSES(QQN, on);

}  // namespace
}  // namespace xsw::test
