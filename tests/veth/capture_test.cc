// SPDX-License-Identifier: Apache-2.0
// What `xsw capture` hands over for each kind of way through the switch, as Debian's tshark reads
// it: interface, direction, verdict, tag, comment; and one packet id for all records of a frame.
//
//     out ==wire== up0   up0sf1 === c1
//                        up0sf2 === c2
//                        up0sf3 === c3, of VLAN 7
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/veth/captured.h"
#include "tests/veth/observers.h"

namespace xsw::test {
namespace {

struct Row {
  const char* name;
  Place from;
  Frame frame;
  std::vector<std::string> records;
};

const Payload kData(60);
const Mac kNobody = {2, 9, 9, 9, 9, 9};

Frame Plain(const Mac& dst, const Mac& src) { return Eth{.dst = dst, .src = src} / kData; }
Frame In7(const Mac& dst, const Mac& src) {
  return Eth{.dst = dst, .src = src} / Vlan{.id = 7} / kData;
}

// As skbs, with no XDP on the uplink.
const std::vector<Row>& SkbRows() {
  static const std::vector<Row> rows = {
      {"port to port",
       kFunction1,
       Plain(kMac2, kMac1),
       {"up0/1 in", "up0/2 out tc 7 | up0/1 > up0/2"}},
      {"wire to port",
       kWire,
       Plain(kMac2, kOutsideMac),
       {"up0/0 in", "up0/2 out tc 7 | up0/0 > up0/2"}},
      {"wire to an access port",
       kWire,
       In7(kMac3, kOutsideMac),
       {"up0/0 in vlan 7", "up0/3 out tc 7 | up0/0 > up0/3 vlan 7"}},
      {"wire to host",
       kWire,
       Plain(kHostMac, kOutsideMac),
       {"up0/0 in", "up0/host out tc -1 | up0/0 > host"}},
      {"wire to a link-local address",
       kWire,
       Plain(kStpMac, kOutsideMac),
       {"up0/0 in", "up0/host out tc -1 | up0/0 > host"}},
      {"wire to nobody",
       kWire,
       Plain(kNobody, kOutsideMac),
       {"up0/0 in", "up0/host out tc -1 | up0/0 > host"}},
      {"wire broadcast",
       kWire,
       Plain(kBroadcast, kOutsideMac),
       {"up0/0 in", "up0/1 out tc 7 | up0/0 > up0/1", "up0/2 out tc 7 | up0/0 > up0/2",
        "up0/host out tc -1 | up0/0 > host"}},
      {"port to wire",
       kFunction1,
       Plain(kOutsideMac, kMac1),
       {"up0/1 in", "up0/0 out tc 7 | up0/1 > up0/0"}},
      {"access port to wire",
       kFunction3,
       Plain(kOutsideMac, kMac3),
       {"up0/3 in", "up0/0 out tc 7 vlan 7 | up0/3 > up0/0 vlan 7"}},
      {"port to host",
       kFunction1,
       Plain(kHostMac, kMac1),
       {"up0/1 in", "up0/host out tc 7 | up0/1 > host"}},
      {"port broadcast",
       kFunction1,
       Plain(kBroadcast, kMac1),
       {"up0/1 in", "up0/2 out tc 7 | up0/1 > up0/2", "up0/0 out tc 7 | up0/1 > up0/0",
        "up0/host out tc 7 | up0/1 > host"}},
      {"port that is no sender's address",
       kFunction1,
       Plain(kMac2, kNobody),
       {"up0/1 in", "up0/1 in tc 2 | drop spoof"}},
      {"port with a tag",
       kFunction1,
       In7(kMac2, kMac1),
       {"up0/1 in vlan 7", "up0/1 in tc 2 vlan 7 | drop vlan"}},
      {"port to a link-local address",
       kFunction1,
       Plain(kStpMac, kMac1),
       {"up0/1 in", "up0/1 in tc 2 | drop link_local"}},
      {"port to itself",
       kFunction1,
       Plain(kMac1, kMac1),
       {"up0/1 in", "up0/1 in tc 2 | drop hairpin"}},
      {"host to port",
       kHost,
       Plain(kMac2, kHostMac),
       {"up0/host in", "up0/2 out tc 7 | host > up0/2"}},
      {"host to wire",
       kHost,
       Plain(kOutsideMac, kHostMac),
       {"up0/host in", "up0/0 out tc -1 | host > up0/0"}},
      {"host broadcast",
       kHost,
       Plain(kBroadcast, kHostMac),
       {"up0/host in", "up0/1 out tc 7 | host > up0/1", "up0/2 out tc 7 | host > up0/2",
        "up0/0 out tc -1 | host > up0/0"}},
      {"host on a representor",
       kRepresentor1,
       Plain(kMac1, kHostMac),
       {"up0/host in", "up0/1 out tc -1 | representor > up0/1"}},
  };
  return rows;
}

// From the wire as XDP frames, which the uplink's XDP program steers.
const std::vector<Row>& XdpRows() {
  static const std::vector<Row> rows = {
      {"wire to port",
       kWire,
       Plain(kMac2, kOutsideMac),
       {"up0/0 in", "up0/2 out xdp 4 | up0/0 > up0/2"}},
      {"wire to an access port",
       kWire,
       In7(kMac3, kOutsideMac),
       {"up0/0 in vlan 7", "up0/3 out xdp 4 | up0/0 > up0/3 vlan 7"}},
      {"wire to host",
       kWire,
       Plain(kHostMac, kOutsideMac),
       {"up0/0 in", "up0/host out tc -1 | up0/0 > host"}},
      {"wire broadcast",
       kWire,
       Plain(kBroadcast, kOutsideMac),
       {"up0/0 in", "up0/1 out tc 7 | up0/0 > up0/1", "up0/2 out tc 7 | up0/0 > up0/2",
        "up0/4 out tc 2 | up0/0 > up0/4 drop link_down", "up0/host out tc -1 | up0/0 > host"}},
      {"wire to a port whose link is off",
       kWire,
       Plain(kExtraMac1, kOutsideMac),
       {"up0/0 in", "up0/4 out xdp 1 | up0/0 > up0/4 drop link_down"}},
  };
  return rows;
}

struct Frames {
  std::map<uint32_t, std::vector<std::string>> texts;  // by id of the frame
  std::map<uint32_t, std::set<std::string>> packet_ids;
};

Frames ByFrame(const std::vector<CapturedRecord>& records) {
  Frames frames;
  for (const CapturedRecord& record : records) {
    frames.texts[record.id].push_back(record.interface + " " + record.text);
    frames.packet_ids[record.id].insert(record.packet_id);
  }
  return frames;
}

void ExpectRows(const std::vector<Row>& rows, const Frames& got) {
  std::set<std::string> packet_ids;
  for (uint32_t id = 0; id < rows.size(); id++) {
    const auto texts = got.texts.find(id);
    ASSERT_NE(texts, got.texts.end()) << rows[id].name;
    EXPECT_EQ(texts->second, rows[id].records) << rows[id].name;
    EXPECT_EQ(got.packet_ids.at(id).size(), 1u) << rows[id].name << ": one frame";
    EXPECT_TRUE(packet_ids.insert(*got.packet_ids.at(id).begin()).second) << rows[id].name;
  }
}

TEST(Capture, HasEachWayOfAnSkbFieldByField) {
  Topology t({.ports = 3});
  t.XswOk("port function set up0/3 vlan 7");
  Observers see(t);
  Capturing capture(t, "up0");
  for (uint32_t id = 0; id < SkbRows().size(); id++)
    ASSERT_TRUE(see.Send(SkbRows()[id].from, Numbered(SkbRows()[id].frame, id)));
  see.Arrived();
  const Result result = capture.End();
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(SaidOf(result).lost, 0u);
  const std::vector<CapturedRecord> records = capture.Read();
  EXPECT_GE(SaidOf(result).captured, records.size());
  ExpectRows(SkbRows(), ByFrame(records));
  for (const CapturedRecord& record : records) {
    if (record.interface == "up0/2") {
      EXPECT_EQ(record.description, "up0sf2");
    }
  }
}

TEST(Capture, HasEachWayOfAnXdpFrame) {
  Topology t({.xdp = "on", .ports = 3});
  t.XswOk("port function set up0/3 vlan 7");
  t.XswOk("port add up0 sfnum 4 hw_addr " + Text(kExtraMac1) + " state active");
  t.XswOk("port function set up0/4 link disable");
  Observers see(t);
  Capturing capture(t, "up0");
  for (uint32_t id = 0; id < XdpRows().size(); id++)
    see.SendXdp(XdpRows()[id].from, Numbered(XdpRows()[id].frame, id));
  see.Arrived();
  EXPECT_EQ(capture.End().status, 0);
  ExpectRows(XdpRows(), ByFrame(capture.Read()));
}

// A frame that is a function's rises, as it came, where no permit says otherwise.
TEST(Capture, HasWhatRisesInModeSwitchdev) {
  Topology t({.ports = 2});
  t.XswOk("eswitch set up0 mode switchdev");
  Observers see(t);
  Capturing capture(t, "up0");
  see.Send(kFunction1, Numbered(Plain(kMac2, kMac1), 1));
  see.Send(kWire, Numbered(Plain(kMac2, kOutsideMac), 2));
  see.Send(kHost, Numbered(Plain(kMac2, kHostMac), 3));
  see.Arrived();
  EXPECT_EQ(capture.End().status, 0);
  const Frames got = ByFrame(capture.Read());
  using Texts = std::vector<std::string>;
  EXPECT_EQ(got.texts.at(1), (Texts{"up0/1 in", "up0/host out tc -1 | up0/1 > representor"}));
  EXPECT_EQ(got.texts.at(2), (Texts{"up0/0 in", "up0/host out tc -1 | up0/0 > host"}));
  EXPECT_EQ(got.texts.at(3), (Texts{"up0/host in", "up0/0 out tc -1 | host > up0/0"}));
}

}  // namespace
}  // namespace xsw::test
