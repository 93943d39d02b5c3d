// SPDX-License-Identifier: Apache-2.0
// The rows of the decision table with queue blocks in them, with and without XDP on the uplink, with 1, 2
// and 4 queues.
//
//   wire, host, netdev port up0/1  <->  queue block up0/2  <->  queue block up0/3
#include <gtest/gtest.h>

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
    const Bytes wire = New(group, kOutsideMac), host = New(group, kHostMac), port = New(group, kMac1);
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

// A priority tag counts as untagged and stays where it is, in the data.
TEST_P(Directions, TagsAreVisible) {
  const Bytes in = Numbered(
      Eth{.dst = kMac2, .src = kOutsideMac} / Vlan{.id = 0, .priority = 5} / Payload(46), ++id_);
  const Bytes tagged =
      Numbered(Eth{.dst = kMac2, .src = kHostMac} / Vlan{.id = 7, .priority = 3} / Payload(46), ++id_);
  PacketSocket representor("", Representor(2), kTestType);
  wire_->Send(in);
  EXPECT_TRUE(a_->Gets(in));
  representor.Send(tagged);
  EXPECT_TRUE(a_->Gets(tagged)) << "from the representor anything goes";
}

TEST_P(Directions, AFrameToAQueueWithoutSocketIsCounted) {
  a_.reset();
  const uint64_t before = lab_.Drops(2, "no_socket");
  for (int i = 0; i < 10; i++) wire_->Send(New(kMac2, kOutsideMac));
  EXPECT_TRUE(WaitFor([&] { return lab_.Drops(2, "no_socket") == before + 10; }))
      << lab_.Drops(2, "no_socket");
}

INSTANTIATE_TEST_SUITE_P(, Directions,
                         testing::Combine(testing::Values("off", "on"), testing::Values(1, 2, 4)),
                         [](const auto& info) {
                           return std::string("xdp_") + std::get<0>(info.param) + "_queues_" +
                                  std::to_string(std::get<1>(info.param));
                         });

// Jumbo frames are longer than a buffer: several pieces each way.
class Jumbo : public testing::TestWithParam<const char*> {};

TEST_P(Jumbo, UpToTheMtuEveryWay) {
  QueueLab lab({.xdp = GetParam(), .ports = 1, .mtu = 9000});
  lab.AddBlock(2);
  lab.AddBlock(3);
  Application a("up0/2"), b("up0/3", 1, {.buffer_size = 4096});
  PacketSocket wire(kOutside, kContainerDev, kTestType), host("", kUplink, kTestType);
  PacketSocket netdev(ContainerName(1), kContainerDev, kTestType);
  uint32_t id = 0;
  for (size_t size : {1792, 1793, 2048, 2049, 4096, 4097, 9000, 9014}) {
    const auto frame = [&](Mac dst, Mac src) {
      return Numbered(Eth{.dst = dst, .src = src} / Payload(size - 14), ++id);
    };
    const Bytes from_wire = frame(kMac2, kOutsideMac), to_wire = frame(kOutsideMac, kMac2);
    const Bytes across = frame(kMac3, kMac2), back = frame(kMac2, kMac3);
    const Bytes to_netdev = frame(kMac1, kMac2), from_netdev = frame(kMac2, kMac1);
    const Bytes to_host = frame(kHostMac, kMac2), to_all = frame(kBroadcast, kMac2);
    wire.Send(from_wire);
    EXPECT_TRUE(a.Gets(from_wire)) << size;
    EXPECT_EQ(a.Send(to_wire), 0);
    EXPECT_TRUE(Gets(wire, to_wire)) << size;
    EXPECT_EQ(a.Send(across), 0);
    EXPECT_TRUE(b.Gets(across)) << size;
    EXPECT_EQ(b.Send(back), 0);
    EXPECT_TRUE(a.Gets(back)) << size;
    EXPECT_EQ(a.Send(to_netdev), 0);
    EXPECT_TRUE(Gets(netdev, to_netdev)) << size;
    netdev.Send(from_netdev);
    EXPECT_TRUE(a.Gets(from_netdev)) << size;
    EXPECT_EQ(a.Send(to_host), 0);
    EXPECT_TRUE(Gets(host, to_host)) << size;
    EXPECT_EQ(a.Send(to_all), 0);
    EXPECT_TRUE(b.Gets(to_all) && Gets(wire, to_all) && Gets(host, to_all) && Gets(netdev, to_all))
        << size;
  }
}

INSTANTIATE_TEST_SUITE_P(, Jumbo, testing::Values("off", "on"));

}  // namespace
}  // namespace xsw::test
