// SPDX-License-Identifier: Apache-2.0
// A group has more members than xsw_mdb says: a command was killed between member and number.
//
//    out ==wire== up0   up0sf1 === c1, the member that is counted
//                       up0sf2 === c2, the one that is not
//                       up0sf3 === c3, none
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/veth/observers.h"
#include "tests/veth/pins.h"

namespace xsw::test {
namespace {

constexpr Mac kGroup = {0x01, 0x00, 0x5e, 1, 2, 3};

xsw_mdb_key Key(uint32_t port) {
  xsw_mdb_key key = {.port = port};
  std::copy(kGroup.begin(), kGroup.end(), key.mac);
  return key;
}

class MdbCount : public testing::Test {
 protected:
  MdbCount() : t({.ports = 3}), see(t) {
    Mdb("add", 1);
    Poke("xsw_mdb", Key(2), 1u);
  }
  void Mdb(const std::string& verb, int port) {
    t.XswOk("mdb " + verb + " up0 " + Text(kGroup) + " port " + Handle(port));
  }
  // Of a frame to the group from the wire.
  std::string WhoGets() {
    see.Send(kWire, Numbered(Eth{.dst = kGroup, .src = kOutsideMac} / Payload(60), ++id_));
    return WhoGot(see.Arrived(), id_);
  }
  Topology t;
  Observers see;

 private:
  uint32_t id_ = 0;
};

TEST_F(MdbCount, ANotCountedMemberIsOne) {
  EXPECT_EQ(WhoGets(), Each({kHost, kFunction1, kFunction2}));
}

TEST_F(MdbCount, TheEndOfTheOtherMemberDoesNotOpenTheGroupToAll) {
  Mdb("del", 1);
  EXPECT_EQ(WhoGets(), Each({kHost, kFunction2}));
  Mdb("del", 2);
  EXPECT_EQ(WhoGets(), Each({kHost, kFunction1, kFunction2, kFunction3})) << "no group any more";
  EXPECT_FALSE(Has("xsw_mdb", Key(XSW_UPLINK)));
}

TEST_F(MdbCount, TheEndOfTheOtherMembersPortDoesNotOpenTheGroupToAll) {
  t.XswOk("port del up0/1");
  EXPECT_EQ(WhoGets(), Each({kHost, kFunction2}));
  t.XswOk("port del up0/2");
  EXPECT_FALSE(Has("xsw_mdb", Key(2))) << "left for whoever gets the index";
  EXPECT_FALSE(Has("xsw_mdb", Key(XSW_UPLINK)));
}

TEST_F(MdbCount, ARepeatedAddCountsIt) {
  Mdb("add", 2);
  EXPECT_EQ(Peek<uint32_t>("xsw_mdb", Key(XSW_UPLINK)), 2u);
  Mdb("del", 1);
  EXPECT_EQ(WhoGets(), Each({kHost, kFunction2}));
  EXPECT_EQ(t.Xsw("mdb add up0 " + Text(kGroup) + " port up0/2").status, 1) << "nothing is missing";
}

TEST_F(MdbCount, AFurtherMemberCountsIt) {
  Mdb("add", 3);
  EXPECT_EQ(Peek<uint32_t>("xsw_mdb", Key(XSW_UPLINK)), 3u);
}

// Killed with the first member written: the group itself is not there.
TEST_F(MdbCount, ARepeatedAddOfTheFirstMemberMakesTheGroup) {
  Mdb("del", 1);
  const xsw_mdb_key group = Key(XSW_UPLINK);
  bpf_map_delete_elem(OpenPin("xsw_mdb").get(), &group);
  ASSERT_FALSE(Has("xsw_mdb", group));
  Poke("xsw_mdb", Key(2), 1u);
  Mdb("add", 2);
  EXPECT_EQ(WhoGets(), Each({kHost, kFunction2}));
}

}  // namespace
}  // namespace xsw::test
