// SPDX-License-Identifier: Apache-2.0
// What users do: TCP, UDP and ping between all parties, with the offloads that their netdevs come
// with.
//
//     out ==wire== up0   up0sf1 === c1
//                        up0sf2 === c2
//
// Each pair of {port 1, port 2, outside, host}, IPv4 and IPv6, MTU 1500 and 9000, with the uplink's
// `xdp off` and `xdp on` (there the outside's tx and txvlan offloads are off). Neighbours are
// resolved anew by each test.
#include <gtest/gtest.h>

#include <memory>

#include "tests/veth/stream.h"
#include "tests/veth/topology.h"
#include "userspace/xdp_features.h"

namespace xsw::test {
namespace {

constexpr uint64_t kBulk = 4 << 20;

struct Party {
  const char* name;
  std::string netns, ip, ip6;
  Endpoint at(bool v6) const { return {netns, v6 ? ip6 : ip}; }
};
const Party kPort1 = {"Port1", "c1", IpOf(1), Ip6Of(1)};
const Party kPort2 = {"Port2", "c2", IpOf(2), Ip6Of(2)};
const Party kOut = {"Outside", kOutside, kOutsideIp, kOutsideIp6};
const Party kHostParty = {"Host", "", kHostIp, kHostIp6};

struct Pair {
  Party from, to;
};
const Pair kPairs[] = {{kPort1, kPort2},     {kPort1, kOut},       {kOut, kPort1},
                       {kPort1, kHostParty}, {kHostParty, kPort1}, {kOut, kHostParty}};
std::ostream& operator<<(std::ostream& out, const Pair& pair) {
  return out << pair.from.name << "To" << pair.to.name;
}

class Stack : public testing::TestWithParam<std::tuple<std::string, int, Pair, bool>> {
 protected:
  void SetUp() override {
    const auto& [xdp, mtu, pair, v6] = GetParam();
    if (!topology_ || topology_->options().xdp != xdp || topology_->options().mtu != mtu) {
      topology_.reset();
      topology_ = std::make_unique<Topology>(
          TopologyOptions{.xdp = xdp, .ports = 2, .ipv6 = true, .mtu = mtu});
    }
    FlushNeighbours(from().netns);
    FlushNeighbours(to().netns);
  }
  // Frames that the stack had to throw away count against every test.
  void TearDown() override {
    for (const char* netns : {"c1", "c2", kOutside, ""})
      EXPECT_EQ(ChecksumErrors(netns), 0u) << "in namespace \"" << netns << "\"";
  }
  static void TearDownTestSuite() { topology_.reset(); }
  Endpoint from() const { return std::get<2>(GetParam()).from.at(std::get<3>(GetParam())); }
  Endpoint to() const { return std::get<2>(GetParam()).to.at(std::get<3>(GetParam())); }
  int mtu() const { return std::get<1>(GetParam()); }

  static std::unique_ptr<Topology> topology_;
};
std::unique_ptr<Topology> Stack::topology_;

TEST_P(Stack, TcpBulkArrivesIntact) {
  TcpStream stream(from(), to());
  ASSERT_TRUE(stream.connected());
  EXPECT_TRUE(stream.Transfer(kBulk)) << stream.received() << " of " << kBulk << " bytes arrived";
  EXPECT_TRUE(stream.intact());
}

TEST_P(Stack, UdpOfEverySizeArrivesIntact) {
  const int header = std::get<3>(GetParam()) ? 48 : 28;
  const size_t whole = mtu() - header;
  // The last two go in fragments.
  const std::vector<size_t> sizes = {1, 17, 512, whole - 1, whole, whole + 1, 20000};
  EXPECT_EQ(UdpExchange(from(), to(), sizes), static_cast<int>(sizes.size()));
}

TEST_P(Stack, UdpSegmentationOffloadArrivesIntact) {
  if (RefusesUdpSegments(from(), to()) || RefusesUdpSegments(to(), from())) {
    EXPECT_EQ(std::get<0>(GetParam()), "on") << "a sender has its checksum offload and refuses";
    EXPECT_LT(KernelVersion(), std::pair(6, 11));
    return;
  }
  EXPECT_EQ(UdpExchange(from(), to(), {30000, 50000}, /*segment=*/1400), 2);
}

TEST_P(Stack, PingIsAnswered) { EXPECT_TRUE(Ping(from(), to())); }

std::string Name(const testing::TestParamInfo<Stack::ParamType>& info) {
  const auto& [xdp, mtu, pair, v6] = info.param;
  return testing::PrintToString(pair) + (v6 ? "_Ipv6" : "_Ipv4");
}

#define XSW_STACK(name, xdp, mtu)                                                        \
  INSTANTIATE_TEST_SUITE_P(name, Stack,                                                  \
                           testing::Combine(testing::Values(xdp), testing::Values(mtu),  \
                                            testing::ValuesIn(kPairs), testing::Bool()), \
                           Name)
XSW_STACK(XdpOff, "off", 1500);
XSW_STACK(XdpOffJumbo, "off", 9000);
XSW_STACK(XdpOn, "on", 1500);
// Where that is refused jumbo_test.cc sees it.
XSW_STACK(XdpOnJumbo, RedirectsFragsToNetdevs() ? "on" : "off", 9000);

}  // namespace
}  // namespace xsw::test
