// SPDX-License-Identifier: Apache-2.0
// VLANs that the kernel's own devices make: 8021q netdevs in containers, whose tags are not in the
// data of a frame but beside it, and a VLAN-aware bridge over the representors.
#include "tests/veth/bridge.h"
#include "tests/vm/nic/matrix.h"
#include "tests/vm/nic/nic.h"

namespace xsw::test {
namespace {

// A netdev of VLAN 10 on the eth0 of a namespace.
Endpoint AddVlan10(const std::string& netns, int host) {
  const std::string ip = "10.9.10." + std::to_string(host);
  Ip(netns, "link add link eth0 name eth0.10 type vlan id 10\nlink set eth0.10 up\naddr add " + ip +
                "/24 dev eth0.10\n");
  return {netns, ip};
}

class NicVlan : public testing::TestWithParam<const char*> {
 protected:
  NicVlan() : t_({.xdp = GetParam(), .ports = 2}) {}
  // The NIC goes back without.
  ~NicVlan() override { Ip(kOutside, "link del eth0.10\n"); }
  static void ExpectNoChecksumErrors() {
    for (const char* netns : {"", "c1", "c2", kOutside})
      EXPECT_EQ(ChecksumErrors(netns), 0u) << netns;
  }
  Topology t_;
};

TEST_P(NicVlan, ContainersWithVlanNetdevsReachTheWireAndEachOther) {
  Feature feature("8021q in containers");
  t_.XswOk("port function set up0/1 vlans 10");
  t_.XswOk("port function set up0/2 vlans 10");
  const Endpoint c1 = AddVlan10("c1", 11), c2 = AddVlan10("c2", 12), out = AddVlan10(kOutside, 9);
  ASSERT_TRUE(Reach(out, c1) && Reach(c1, out) && Reach(c1, c2));
  ExpectTcpAndUdp(out, c1);
  ExpectTcpAndUdp(c1, out);
  ExpectTcpAndUdp(c1, c2);
  ExpectNoChecksumErrors();
}

// Port 1 is in VLAN 10 by the bridge's word, port 2 in none that the wire has.
TEST_P(NicVlan, AVlanAwareBridgeOverRepresentorsTagsWhatItForwards) {
  Feature feature("VLAN-aware bridge");
  t_.XswOk("eswitch set up0 mode switchdev");
  MakeBridge(2);
  MustRun("ip link set br0 type bridge vlan_filtering 1");
  MustRun("bridge vlan add dev up0sf1 vid 10 pvid untagged");
  MustRun("bridge vlan del dev up0sf1 vid 1");
  MustRun("bridge vlan add dev up0 vid 10");
  AddVlan10(kOutside, 9);
  Ip("c1", "addr add 10.9.10.11/24 dev eth0\n");
  Ip("c2", "addr add 10.9.10.12/24 dev eth0\n");
  const Endpoint out = {kOutside, "10.9.10.9"}, c1 = {"c1", "10.9.10.11"},
                 c2 = {"c2", "10.9.10.12"};
  ASSERT_TRUE(Reach(out, c1) && Reach(c1, out));
  ExpectTcpAndUdp(out, c1);
  ExpectTcpAndUdp(c1, out);
  EXPECT_TRUE(Reach(kOut, {"c2", IpOf(2)})) << "untagged";
  EXPECT_FALSE(Ping(out, c2)) << "VLAN 10";
  ExpectNoChecksumErrors();
}

INSTANTIATE_TEST_SUITE_P(, NicVlan, testing::Values("off", "auto"), XdpName);

}  // namespace
}  // namespace xsw::test
