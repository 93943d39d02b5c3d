// SPDX-License-Identifier: Apache-2.0
// The rows of the decision table with queue blocks in them, with and without XDP on the uplink,
// with XDP for queue blocks alone (rx_path stack), and with 1, 2 and 4 queues.
//
//   wire, host, netdev port up0/1  <->  queue block up0/2  <->  queue block up0/3
#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "tests/veth/queues/lab.h"

namespace xsw::test {
namespace {

class Directions : public testing::TestWithParam<std::tuple<const char*, int>> {
 protected:
  Directions() : lab_({.xdp = std::get<0>(GetParam()), .ports = 1}) {
    const std::string queues = "queues " + std::to_string(Queues());
    lab_.AddBlock(2, queues);
    lab_.AddBlock(3, queues);
    a_ = std::make_unique<Application>("up0/2", Queues());
    b_ = std::make_unique<Application>("up0/3", Queues());
    wire_ = std::make_unique<PacketSocket>(kOutside, kContainerDev, kTestType);
    host_ = std::make_unique<PacketSocket>("", kUplink, kTestType);
    netdev_ = std::make_unique<PacketSocket>(ContainerName(1), kContainerDev, kTestType);
  }
  static int Queues() { return std::get<1>(GetParam()); }
  Bytes New(Mac dst, Mac src, size_t size = 60) {
    return Numbered(Eth{.dst = dst, .src = src} / Payload(size - 14), ++id_);
  }
  uint32_t id_ = 0;
  QueueLab lab_;
  std::unique_ptr<Application> a_, b_;
  std::unique_ptr<PacketSocket> wire_, host_, netdev_;
};

constexpr size_t kSizes[] = {60, 61, 64, 512, 1500, 1514};

TEST_P(Directions, WireAndBlock) {
  for (size_t size : kSizes) {
    const Bytes in = New(kMac2, kOutsideMac, size), out = New(kOutsideMac, kMac2, size);
    wire_->Send(in);
    EXPECT_TRUE(a_->Gets(in)) << size;
    EXPECT_EQ(a_->Send(out, static_cast<int>(size) % Queues()), 0);
    EXPECT_TRUE(Gets(*wire_, out)) << size;
  }
}

TEST_P(Directions, BlockAndBlock) {
  for (size_t size : kSizes) {
    for (int queue = 0; queue < Queues(); queue++) {
      const Bytes there = New(kMac3, kMac2, size), back = New(kMac2, kMac3, size);
      EXPECT_EQ(a_->Send(there, queue), 0);
      EXPECT_TRUE(b_->Gets(there)) << size;
      EXPECT_EQ(b_->Send(back, queue), 0);
      EXPECT_TRUE(a_->Gets(back)) << size;
    }
  }
}

TEST_P(Directions, NetdevPortAndBlock) {
  for (size_t size : kSizes) {
    const Bytes in = New(kMac2, kMac1, size), out = New(kMac1, kMac2, size);
    netdev_->Send(in);
    EXPECT_TRUE(a_->Gets(in)) << size;
    EXPECT_EQ(a_->Send(out), 0);
    EXPECT_TRUE(Gets(*netdev_, out)) << size;
  }
}

TEST_P(Directions, HostAndBlock) {
  for (size_t size : kSizes) {
    const Bytes in = New(kMac2, kHostMac, size), out = New(kHostMac, kMac2, size);
    host_->Send(in);
    EXPECT_TRUE(a_->Gets(in)) << size;
    EXPECT_EQ(a_->Send(out), 0);
    EXPECT_TRUE(Gets(*host_, out)) << size;
  }
}

TEST_P(Directions, BroadcastAndMulticastToBlocks) {
  for (Mac group : {kBroadcast, kMulticast, kMulticast6}) {
    const Bytes wire = New(group, kOutsideMac), host = New(group, kHostMac),
                port = New(group, kMac1);
    wire_->Send(wire);
    EXPECT_TRUE(a_->Gets(wire) && b_->Gets(wire));
    host_->Send(host);
    EXPECT_TRUE(a_->Gets(host) && b_->Gets(host));
    netdev_->Send(port);
    EXPECT_TRUE(a_->Gets(port) && b_->Gets(port));
  }
}

TEST_P(Directions, BroadcastAndMulticastFromABlock) {
  for (Mac group : {kBroadcast, kMulticast, kMulticast6}) {
    const Bytes frame = New(group, kMac2), after = New(kMac2, kMac3);
    EXPECT_EQ(a_->Send(frame), 0);
    EXPECT_TRUE(b_->Gets(frame));
    EXPECT_TRUE(Gets(*wire_, frame));
    EXPECT_TRUE(Gets(*host_, frame));
    EXPECT_TRUE(Gets(*netdev_, frame));
    // Not to the sender: what comes next to it is another frame.
    EXPECT_EQ(b_->Send(after), 0);
    std::optional<Bytes> next = a_->Receive(5000);
    EXPECT_TRUE(next && *next == after);
  }
}

// A priority tag counts as untagged and stays where it is, in the data, whoever sends it.
TEST_P(Directions, PriorityTagsAreVisible) {
  const auto tagged = [&](Mac dst, Mac src) {
    const Eth eth = {.dst = dst, .src = src};
    return std::vector<Bytes>{Numbered(eth / Vlan{.priority = 5} / Payload(46), ++id_),
                              Numbered(eth / Dot1ad{.priority = 3} / Payload(46), ++id_),
                              Numbered(eth / Dot1ad{} / Vlan{.priority = 7} / Payload(46), ++id_)};
  };
  const std::tuple<PacketSocket*, Mac> others[] = {
      {wire_.get(), kOutsideMac}, {host_.get(), kHostMac}, {netdev_.get(), kMac1}};
  for (const auto& [other, mac] : others) {
    for (const Bytes& frame : tagged(kMac2, mac)) {
      other->Send(frame);
      EXPECT_TRUE(a_->Gets(frame)) << Text(mac) << " to block";
    }
  }
  PacketSocket far(kOutside, kContainerDev, ETH_P_ALL);
  for (const Bytes& frame : tagged(kOutsideMac, kMac2)) {
    EXPECT_EQ(a_->Send(frame), 0);
    EXPECT_TRUE(Gets(far, frame)) << "block to wire";
  }
  for (const Bytes& frame : tagged(kMac3, kMac2)) {
    EXPECT_EQ(a_->Send(frame), 0);
    EXPECT_TRUE(b_->Gets(frame)) << "block to block";
  }
}

// From the representor anything goes, and both kinds of tag are where they were on the wire.
TEST_P(Directions, VlanTagsAreVisible) {
  const Eth eth = {.dst = kMac2, .src = kHostMac};
  PacketSocket representor("", Representor(2), kTestType);
  for (const Frame& frame :
       {eth / Vlan{.id = 7, .priority = 3} / Payload(46), eth / Dot1ad{.id = 7} / Payload(46),
        eth / Dot1ad{.id = 7, .priority = 1, .dei = true} / Vlan{.id = 4094} / Payload(1400),
        eth / Vlan{.id = 8} / Vlan{.id = 7} / Payload(46)}) {
    const Bytes tagged = Numbered(frame, ++id_);
    representor.Send(tagged);
    EXPECT_TRUE(a_->Gets(tagged));
  }
}

// A block is an untagged port: what it tags itself goes nowhere, and is counted.
TEST_P(Directions, TagsOfABlocksOwnAreDropped) {
  const uint64_t before = lab_.Drops(2, "vlan");
  uint64_t sent = 0;
  for (Mac dst : {kOutsideMac, kMac3, kMac1, kHostMac, kBroadcast}) {
    const Eth eth = {.dst = dst, .src = kMac2};
    EXPECT_EQ(a_->Send(Numbered(eth / Vlan{.id = 7} / Payload(46), ++id_)), 0);
    EXPECT_EQ(a_->Send(Numbered(eth / Dot1ad{.id = 7} / Payload(46), ++id_)), 0);
    sent += 2;
  }
  EXPECT_TRUE(WaitFor([&] { return lab_.Drops(2, "vlan") == before + sent; }))
      << lab_.Drops(2, "vlan");
  const Bytes after = New(kMac3, kMac2);
  EXPECT_EQ(a_->Send(after), 0);
  std::optional<Bytes> next = b_->Receive(5000);
  EXPECT_TRUE(next && *next == after) << "a tagged one came first";
}

TEST_P(Directions, AFrameToAQueueWithoutSocketIsCounted) {
  a_.reset();
  const uint64_t before = lab_.Drops(2, "no_socket");
  for (int i = 0; i < 10; i++) wire_->Send(New(kMac2, kOutsideMac));
  EXPECT_TRUE(WaitFor([&] { return lab_.Drops(2, "no_socket") == before + 10; }))
      << lab_.Drops(2, "no_socket");
}

// "xdp_on_rx_path_stack_queues_2"
std::string NameOf(const testing::TestParamInfo<std::tuple<const char*, int>>& info) {
  std::string name = std::string("xdp_") + std::get<0>(info.param) + "_queues_" +
                     std::to_string(std::get<1>(info.param));
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(, Directions,
                         testing::Combine(testing::Values("off", "on"), testing::Values(1, 2, 4)),
                         NameOf);
INSTANTIATE_TEST_SUITE_P(BlocksAlone, Directions,
                         testing::Values(std::tuple("on rx_path stack", 2)), NameOf);

// Jumbo frames are longer than a buffer: several pieces each way.
class Jumbo : public testing::TestWithParam<std::tuple<const char*, int>> {
 protected:
  Jumbo() : lab_({.xdp = std::get<0>(GetParam()), .ports = 1, .mtu = 9000}) {
    const int queues = std::get<1>(GetParam());
    lab_.AddBlock(2, "queues " + std::to_string(queues));
    lab_.AddBlock(3);
    a_ = std::make_unique<Application>("up0/2", queues);
    b_ = std::make_unique<Application>("up0/3", 1, xswq_attr{.buffer_size = 4096});
    wire_ = std::make_unique<PacketSocket>(kOutside, kContainerDev, kTestType);
    host_ = std::make_unique<PacketSocket>("", kUplink, kTestType);
    netdev_ = std::make_unique<PacketSocket>(ContainerName(1), kContainerDev, kTestType);
  }
  Bytes New(Mac dst, Mac src, size_t size) {
    return Numbered(Eth{.dst = dst, .src = src} / Payload(size - 14), ++id_);
  }
  // Sent by the socket, the frame comes to the application a_.
  void ExpectIn(PacketSocket& from, const Bytes& frame) {
    from.Send(frame);
    EXPECT_TRUE(a_->Gets(frame)) << frame.size();
  }
  void ExpectOut(const Bytes& frame, PacketSocket& to) {
    EXPECT_EQ(a_->Send(frame), 0);
    EXPECT_TRUE(Gets(to, frame)) << frame.size();
  }
  uint32_t id_ = 0;
  QueueLab lab_;
  std::unique_ptr<Application> a_, b_;
  std::unique_ptr<PacketSocket> wire_, host_, netdev_;
};

constexpr size_t kJumboSizes[] = {60, 1514, 1792, 1793, 2048, 2049, 4096, 4097, 9000, 9014};

TEST_P(Jumbo, UnicastEveryWay) {
  for (size_t size : kJumboSizes) {
    ExpectIn(*wire_, New(kMac2, kOutsideMac, size));
    ExpectIn(*host_, New(kMac2, kHostMac, size));
    ExpectIn(*netdev_, New(kMac2, kMac1, size));
    ExpectOut(New(kOutsideMac, kMac2, size), *wire_);
    ExpectOut(New(kHostMac, kMac2, size), *host_);
    ExpectOut(New(kMac1, kMac2, size), *netdev_);
    const Bytes across = New(kMac3, kMac2, size), back = New(kMac2, kMac3, size);
    EXPECT_EQ(a_->Send(across), 0);
    EXPECT_TRUE(b_->Gets(across)) << size;
    EXPECT_EQ(b_->Send(back), 0);
    EXPECT_TRUE(a_->Gets(back)) << size;
  }
}

// A devmap broadcast would lose them, one copy each: they go through tcx.
TEST_P(Jumbo, BroadcastEveryWay) {
  for (size_t size : kJumboSizes) {
    const std::tuple<PacketSocket*, Mac> others[] = {
        {wire_.get(), kOutsideMac}, {host_.get(), kHostMac}, {netdev_.get(), kMac1}};
    for (const auto& [from, mac] : others) {
      const Bytes frame = New(kBroadcast, mac, size);
      ExpectIn(*from, frame);
      EXPECT_TRUE(b_->Gets(frame)) << size;
    }
    const Bytes frame = New(kBroadcast, kMac2, size);
    ExpectOut(frame, *wire_);
    EXPECT_TRUE(b_->Gets(frame) && Gets(*host_, frame) && Gets(*netdev_, frame)) << size;
  }
}

INSTANTIATE_TEST_SUITE_P(, Jumbo,
                         testing::Combine(testing::Values("off", "on"), testing::Values(1, 4)),
                         NameOf);

}  // namespace
}  // namespace xsw::test
