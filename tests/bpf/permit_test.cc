// SPDX-License-Identifier: Apache-2.0
// Permits and what a CPU remembers of them: a change counts with the next frame, and bridges, VLANs
// and addresses that share a place in memory stay apart.
#include <gtest/gtest.h>

#include "tests/bpf/one_cpu.h"
#include "tests/bpf/row.h"

namespace xsw::test {
namespace {

constexpr uint32_t kBridge = 50, kOtherBridge = 51;
constexpr uint16_t kBoth = XSW_PERMIT_FROM | XSW_PERMIT_TO;

class PermitTest : public testing::Test {
 protected:
  PermitTest() {
    s_.Reset();
    Switchdev(s_);
    for (Place port : {kFunction1, kFunction2, kFunction3})
      s_.PutInBridge(port, {.bridge = kBridge});
    for (Place port : {kFunction1, kFunction2, kFunction3}) Allow(MacOfPort(port), port);
  }

  static Mac MacOfPort(Place port) { return std::array{kMac1, kMac2, kMac3}[port - 1]; }
  void Allow(const Mac& mac, Place port, uint16_t flags = kBoth, uint16_t vlan = 0) {
    s_.AddPermit(mac, vlan, {.port = static_cast<uint32_t>(port), .flags = flags});
  }
  Verdict Send(Place from, const Mac& dst) {
    return s_.Run(Program::kPortRx, from, Eth{.dst = dst, .src = MacOfPort(from)} / Payload(46), {})
        .verdict;
  }

  OneCpu one_cpu_;
  SwitchUnderTest& s_ = SwitchUnderTest::Get();
};

TEST_F(PermitTest, EachChangeCountsWithTheNextFrame) {
  EXPECT_EQ(Send(kFunction1, kMac2), kRedirect);
  Allow(kMac2, kFunction2, XSW_PERMIT_FROM);
  EXPECT_EQ(Send(kFunction1, kMac2), kPass);
  Allow(kMac2, kFunction2);
  EXPECT_EQ(Send(kFunction1, kMac2), kRedirect);
  Allow(kMac1, kFunction1, XSW_PERMIT_TO);
  EXPECT_EQ(Send(kFunction1, kMac2), kPass);
}

TEST_F(PermitTest, AnAnswerIsOfOneBridge) {
  EXPECT_EQ(Send(kFunction1, kMac2), kRedirect);
  s_.PutInBridge(kFunction3, {.bridge = kOtherBridge});
  Allow(kMac3, kFunction3);
  EXPECT_EQ(Send(kFunction3, kMac2), kPass);
  EXPECT_EQ(Send(kFunction1, kMac2), kRedirect);
}

TEST_F(PermitTest, AnAnswerIsOfOneVlan) {
  EXPECT_EQ(Send(kFunction1, kMac2), kRedirect);
  s_.PutInBridge(kFunction1, {.bridge = kBridge, .flags = XSW_BPORT_VLANS, .pvid = 7});
  EXPECT_EQ(Send(kFunction1, kMac2), kPass);
  Allow(kMac1, kFunction1, kBoth, 7);
  EXPECT_EQ(Send(kFunction1, kMac2), kPass);
  Allow(kMac2, kFunction2, kBoth, 7);
  EXPECT_EQ(Send(kFunction1, kMac2), kRedirect);
}

// One frame rises, for the bridge to see; then none until it is time again.
TEST_F(PermitTest, AnAddressThatAgesLetsOneFrameRise) {
  s_.PutInBridge(kFunction1, {.bridge = kBridge, .refresh = 3'600'000'000'000});
  Allow(kMac1, kFunction1, kBoth | XSW_PERMIT_AGES);
  EXPECT_EQ(Send(kFunction1, kMac2), kPass);
  for (int i = 0; i < 3; i++) EXPECT_EQ(Send(kFunction1, kMac3), kRedirect);
  s_.PutInBridge(kFunction1, {.bridge = kBridge, .refresh = 0});
  Allow(kMac1, kFunction1, kBoth | XSW_PERMIT_AGES);
  for (int i = 0; i < 3; i++) EXPECT_EQ(Send(kFunction1, kMac2), kPass);
}

}  // namespace
}  // namespace xsw::test
