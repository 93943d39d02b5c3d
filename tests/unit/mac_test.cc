// SPDX-License-Identifier: Apache-2.0
#include "userspace/mac.h"

#include <gtest/gtest.h>

namespace xsw {
namespace {

TEST(Mac, AnAddressSurvivesTheRoundTripInLowerCase) {
  absl::StatusOr<Mac> mac = ParseMac("02:AB:cd:00:88:fF");
  ASSERT_TRUE(mac.ok()) << mac.status();
  EXPECT_EQ(*mac, (Mac{0x02, 0xab, 0xcd, 0x00, 0x88, 0xff}));
  EXPECT_EQ(FormatMac(*mac), "02:ab:cd:00:88:ff");
}

TEST(Mac, WhatIsNoAddressIsRefusedAndQuoted) {
  for (const char* text : {"", "0:1", "02:ab:cd:00:88", "02:ab:cd:00:88:f", "02:ab:cd:00:88:ff:",
                           "02-ab-cd-00-88-ff", "02:ab:cd:00:88:fg", "02:ab:cd:00:8 :ff",
                           "02:ab:cd:00:88:ff:00", "0x:ab:cd:00:88:ff", "+2:ab:cd:00:88:ff"}) {
    absl::StatusOr<Mac> mac = ParseMac(text);
    ASSERT_FALSE(mac.ok()) << text;
    EXPECT_EQ(mac.status().message(), "\"" + std::string(text) + "\" is not a MAC address");
  }
}

TEST(Mac, OnlyUnicastAddressesFitANetdev) {
  EXPECT_TRUE(CheckUnicast(Mac{0x02, 0, 0, 0, 0, 1}, "hw_addr").ok());
  EXPECT_EQ(CheckUnicast(Mac{0x01, 0, 0x5e, 0, 0, 1}, "hw_addr").message(),
            "hw_addr 01:00:5e:00:00:01 is multicast");
  EXPECT_EQ(CheckUnicast(Mac{}, "hw_addr").message(), "hw_addr 00:00:00:00:00:00 is zero");
}

}  // namespace
}  // namespace xsw
