// SPDX-License-Identifier: Apache-2.0
// At MTU 9000 XDP frames have several buffers. A kernel that could not forward them is found out
// before the first one is lost: what needs XDP is refused with the reason, and tc does the rest.
#include <gtest/gtest.h>

#include "tests/veth/stream.h"
#include "tests/veth/topology.h"
#include "userspace/xdp_features.h"

namespace xsw::test {
namespace {

constexpr char kReason[] =
    "this kernel's XDP cannot forward frames of its mtu, which take several buffers: say ";

const Endpoint kOut = {kOutside, kOutsideIp}, kPort = {"c1", IpOf(1)};

TEST(Jumbo, XdpOnForwardsThemOrIsRefusedAndChangesNothing) {
  const bool can = RedirectsFragsToNetdevs();
  Topology t({.xdp = can ? "on" : "off", .ports = 1, .mtu = 9000});
  const Result result = t.Xsw("eswitch set up0 xdp on");
  EXPECT_EQ(result.status == 0, can) << result.err;
  EXPECT_EQ(result.err.find(std::string(kReason) + "xdp off") != std::string::npos, !can)
      << result.err;
  const Json show = Json::parse(t.XswOk("-j eswitch show up0"))["eswitch"]["up0"];
  EXPECT_EQ(show["xdp"], can ? "on" : "off");
  EXPECT_EQ(show["xdp_attached"], can);
  EXPECT_EQ(UdpExchange(kOut, kPort, {1400, 8000, 8972}), 3);
  EXPECT_EQ(UdpExchange(kPort, kOut, {1400, 8000, 8972}), 3);
}

TEST(Jumbo, AQueueBlockTakesThemOrIsRefusedAndChangesNothing) {
  Topology t({.ports = 1, .mtu = 9000});
  const std::string before = t.XswOk("-j port show");
  const Result result = t.Xsw("port add up0 class queues state active");
  EXPECT_EQ(result.status == 0, RedirectsFragsToSockets()) << result.err;
  if (result.status == 0) return;
  EXPECT_NE(result.err.find(std::string(kReason) + "a smaller mtu"), std::string::npos)
      << result.err;
  EXPECT_EQ(t.XswOk("-j port show"), before);
  t.XswOk("port add up0 class queues mtu 1500 state active");
}

}  // namespace
}  // namespace xsw::test
