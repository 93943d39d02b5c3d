// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/policy/vlan.h"

#include <gtest/gtest.h>

#include "switchdev_model/policy/rate.h"

namespace xsw {
namespace {

TEST(VlanSets, AreReadAndWrittenShortest) {
  constexpr const char* kRows[][2] = {
      {"1", "1"},
      {"4094", "4094"},
      {"10,20-30", "10,20-30"},
      {"7,8,9", "7-9"},
      {"9,7,8", "7-9"},
      {"1-4094", "1-4094"},
      {"7-7", "7"},
      {"7,7", "7"},
      {"1-3,2-5", "1-5"},
      {"63,64,65", "63-65"},
      {"2,4,6", "2,4,6"},
      {"1,3-4", "1,3-4"},
  };
  for (const auto& [text, shortest] : kRows) {
    absl::StatusOr<VlanSet> set = ParseVlanSet(text);
    ASSERT_TRUE(set.ok()) << text;
    EXPECT_EQ(FormatVlanSet(*set), shortest) << text;
    EXPECT_EQ(*ParseVlanSet(FormatVlanSet(*set)), *set) << text;
  }
  EXPECT_EQ(FormatVlanSet({}), "");
}

TEST(VlanSets, OfOtherTextsAreRefused) {
  for (const char* text : {"", ",", "7,", ",7", "7,,8", "0", "4095", "0-7", "7-4095", "20-10", "7-",
                           "-7", "1-2-3", "a", "7a", "7 8", "4294967303", "-1"}) {
    EXPECT_EQ(
        ParseVlanSet(text).status().message(),
        absl::StrCat("vlans \"", text, "\" is not a list of VLANs 1 to 4094 such as 10,20-30"));
  }
}

VlanSet Set(const char* text) { return *ParseVlanSet(text); }
const PortVlans kNone = {};
const PortVlans kAccess7 = {.pvid = 7, .qos = 3};
const PortVlans kTrunk = {.pvid = XSW_VLAN_NONE, .trunk = true, .tagged = Set("7-8")};
const PortVlans kTrunkPvid7 = {.pvid = 7, .qos = 2, .trunk = true, .tagged = Set("7-8")};

struct Row {
  const char* name;
  PortVlans before;
  VlanChange change;
  PortVlans after;
};

TEST(VlansAfter, AreWhatTheWordsSay) {
  const Row rows[] = {
      {"nothing", kTrunkPvid7, {}, kTrunkPvid7},
      {"vlan", kNone, {.vlan = 9}, {.pvid = 9}},
      {"vlan on a trunk", kTrunkPvid7, {.vlan = 9}, {.pvid = 9}},
      {"vlan forgets qos", kAccess7, {.vlan = 9}, {.pvid = 9}},
      {"vlan and qos", kNone, {.vlan = 7, .qos = 3}, kAccess7},
      {"qos of an access port", kAccess7, {.qos = 0}, {.pvid = 7}},
      {"vlans", kNone, {.vlans = Set("7,8")}, kTrunk},
      {"vlans on an access port", kAccess7, {.vlans = Set("7,8")}, kTrunk},
      {"vlans forget pvid", kTrunkPvid7, {.vlans = Set("7,8")}, kTrunk},
      {"vlans and pvid", kNone, {.qos = 2, .vlans = Set("7,8"), .pvid = 7}, kTrunkPvid7},
      {"pvid joins the list", kNone, {.qos = 2, .vlans = Set("8"), .pvid = 7}, kTrunkPvid7},
      {"pvid of a trunk", kTrunk, {.qos = 2, .pvid = 7}, kTrunkPvid7},
      {"novlan on an access port", kAccess7, {.novlan = true}, kNone},
      {"novlan on a trunk", kTrunkPvid7, {.novlan = true}, kNone},
  };
  for (const Row& row : rows) {
    absl::StatusOr<PortVlans> after = VlansAfter(row.before, row.change, "port eth0/1");
    ASSERT_TRUE(after.ok()) << row.name << ": " << after.status();
    EXPECT_EQ(*after, row.after) << row.name;
  }
}

TEST(VlansAfter, RefuseWhatDoesNotGoTogether) {
  const std::pair<PortVlans, VlanChange> rows[] = {
      {kNone, {.vlan = 7, .vlans = Set("8")}},
      {kNone, {.vlan = 7, .pvid = 7}},
      {kNone, {.vlan = 7, .novlan = true}},
      {kNone, {.vlans = Set("7"), .novlan = true}},
      {kNone, {.qos = 1, .novlan = true}},
      {kNone, {.vlan = 0}},
      {kNone, {.vlan = 4095}},
      {kNone, {.vlans = Set("7"), .pvid = 0}},
      {kNone, {.vlans = Set("7"), .pvid = 4095}},
      {kNone, {.vlan = 7, .qos = 8}},
      {kNone, {.pvid = 7}},
      {kAccess7, {.pvid = 7}},
      {kNone, {.qos = 1}},
      {kTrunk, {.qos = 1}},
  };
  for (const auto& [before, change] : rows) {
    const absl::Status status = VlansAfter(before, change, "port eth0/1").status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(status.message().substr(0, 13), "port eth0/1: ") << status;
  }
}

TEST(VlansOfAPort, AreListedWithZeroForUntagged) {
  EXPECT_EQ(Carried(kNone), (std::vector<uint16_t>{0}));
  EXPECT_EQ(Carried(kAccess7), (std::vector<uint16_t>{7}));
  EXPECT_EQ(Carried(kTrunk), (std::vector<uint16_t>{7, 8}));
  EXPECT_EQ(Carried(kTrunkPvid7), (std::vector<uint16_t>{7, 8}));
  EXPECT_FALSE(Carries(kTrunk, 0));
  EXPECT_FALSE(Carries(kAccess7, 0));
}

TEST(DefaultBurst, Is250MsOfTheRateAndAtLeast256KiB) {
  EXPECT_EQ(DefaultBurst(0), 262144u);
  EXPECT_EQ(DefaultBurst(8'000'000), 262144u);
  EXPECT_EQ(DefaultBurst(10'000'000), 312500u);
  EXPECT_EQ(DefaultBurst(1'000'000'000), 31250000u);
  EXPECT_EQ(DefaultBurst(uint64_t{1} << 63), uint64_t{1} << 58);
}

}  // namespace
}  // namespace xsw
