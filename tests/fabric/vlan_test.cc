// SPDX-License-Identifier: Apache-2.0
// Two segments in one VLAN-aware bridge on each of two hosts, a vxlan netdev each, by the page's
// commands.
//
//   c11 (VLAN 10) -+                       +- vxlan10, VNI 110
//   c12 (VLAN 20) -+- br0, VLAN-aware -----+                      ... c21 (VLAN 10), c22 (VLAN 20)
//   c13 (VLAN 10) -+                       +- vxlan20, VNI 120
#include <gtest/gtest.h>

#include "tests/fabric/fabric.h"

namespace xsw::test {
namespace {

bool KernelHasVlanFiltering() {
  InNetns in("h1");
  const bool has = RunCommand("ip link add try type bridge vlan_filtering 1").status == 0 &&
                   MustRun("ip -d link show try").find("vlan_filtering 1") != std::string::npos;
  RunCommand("ip link del try");
  return has;
}

TEST(FabricVlan, SegmentsOfOneBridgeReachAcrossHostsAndNotEachOther) {
  {
    Sandbox sandbox({.ipv6 = true, .any_cpu = true});
    sandbox.AddNetns("h1");
    // Each whole run has it in a virtual machine whose kernel can (vm.6.12.fabric).
    if (!KernelHasVlanFiltering()) GTEST_SKIP() << "no VLAN filtering in this kernel's bridge";
  }
  Fabric f(2, "sh vlan host");
  for (int host = 1; host <= 2; host++)
    for (int number = 1; number <= 2; number++)
      f.AddContainer(host, number, "sh vlan container", 10 * number);
  f.AddContainer(1, 3, "sh vlan container", 10);
  ASSERT_TRUE(f.Converged("vxlan10"));
  ASSERT_TRUE(f.Converged("vxlan20"));

  const auto reaches = [](const Endpoint& from, const Endpoint& to) {
    return WaitFor([&] { return Ping(from, to); }, 10000);
  };
  EXPECT_TRUE(reaches(In(1, 1), In(2, 1)));
  EXPECT_TRUE(reaches(In(1, 2), In(2, 2)));
  EXPECT_TRUE(reaches(In(1, 1), In(1, 3)));
  EXPECT_FALSE(Ping(In(1, 1), In(1, 2)));
  EXPECT_FALSE(Ping(In(1, 1), In(2, 2)));
  EXPECT_FALSE(Ping(In(2, 1), In(1, 2)));

  const auto has = [&](const std::string& vxlan, const Mac& mac) {
    return WaitFor([&] {
      return f.Run(1, "bridge fdb show dev " + vxlan)
                 .find(Text(mac) + " dst " + HostIp(2) + " self extern_learn") != std::string::npos;
    });
  };
  EXPECT_TRUE(has("vxlan10", MacOf(2, 1)));
  EXPECT_TRUE(has("vxlan20", MacOf(2, 2)));
  EXPECT_EQ(f.Run(1, "bridge fdb show dev vxlan20").find(Text(MacOf(2, 1))), std::string::npos);

  ASSERT_TRUE(WaitFor([&] {
    const Json ports = Json::parse(f.Run(1, "xsw -j bridge show"))["bridge"];
    return ports["eth0/1"]["addresses"] == 1 && ports["eth0/3"]["addresses"] == 1;
  })) << f.Run(1, "xsw bridge show");
  ASSERT_TRUE(Ping(In(1, 1), In(1, 3)));
  const auto risen = [&] {
    return f.ShowPort(1, 1)["statistics"]["slow_path"]["rx"]["frames"].get<uint64_t>();
  };
  const uint64_t before = risen();
  TcpStream tcp(In(1, 1), In(1, 3), 1 << 20);
  EXPECT_TRUE(tcp.Transfer(8 << 20));
  EXPECT_LT(risen() - before, 20u);
}

}  // namespace
}  // namespace xsw::test
