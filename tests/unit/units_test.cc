// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/units.h"

#include <gtest/gtest.h>

namespace xsw {
namespace {

struct Row {
  const char* text;
  uint64_t value;
};

TEST(Rates, AreAsTcHasThem) {
  const Row rows[] = {
      {"0", 0},
      {"1000", 1000},
      {"1bit", 1},
      {"10kbit", 10'000},
      {"10mbit", 10'000'000},
      {"1.5gbit", 1'500'000'000},
      {"1tbit", 1'000'000'000'000},
      {"1kibit", 1024},
      {"1mibit", 1 << 20},
      {"1gibit", 1 << 30},
      {"100bps", 800},
      {"100mbps", 800'000'000},
      {"9223372036854775809", (uint64_t{1} << 63) + 1},
      {"18446744073709551615", ~uint64_t{0}},
  };
  for (const Row& row : rows) {
    absl::StatusOr<uint64_t> rate = ParseRate(row.text);
    ASSERT_TRUE(rate.ok()) << rate.status();
    EXPECT_EQ(*rate, row.value) << row.text;
  }
}

TEST(Rates, OfOtherTextsAreRefused) {
  for (const char* text : {"", "mbit", "10 mbit", "10MBIT", "10m", "-1", "+1", "1e9", "1.2.3mbit",
                           ".", "10mbits", "nan", "0x10"})
    EXPECT_FALSE(ParseRate(text).ok()) << text;
  EXPECT_EQ(ParseRate("18446744073709551616").status().message(),
            "rate \"18446744073709551616\" is too large");
  EXPECT_EQ(ParseRate("20000000tbit").status().message(), "rate \"20000000tbit\" is too large");
}

TEST(Rates, AreWrittenInTheLargestWholeUnit) {
  EXPECT_EQ(FormatRate(0), "0bit");
  EXPECT_EQ(FormatRate(999), "999bit");
  EXPECT_EQ(FormatRate(10'000'000), "10mbit");
  EXPECT_EQ(FormatRate(1'500'000'000), "1500mbit");
  EXPECT_EQ(FormatRate(uint64_t{1} << 63), "9223372036854775808bit");
  for (uint64_t rate : {uint64_t{1}, uint64_t{12112}, uint64_t{1'000'000}, ~uint64_t{0}})
    EXPECT_EQ(*ParseRate(FormatRate(rate)), rate);
}

TEST(Sizes, AreInPowersOfTwo) {
  const Row rows[] = {{"0", 0},        {"1514", 1514},    {"64k", 65536},  {"64kb", 65536},
                      {"1m", 1 << 20}, {"1.5m", 1572864}, {"1g", 1 << 30}, {"2b", 2}};
  for (const Row& row : rows) {
    absl::StatusOr<uint64_t> size = ParseSize(row.text);
    ASSERT_TRUE(size.ok()) << size.status();
    EXPECT_EQ(*size, row.value) << row.text;
  }
  for (const char* text : {"", "k", "1t", "1kbit", "-1"})
    EXPECT_FALSE(ParseSize(text).ok()) << text;
}

}  // namespace
}  // namespace xsw
