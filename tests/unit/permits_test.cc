// SPDX-License-Identifier: Apache-2.0
// What the fast path may do of what the kernel says of its bridges. Rows that need a real bridge
// are tests/veth's (bridge_decides_test.cc, offload_test.cc).
#include "switchdev_model/bridge/permits.h"

#include <gtest/gtest.h>
#include <linux/if_ether.h>

#include <functional>

namespace xsw {
namespace {

constexpr int kBr = 50, kOtherBr = 51, kUplinkDev = 2, kRep1 = 11, kRep2 = 12;
constexpr Mac kMac1 = {2, 0, 0, 0, 0, 1}, kMac2 = {2, 0, 0, 0, 0, 2}, kOut = {2, 0, 0, 0, 0, 9};
constexpr uint16_t kBoth = XSW_PERMIT_FROM | XSW_PERMIT_TO;
constexpr uint64_t kAgeing = 300'000'000'000;

struct Facts : BridgeFacts {
  std::vector<BridgeAddress> addresses;
};
Permits Derive(const Facts& facts) { return DerivePermits(facts, facts.addresses); }

// Ports 1 and 2 and the uplink in a bridge that looks at no VLANs.
Facts Plain() {
  Facts facts;
  facts.bridges.devs[kBr] = {.up = true, .vlan_protocol = ETH_P_8021Q, .ageing_ns = kAgeing};
  for (int dev : {kUplinkDev, kRep1, kRep2}) {
    facts.bridges.ports[dev] = {.bridge = kBr, .mtu = 1500, .forwarding = true};
    facts.qdiscs[dev] = {"noqueue"};
  }
  facts.members = {{XSW_UPLINK, kUplinkDev}, {1, kRep1}, {2, kRep2}};
  facts.addresses = {{.port = kRep1, .bridge = kBr, .mac = kMac1},
                     {.port = kRep2, .bridge = kBr, .mac = kMac2},
                     {.port = kUplinkDev, .bridge = kBr, .mac = kOut}};
  return facts;
}

// The same, VLAN-aware: 7 is untagged at ports and tagged at the uplink.
Facts Aware() {
  Facts facts = Plain();
  facts.bridges.devs[kBr].vlan_filtering = true;
  for (int dev : {kRep1, kRep2})
    facts.bridges.ports[dev].vlans[7] = {.pvid = true, .untagged = true, .forwarding = true};
  facts.bridges.ports[kUplinkDev].vlans[7] = {.forwarding = true};
  for (BridgeAddress& address : facts.addresses) address.vlan = 7;
  return facts;
}

uint16_t FlagsOf(const Permits& permits, const Mac& mac, uint16_t vlan = 0) {
  const auto found = permits.permits.find({kBr, vlan, mac});
  return found == permits.permits.end() ? 0 : found->second.flags;
}

TEST(Permits, OfABridgeThatLooksAtNoVlans) {
  const Permits permits = Derive(Plain());
  ASSERT_EQ(permits.permits.size(), 3u);
  EXPECT_EQ(permits.permits.at({kBr, 0, kMac1}).port, 1u);
  EXPECT_EQ(permits.permits.at({kBr, 0, kOut}).port, XSW_UPLINK);
  for (const Mac& mac : {kMac1, kMac2, kOut}) EXPECT_EQ(FlagsOf(permits, mac), kBoth);
  for (uint32_t port : {0u, 1u, 2u}) {
    EXPECT_EQ(permits.ports.at(port).bridge, static_cast<uint32_t>(kBr));
    EXPECT_EQ(permits.ports.at(port).flags, 0);
    EXPECT_EQ(permits.ports.at(port).refresh, kAgeing / 4);
  }
}

TEST(Permits, OfABridgeThatLooksAtVlans) {
  const Permits permits = Derive(Aware());
  EXPECT_EQ(FlagsOf(permits, kMac1, 7), kBoth);
  EXPECT_EQ(FlagsOf(permits, kOut, 7), kBoth | XSW_PERMIT_TAGGED);
  EXPECT_EQ(permits.ports.at(1).flags, XSW_BPORT_VLANS);
  EXPECT_EQ(permits.ports.at(1).pvid, 7);
  EXPECT_EQ(permits.ports.at(XSW_UPLINK).pvid, 0);
}

struct AsideRow {
  const char* name;
  std::function<void(Facts&)> change;
  xsw_aside aside;
};
const AsideRow kAsideRows[] = {
    {"no bridge", [](auto& f) { f.bridges.ports.erase(kRep1); }, XSW_ASIDE_NO_BRIDGE},
    {"the bridge is down", [](auto& f) { f.bridges.devs[kBr].up = false; }, XSW_ASIDE_BRIDGE},
    {"somebody watches the bridge", [](auto& f) { f.bridges.devs[kBr].promisc = true; },
     XSW_ASIDE_WATCHED},
    {"a smaller MTU than xsw knows",
     [](auto& f) {
       f.members[1].least_mtu = 1500;
       f.bridges.ports[kRep1].mtu = 1400;
     },
     XSW_ASIDE_MTU},
    {"the MTU that xsw knows", [](auto& f) { f.members[1].least_mtu = 1500; }, XSW_ASIDE_NO},
    {"several spanning trees", [](auto& f) { f.bridges.devs[kBr].mst = true; }, XSW_ASIDE_BRIDGE},
    {"802.1ad",
     [](auto& f) {
       f.bridges.devs[kBr].vlan_filtering = true;
       f.bridges.devs[kBr].vlan_protocol = ETH_P_8021AD;
     },
     XSW_ASIDE_BRIDGE},
    {"not forwarding", [](auto& f) { f.bridges.ports[kRep1].forwarding = false; }, XSW_ASIDE_STATE},
    {"tunnels", [](auto& f) { f.bridges.ports[kRep1].tunnels = true; }, XSW_ASIDE_TUNNEL},
    {"rules", [](auto& f) { f.members[1].has_rules = true; }, XSW_ASIDE_POLICY},
    {"a netdev above", [](auto& f) { f.bridges.with_uppers = {kRep1}; }, XSW_ASIDE_UPPER},
    {"a qdisc", [](auto& f) { f.qdiscs[kRep1] = {"tbf"}; }, XSW_ASIDE_TC},
    {"a filter", [](auto& f) { f.members[1].has_filter = true; }, XSW_ASIDE_TC},
    {"a program", [](auto& f) { f.members[1].has_program = true; }, XSW_ASIDE_PROGRAM},
    {"a filter of frames", [](auto& f) { f.filters.frames = true; }, XSW_ASIDE_FILTER},
    {"a filter of packets that all bridges call",
     [](auto& f) { f.filters.packets = f.filters.called = true; }, XSW_ASIDE_FILTER},
    {"a filter of packets that this bridge calls",
     [](auto& f) { f.filters.packets = f.bridges.devs[kBr].calls_iptables = true; },
     XSW_ASIDE_FILTER},
    {"a filter of packets that no bridge calls", [](auto& f) { f.filters.packets = true; },
     XSW_ASIDE_NO},
    {"no filter that is called", [](auto& f) { f.filters.called = true; }, XSW_ASIDE_NO},
    {"an empty clsact",
     [](auto& f) {
       f.qdiscs[kRep1] = {"noqueue", "clsact"};
     },
     XSW_ASIDE_NO},
};

TEST(Permits, APortWithWhatIsNotUnderstoodStandsAside) {
  for (const AsideRow& row : kAsideRows) {
    SCOPED_TRACE(row.name);
    Facts facts = Plain();
    row.change(facts);
    const Permits permits = Derive(facts);
    EXPECT_EQ(permits.ports.at(1).aside, row.aside);
    EXPECT_EQ(permits.ports.at(1).bridge != 0, row.aside == XSW_ASIDE_NO);
    EXPECT_EQ(FlagsOf(permits, kMac1) != 0, row.aside == XSW_ASIDE_NO);
  }
}

// Frames to the wire pass the uplink's queues whoever sends them.
TEST(Permits, AQdiscOfTheUplinkStaysInTheWay) {
  Facts facts = Plain();
  facts.qdiscs[kUplinkDev] = {"mq", "fq_codel"};
  EXPECT_EQ(Derive(facts).ports.at(XSW_UPLINK).aside, XSW_ASIDE_NO);
}

struct AddressRow {
  const char* name;
  std::function<void(Facts&)> change;
  uint16_t flags;  // of port 1's address, in VLAN 7
};
const AddressRow kAddressRows[] = {
    {"learned", [](auto& f) { f.addresses[0].ages = true; }, kBoth | XSW_PERMIT_AGES},
    {"isolated", [](auto& f) { f.bridges.ports[kRep1].isolated = true; },
     kBoth | XSW_PERMIT_ISOLATED},
    {"locked", [](auto& f) { f.addresses[0].locked = true; }, 0},
    {"of another bridge", [](auto& f) { f.addresses[0].bridge = kOtherBr; }, 0},
    {"in a VLAN that the port has lost", [](auto& f) { f.bridges.ports[kRep1].vlans.clear(); }, 0},
    {"in a VLAN that is blocked",
     [](auto& f) { f.bridges.ports[kRep1].vlans[7].forwarding = false; }, 0},
    {"tagged", [](auto& f) { f.bridges.ports[kRep1].vlans[7].untagged = false; },
     kBoth | XSW_PERMIT_TAGGED},
    {"of no VLAN", [](auto& f) { f.addresses[0].vlan = 0; }, 0},
    {"left of when the bridge looked at VLANs",
     [](auto& f) { f.bridges.devs[kBr].vlan_filtering = false; }, 0},
};

TEST(Permits, AnAddressIsPermittedWhereItsPortIs) {
  for (const AddressRow& row : kAddressRows) {
    SCOPED_TRACE(row.name);
    Facts facts = Aware();
    row.change(facts);
    EXPECT_EQ(FlagsOf(Derive(facts), kMac1, 7), row.flags);
  }
}

TEST(Permits, ABlockedPvidIsNone) {
  Facts facts = Aware();
  facts.bridges.ports[kRep1].vlans[7].forwarding = false;
  EXPECT_EQ(Derive(facts).ports.at(1).pvid, 0);
}

// A vxlan netdev, say, that is no port of the eswitch.
TEST(Permits, WhereAnyPortSuppressesArpAllLetItRise) {
  Facts facts = Plain();
  facts.bridges.ports[77] = {.bridge = kBr, .forwarding = true, .suppresses = true};
  facts.addresses.push_back({.port = 77, .bridge = kBr, .mac = {2, 7}});
  const Permits permits = Derive(facts);
  EXPECT_EQ(permits.ports.at(1).flags, XSW_BPORT_SUPPRESS);
  EXPECT_EQ(permits.permits.size(), 3u);
}

TEST(Permits, WhereABridgeCallsBrNetfilterWhatThatWouldChangeRises) {
  for (const bool by_itself : {false, true}) {
    Facts facts = Plain();
    facts.filters.called = !by_itself;
    facts.bridges.devs[kBr].calls_iptables = by_itself;
    EXPECT_EQ(Derive(facts).ports.at(1).flags, XSW_BPORT_NETFILTER) << by_itself;
  }
}

}  // namespace
}  // namespace xsw
