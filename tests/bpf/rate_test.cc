// SPDX-License-Identifier: Apache-2.0
// What a frame costs of a rate: its bytes as on a wire, so of a GSO frame the headers of all its segments.
#include "tests/bpf/row.h"

namespace xsw::test {
namespace {

struct Charge {
  const char* name;
  Frame frame;
  uint32_t segment;  // payload of one, 0: no GSO frame
  uint64_t headers;  // charged beside the frame's own length
  bool accelerated = false;
};
std::ostream& operator<<(std::ostream& out, const Charge& charge) { return out << charge.name; }

Eth Of(uint16_t type) { return {.dst = kOutsideMac, .src = kMac2, .type = type}; }

std::vector<Charge> Charges() {
  return {
      {"AFrame", Of(ETH_P_IP) / Tcp4{.payload = 1400}, 0, 0},
      {"OneSegment", Of(ETH_P_IP) / Tcp4{.payload = 500}, 500, 0},
      {"TwoSegments", Of(ETH_P_IP) / Tcp4{.payload = 501}, 500, 54},
      {"Tcp", Of(ETH_P_IP) / Tcp4{.payload = 1500}, 500, 2 * 54},
      {"TcpWithOptions", Of(ETH_P_IP) / Tcp4{.payload = 1500, .options = 12}, 500, 2 * (54 + 12)},
      {"Tcp6", Of(ETH_P_IPV6) / Tcp6{.payload = 1500}, 500, 2 * 74},
      {"Udp", Of(ETH_P_IP) / Udp4{.payload = 1500}, 500, 2 * 42},
      {"NoIp", Of(kTestType) / Payload(1500), 500, 2 * 14},
      {"TcpInAVlan",
       Eth{.dst = kOutsideMac, .src = kMac2} / Vlan{.id = 7, .type = ETH_P_IP} /
           Tcp4{.payload = 1500},
       500, 2 * (54 + 4), true},
  };
}

class Rates : public testing::TestWithParam<Charge> {};

TEST_P(Rates, AreChargedAsOnAWire) {
  const Charge& charge = GetParam();
  SwitchUnderTest& s = SwitchUnderTest::Get();
  s.Reset();
  PortFlags(kFunction2, XSW_PORT_TX_MAX)(s);
  s.AddFdb(kMac2, 7, kFunction2);
  s.StartCharging(kFunction2);

  const Outcome outcome =
      s.Run(Program::kPortRx, kFunction2, charge.frame,
            {.accelerate_tag = charge.accelerated, .gso_size = charge.segment});

  EXPECT_EQ(outcome.verdict, kRedirect);
  EXPECT_EQ(s.Charged(kFunction2), charge.frame.bytes.size() + charge.headers);
}

INSTANTIATE_TEST_SUITE_P(, Rates, testing::ValuesIn(Charges()),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace xsw::test
