// SPDX-License-Identifier: Apache-2.0
// VLANs of queue blocks: access and trunk, against netdev ports, other blocks, wire and host.
//
//   wire, host, netdev port up0/1  <->  queue block up0/2  <->  queue block up0/3
//
// An application always has the tag in the data.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/veth/queues/lab.h"

namespace xsw::test {
namespace {

class BlockVlans : public testing::TestWithParam<const char*> {
 protected:
  BlockVlans() : lab_({.xdp = GetParam(), .ports = 1}) {
    lab_.AddBlock(2);
    lab_.AddBlock(3);
    a_ = std::make_unique<Application>("up0/2");
    b_ = std::make_unique<Application>("up0/3");
    wire_ = std::make_unique<PacketSocket>(kOutside, kContainerDev, ETH_P_ALL);
    host_ = std::make_unique<PacketSocket>("", kUplink, kTestType);
    netdev_ = std::make_unique<PacketSocket>(ContainerName(1), kContainerDev, ETH_P_ALL);
  }
  void Set(const std::string& one, const std::string& two, const std::string& three) {
    lab_.XswOk("port function set up0/1 " + one);
    lab_.XswOk("port function set up0/2 " + two);
    lab_.XswOk("port function set up0/3 " + three);
  }
  // The same frame with its tag and without.
  struct Both {
    Bytes plain, tagged;
  };
  Both New(Mac dst, Mac src, uint8_t priority = 0) {
    const Eth eth = {.dst = dst, .src = src};
    id_++;
    return {Numbered(eth / Payload(100), id_),
            Numbered(eth / Vlan{.id = 7, .priority = priority} / Payload(100), id_)};
  }
  // The host's stack takes the tag off before it shows the frame.
  void ExpectAtHost(const Both& frame) { EXPECT_TRUE(Gets(*host_, frame.plain)); }

