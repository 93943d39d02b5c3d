// SPDX-License-Identifier: Apache-2.0
// The FDB and what a CPU remembers of it: a change counts with the next frame, and addresses that
// share a place in memory stay apart.
#include <gtest/gtest.h>

#include "tests/bpf/one_cpu.h"
#include "tests/bpf/row.h"

namespace xsw::test {
namespace {

struct Hook {
  const char* name;
  Program program;
  Place at;
};
std::string HookName(const testing::TestParamInfo<Hook>& info) { return info.param.name; }

class FdbTest : public testing::TestWithParam<Hook> {
 protected:
  FdbTest() {
    s_.Reset();
    s_.ConfigureEswitch([](xsw_eswitch& e) { e.xdp_steers = XSW_STEERS_ALL; });
  }

  // 0: to none.
  unsigned PortThatGets(const Mac& dst, uint16_t vlan = 0) {
    const Counters before = s_.Moved();
    const Eth eth = {.dst = dst, .src = kMac1};
    s_.Run(GetParam().program, GetParam().at,
           vlan ? eth / Vlan{.id = vlan} / Payload(46) : eth / Payload(46), {});
    Counters after = s_.Moved();
    for (unsigned port : {1, 2, 3}) {
      const std::string counter = CounterName(port, "tx unicast frames");
      const auto was = before.find(counter);
      if (after.count(counter) && after[counter] != (was == before.end() ? 0 : was->second))
        return port;
    }
    return 0;
  }

  OneCpu one_cpu_;
  SwitchUnderTest& s_ = SwitchUnderTest::Get();
};

TEST_P(FdbTest, EachChangeCountsWithTheNextFrame) {
  EXPECT_EQ(PortThatGets(kOutsideMac), 0u);
  EXPECT_EQ(PortThatGets(kOutsideMac), 0u);
  s_.AddFdb(kOutsideMac, 0, 2);
  EXPECT_EQ(PortThatGets(kOutsideMac), 2u) << "an address is new";
  EXPECT_EQ(PortThatGets(kOutsideMac), 2u);
  s_.AddFdb(kOutsideMac, 0, 3);
  EXPECT_EQ(PortThatGets(kOutsideMac), 3u) << "it moves";
  s_.AddFdb(kOutsideMac, 0, XSW_UPLINK);
  EXPECT_EQ(PortThatGets(kOutsideMac), 0u) << "it is the host's";
  s_.AddFdb(kOutsideMac, 0, 3);
  EXPECT_EQ(PortThatGets(kOutsideMac), 3u);
  s_.RemoveFdb(kOutsideMac, 0);
  EXPECT_EQ(PortThatGets(kOutsideMac), 0u) << "it goes";
}

TEST_P(FdbTest, AnAddressIsAnotherInEachVlan) {
  Trunk(kFunction1, {7}, 0)(s_);
  s_.AddFdb(kMac3, 7, 2);
  for (int round = 0; round < 2; round++) {
    EXPECT_EQ(PortThatGets(kMac3), 3u);
    EXPECT_EQ(PortThatGets(kMac3, 7), 2u);
  }
}

// More addresses than any cache has places, so many of them share one.
TEST_P(FdbTest, EachOfManyAddressesIsItsOwnPorts) {
  constexpr int kAddresses = 1500;
  auto address = [](int i) {
    return Mac{2, 0, 0x40, 0, static_cast<uint8_t>(i >> 8), static_cast<uint8_t>(i)};
  };
  for (int i = 0; i < kAddresses; i++)
    if (i % 3) s_.AddFdb(address(i), 0, i % 3 + 1);
  for (int round = 0; round < 2; round++) {
    for (int i = 0; i < kAddresses; i++)
      ASSERT_EQ(PortThatGets(address(i)), i % 3 ? i % 3 + 1 : 0u) << "address " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(AllHooks, FdbTest,
                         testing::Values(Hook{"UplinkXdp", Program::kUplinkXdp, kWire},
                                         Hook{"UplinkRx", Program::kUplinkRx, kWire},
                                         Hook{"UplinkTx", Program::kUplinkTx, kWire},
                                         Hook{"PortXdp", Program::kPortXdp, kFunction1},
                                         Hook{"PortRx", Program::kPortRx, kFunction1}),
                         HookName);

}  // namespace
}  // namespace xsw::test
