// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/words.h"

#include <gtest/gtest.h>
#include <net/if.h>

#include <cstring>
#include <set>

namespace xsw {
namespace {

TEST(Words, EveryModeXdpAndRxPathIsReadBackFromItsWord) {
  for (uint8_t i = 0; i < XSW_MODE_COUNT; i++) EXPECT_EQ(*ParseMode(ModeWord(i)), i);
  for (uint8_t i = 0; i < XSW_XDP_COUNT; i++) EXPECT_EQ(*ParseXdp(XdpWord(i)), i);
  for (uint8_t i = 0; i < XSW_RX_PATH_COUNT; i++) EXPECT_EQ(*ParseRxPath(RxPathWord(i)), i);
  for (uint8_t i = 0; i < XSW_MISS_COUNT; i++) EXPECT_EQ(*ParseMiss(MissWord(i)), i);
}

TEST(Words, EveryDropReasonHasANameOfItsOwn) {
  std::set<std::string> names;
  for (uint8_t i = 0; i < XSW_DROP_COUNT; i++) names.insert(DropWord(i));
  EXPECT_EQ(names.size(), XSW_DROP_COUNT);
  EXPECT_EQ(names.count("unknown"), 0u);
}

TEST(Words, WordsAreExactAndTheErrorListsThem) {
  EXPECT_FALSE(ParseMode("leg").ok()) << "abbreviations by prefix are a trap";
  EXPECT_EQ(ParseXdp("yes").status().message(), "xdp \"yes\" is not one of auto, on, off, shared");
}

struct NameRow {
  const char* uplink;
  uint32_t sfnum;
  const char* representor;
  const char* altname;
  const char* function;
};

TEST(Words, NamesFollowUdevsAndFitANetdev) {
  const NameRow rows[] = {
      {"eth0", 88, "eth0sf88", "eth0pf0sf88", "eth0s88"},
      {"enp6s0f0np0", 88, "enp6s0f0np0sf88", "enp6s0f0np0pf0sf88", "enp6s0f0np0s88"},
      {"abcdefghijklmno", 1, "abcdefghijklsf1", "abcdefghijklmnopf0sf1", "abcdefghijklms1"},
      {"eth0", 4294967295, "ethsf4294967295", "eth0pf0sf4294967295", "eth0s4294967295"},
  };
  for (const NameRow& row : rows) {
    EXPECT_EQ(RepresentorName(row.uplink, row.sfnum), row.representor);
    EXPECT_EQ(RepresentorAltName(row.uplink, row.sfnum), row.altname);
    EXPECT_EQ(FunctionName(row.uplink, row.sfnum), row.function);
    EXPECT_LT(std::strlen(row.representor), static_cast<size_t>(IFNAMSIZ));
    EXPECT_LT(std::strlen(row.function), static_cast<size_t>(IFNAMSIZ));
  }
}

TEST(Words, DerivedAddressesAreStableLocalUnicastAndDifferent) {
  const Mac uplink{0x52, 0x54, 0, 1, 2, 3}, other{0x52, 0x54, 0, 1, 2, 4};
  // A change of this address is a change that users of existing ports would see.
  EXPECT_EQ(FormatMac(DerivedMac(uplink, 88, 0)), "0e:5a:8d:c1:93:b2");
  std::set<Mac> seen;
  for (uint32_t sfnum = 0; sfnum < 4096; sfnum++) {
    Mac mac = DerivedMac(uplink, sfnum, 0);
    EXPECT_EQ(mac[0] & 3, 2) << "locally administered unicast";
    seen.insert(mac);
    seen.insert(DerivedMac(other, sfnum, 0));
    seen.insert(DerivedMac(uplink, sfnum, 1));
  }
  EXPECT_EQ(seen.size(), 3u * 4096);
}

TEST(Words, ANameIsCutToItsMemberAndTheRestIsZero) {
  char member[8];
  std::memset(member, 'x', sizeof(member));
  CopyName("ab", member);
  EXPECT_EQ(std::string(member, sizeof(member)), std::string("ab\0\0\0\0\0\0", 8));
  CopyName("abcdefghij", member);
  EXPECT_STREQ(member, "abcdefg");
}

}  // namespace
}  // namespace xsw