  uint32_t id_ = 0;
  QueueLab lab_;
  std::unique_ptr<Application> a_, b_;
  std::unique_ptr<PacketSocket> wire_, host_, netdev_;
};

TEST_P(BlockVlans, AccessBlockAndTrunkNetdev) {
  Set("vlans 7,8", "vlan 7 qos 5", "vlan 8");
  const Both out = New(kMac1, kMac2, 5), in = New(kMac2, kMac1, 3);
  EXPECT_EQ(a_->Send(out.plain), 0);
  EXPECT_TRUE(Gets(*netdev_, out.tagged));
  netdev_->Send(in.tagged);
  EXPECT_TRUE(a_->Gets(in.plain));
}

TEST_P(BlockVlans, TrunkBlockAndAccessNetdev) {
  Set("vlan 7 qos 5", "vlans 7,8", "vlan 8");
  const Both out = New(kMac1, kMac2, 3), in = New(kMac2, kMac1, 5);
  EXPECT_EQ(a_->Send(out.tagged), 0);
  EXPECT_TRUE(Gets(*netdev_, out.plain));
  netdev_->Send(in.plain);
  EXPECT_TRUE(a_->Gets(in.tagged));
}

// As XDP frames; above they are skbs, whose tag is accelerated.
TEST_P(BlockVlans, TagsInTheDataOfANetdev) {
  MustRun("ethtool -K up0sf1 gro on");  // NAPI, for XDP frames
  const XdpSender netdev(ContainerName(1), kContainerDev);
  Set("vlans 7,8", "vlan 7", "vlans 7");
  const Both to_access = New(kMac2, kMac1, 3), to_trunk = New(kMac3, kMac1, 3);
  netdev.Send(to_access.tagged);
  EXPECT_TRUE(a_->Gets(to_access.plain));
  netdev.Send(to_trunk.tagged);
  EXPECT_TRUE(b_->Gets(to_trunk.tagged));
}

TEST_P(BlockVlans, TrunksOfBothClasses) {
  Set("vlans 7", "vlans 7", "novlan");
  const Both out = New(kMac1, kMac2, 3), in = New(kMac2, kMac1, 5);
  EXPECT_EQ(a_->Send(out.tagged), 0);
  EXPECT_TRUE(Gets(*netdev_, out.tagged));
  netdev_->Send(in.tagged);
  EXPECT_TRUE(a_->Gets(in.tagged));
}

TEST_P(BlockVlans, BlockAndBlock) {
  Set("novlan", "vlan 7 qos 5", "vlans 7,8");
  const Both there = New(kMac3, kMac2, 5), back = New(kMac2, kMac3, 1);
  EXPECT_EQ(a_->Send(there.plain), 0);
  EXPECT_TRUE(b_->Gets(there.tagged));
  EXPECT_EQ(b_->Send(back.tagged), 0);
  EXPECT_TRUE(a_->Gets(back.plain));
  Set("novlan", "vlan 7", "vlan 7");
  const Both across = New(kMac3, kMac2);
  EXPECT_EQ(a_->Send(across.plain), 0);
  EXPECT_TRUE(b_->Gets(across.plain));
}

TEST_P(BlockVlans, AccessBlockWithWireAndHost) {
  Set("novlan", "vlan 7 qos 5", "novlan");
  const Both to_wire = New(kOutsideMac, kMac2, 5), to_host = New(kHostMac, kMac2, 5);
  EXPECT_EQ(a_->Send(to_wire.plain), 0);
  EXPECT_TRUE(Gets(*wire_, to_wire.tagged));
  EXPECT_EQ(a_->Send(to_host.plain), 0);
  ExpectAtHost(to_host);
  const Both from_wire = New(kMac2, kOutsideMac, 3), from_host = New(kMac2, kHostMac, 3);
  wire_->Send(from_wire.tagged);
  EXPECT_TRUE(a_->Gets(from_wire.plain));
  host_->Send(from_host.tagged);
  EXPECT_TRUE(a_->Gets(from_host.plain));
}

TEST_P(BlockVlans, TrunkBlockWithWireAndHost) {
  Set("novlan", "vlans 7", "novlan");
  const Both to_wire = New(kOutsideMac, kMac2, 5), to_host = New(kHostMac, kMac2, 5);
  EXPECT_EQ(a_->Send(to_wire.tagged), 0);
  EXPECT_TRUE(Gets(*wire_, to_wire.tagged));
  EXPECT_EQ(a_->Send(to_host.tagged), 0);
  ExpectAtHost(to_host);
  const Both from_wire = New(kMac2, kOutsideMac, 3), from_host = New(kMac2, kHostMac, 3);
  wire_->Send(from_wire.tagged);
  EXPECT_TRUE(a_->Gets(from_wire.tagged));
  host_->Send(from_host.tagged);
  EXPECT_TRUE(a_->Gets(from_host.tagged));
}

TEST_P(BlockVlans, AFloodInTheDressOfEach) {
  Set("vlan 7", "vlans 7", "vlan 7");
  const Both of_wire = New(kBroadcast, kOutsideMac, 3), of_block = New(kBroadcast, kMac2, 4);
  wire_->Send(of_wire.tagged);
  EXPECT_TRUE(a_->Gets(of_wire.tagged) && b_->Gets(of_wire.plain));
  EXPECT_TRUE(Gets(*netdev_, of_wire.plain));
  EXPECT_EQ(a_->Send(of_block.tagged), 0);
  EXPECT_TRUE(b_->Gets(of_block.plain));
  EXPECT_TRUE(Gets(*netdev_, of_block.plain));
  EXPECT_TRUE(Gets(*wire_, of_block.tagged));
  ExpectAtHost(of_block);
}

// What may not pass is counted, and what follows it is the next to arrive.
TEST_P(BlockVlans, WhatIsNotItsVlansIsDropped) {
  Set("novlan", "vlan 7", "vlans 7");
  const uint64_t before = lab_.Drops(2, "vlan"), trunk_before = lab_.Drops(3, "vlan");
  EXPECT_EQ(a_->Send(New(kMac3, kMac2).tagged), 0);
  EXPECT_EQ(b_->Send(New(kMac2, kMac3).plain), 0);
  const Both there = New(kMac3, kMac2), back = New(kMac2, kMac3);
  EXPECT_EQ(a_->Send(there.plain), 0);
  EXPECT_EQ(b_->Send(back.tagged), 0);
  std::optional<Bytes> at_b = b_->Receive(5000), at_a = a_->Receive(5000);
  EXPECT_TRUE(at_b && *at_b == there.tagged);
  EXPECT_TRUE(at_a && *at_a == back.plain);
  EXPECT_EQ(lab_.Drops(2, "vlan"), before + 1);
  EXPECT_EQ(lab_.Drops(3, "vlan"), trunk_before + 1);
}

INSTANTIATE_TEST_SUITE_P(, BlockVlans, testing::Values("off", "on"),
                         [](const auto& info) { return std::string("xdp_") + info.param; });

}  // namespace
}  // namespace xsw::test
