// SPDX-License-Identifier: Apache-2.0
// A command that was killed between the address table and the rest: the same command again finishes
// what is missing.
//
//    out ==wire== up0   up0sf1 === eth0 in c1
#include <gtest/gtest.h>

#include "tests/veth/pins.h"
#include "tests/veth/snapshot.h"

namespace xsw::test {
namespace {

constexpr Mac kNewMac = {2, 0, 0, 0, 0, 0x77};
const std::string kFdbWords = " up0 " + Text(kExtraMac1) + " port up0/1";

class UnfinishedAddress : public testing::Test {
 protected:
  UnfinishedAddress() : t({.ports = 1}) {}
  // What was written before the uplink was told.
  void WritePending(const Mac& mac, uint32_t flag) {
    Poke("xsw_fdb", FdbKeyOf(mac), xsw_fdb_entry{.port = 1, .flags = flag | XSW_FDB_PENDING});
    EXPECT_FALSE(UnicastList(kUplink).contains(Text(mac)));
  }
  // The VLANs in which port 1 has its own address.
  std::set<int> VlansOfOwnAddress() {
    std::set<int> vlans;
    for (int vlan = 0; vlan < 4095; vlan++) {
      if (Has("xsw_fdb", FdbKeyOf(kMac1, static_cast<uint16_t>(vlan)))) vlans.insert(vlan);
    }
    return vlans;
  }
  Topology t;
};

TEST_F(UnfinishedAddress, FdbAddIsFinishedByARepeat) {
  WritePending(kExtraMac1, XSW_FDB_STATIC);
  t.XswOk("fdb add" + kFdbWords);
  EXPECT_TRUE(UnicastList(kUplink).contains(Text(kExtraMac1))) << "the uplink never accepts it";
  EXPECT_EQ(Peek<xsw_fdb_entry>("xsw_fdb", FdbKeyOf(kExtraMac1)).flags, unsigned{XSW_FDB_STATIC});
  EXPECT_NE(t.Xsw("fdb add" + kFdbWords).err.find("is already there"), std::string::npos);
}

TEST_F(UnfinishedAddress, AFinishedFdbAddIsNotPending) {
  t.XswOk("fdb add" + kFdbWords);
  EXPECT_EQ(Peek<xsw_fdb_entry>("xsw_fdb", FdbKeyOf(kExtraMac1)).flags, unsigned{XSW_FDB_STATIC});
  EXPECT_EQ(Peek<xsw_fdb_entry>("xsw_fdb", FdbKeyOf(kMac1)).flags, unsigned{XSW_FDB_SELF});
}

TEST_F(UnfinishedAddress, FdbAddIsTakenBackByADel) {
  WritePending(kExtraMac1, XSW_FDB_STATIC);
  t.XswOk("fdb del" + kFdbWords);
  EXPECT_FALSE(Has("xsw_fdb", FdbKeyOf(kExtraMac1)));
  t.XswOk("fdb add" + kFdbWords);
  EXPECT_TRUE(UnicastList(kUplink).contains(Text(kExtraMac1)));
}

TEST_F(UnfinishedAddress, HwAddrIsFinishedByARepeat) {
  WritePending(kNewMac, XSW_FDB_SELF);
  t.XswOk("port function set up0/1 hw_addr " + Text(kNewMac));
  EXPECT_EQ(UnicastList(kUplink), std::set<std::string>{Text(kNewMac)});
  EXPECT_EQ(Peek<xsw_fdb_entry>("xsw_fdb", FdbKeyOf(kNewMac)).flags, unsigned{XSW_FDB_SELF});
  EXPECT_EQ(LinkOf("c1", "eth0")["address"], Text(kNewMac));
}

// It stays with its port until somebody goes on, and goes with it.
TEST_F(UnfinishedAddress, GoesWithItsPort) {
  WritePending(kExtraMac1, XSW_FDB_STATIC);
  WritePending(kNewMac, XSW_FDB_SELF);
  t.XswOk("port del up0/1");
  EXPECT_EQ(t.ShowFdb().size(), 1u) << t.ShowFdb();
  EXPECT_EQ(UnicastList(kUplink), std::set<std::string>{});
}

// The words, the VLANs that they mean, and an older one in which the address has stayed.
struct Row {
  const char* words;
  std::set<int> vlans;
  uint16_t stale;
};

TEST_F(UnfinishedAddress, VlanWordsAreFinishedByARepeat) {
  const Row kRows[] = {
      {"vlan 7", {7}, 0},       {"vlan 7", {7}, 9},
      {"vlans 7,8", {7, 8}, 0}, {"vlans 7,8 pvid 8", {7, 8}, 9},
      {"novlan", {0}, 7},
  };
  for (const Row& row : kRows) {
    SCOPED_TRACE(std::string(row.words) + ", still in " + std::to_string(row.stale));
    const std::string command = std::string("port function set up0/1 ") + row.words;
    t.XswOk("port function set up0/1 novlan");
    t.XswOk(command);
    ASSERT_EQ(VlansOfOwnAddress(), row.vlans);
    Poke("xsw_fdb", FdbKeyOf(kMac1, row.stale), xsw_fdb_entry{.port = 1, .flags = XSW_FDB_SELF});
    t.XswOk(command);
    EXPECT_EQ(VlansOfOwnAddress(), row.vlans) << "the address stays in the old VLAN";
    EXPECT_TRUE(UnicastList(kUplink).contains(Text(kMac1)));
    const xsw_fdb_key stale = FdbKeyOf(kMac1, row.stale);
    bpf_map_delete_elem(OpenPin("xsw_fdb").get(), &stale);
  }
}

}  // namespace
}  // namespace xsw::test
