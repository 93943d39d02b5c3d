// SPDX-License-Identifier: Apache-2.0
// tx_max and rx_max of queue blocks: what passes is the rate, in L2 bytes of frames as on a wire.
//
//     wire, netdev port up0/1  <->  queue block up0/2  <->  queue block up0/3
//
// A block's rate is taken by XDP where XDP decides (to another port; from the wire with `xdp on`),
// else by tc. As in ../rate_test.cc: what a busy machine cannot offer tells nothing.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <linux/ip.h>
#include <linux/udp.h>

#include <cstring>
#include <functional>
#include <iostream>

#include "tests/veth/paced_load.h"
#include "tests/veth/queues/lab.h"

namespace xsw::test {
namespace {

enum End { kWire, kNetdev, kBlock2, kBlock3 };

struct Limit {
  const char* name;
  const char* xdp;
  const char* words;  // port function set up0/2
  End from, to;
  double bits;  // per second
  int mtu;
};
std::ostream& operator<<(std::ostream& out, const Limit& limit) { return out << limit.name; }

const Limit kLimits[] = {
    {"Tx10MToABlock", "off", "tx_max 10mbit", kBlock2, kBlock3, 10e6, 1500},
    {"Tx100MToTheWire", "off", "tx_max 100mbit", kBlock2, kWire, 100e6, 1500},
    {"Tx100MToTheWireByXdp", "on", "tx_max 100mbit", kBlock2, kWire, 100e6, 1500},
    {"Tx1GToANetdev", "off", "tx_max 1gbit", kBlock2, kNetdev, 1e9, 9000},
    {"Rx10MFromTheWire", "off", "rx_max 10mbit", kWire, kBlock2, 10e6, 1500},
    {"Rx100MFromTheWireByXdp", "on", "rx_max 100mbit", kWire, kBlock2, 100e6, 1500},
    {"Rx100MFromABlock", "off", "rx_max 100mbit", kBlock3, kBlock2, 100e6, 1500},
    {"Rx1GFromANetdev", "off", "rx_max 1gbit", kNetdev, kBlock2, 1e9, 9000},
};

Mac MacAt(End end) { return end == kWire ? kOutsideMac : MacOf(end); }
std::string IpAt(End end) { return end == kWire ? kOutsideIp : IpOf(end); }

// A datagram that fills a frame, to the discard port.
Bytes Datagram(const Limit& limit) {
  const auto mtu = static_cast<size_t>(limit.mtu);
  Eth eth = {.dst = MacAt(limit.to), .src = MacAt(limit.from), .type = ETH_P_IP};
  Bytes frame = (eth / Payload(mtu)).bytes;
  iphdr ip = {};
  ip.version = 4;
  ip.ihl = 5;
  ip.ttl = 64;
  ip.protocol = IPPROTO_UDP;
  ip.tot_len = htons(static_cast<uint16_t>(mtu));
  ip.saddr = inet_addr(IpAt(limit.from).c_str());
  ip.daddr = inet_addr(IpAt(limit.to).c_str());
  const udphdr udp = {htons(9), htons(9), htons(static_cast<uint16_t>(mtu - sizeof(ip))), 0};
  std::memcpy(&frame[ETH_HLEN], &ip, sizeof(ip));
  std::memcpy(&frame[ETH_HLEN + sizeof(ip)], &udp, sizeof(udp));
  return frame;
}

class BlockRate : public testing::TestWithParam<Limit> {
 protected:
  BlockRate()
      : lab_({.xdp = GetParam().xdp, .ports = 1, .any_cpu = true, .mtu = GetParam().mtu}),
        frame_(Datagram(GetParam())) {
    for (End block : {kBlock2, kBlock3}) {
      lab_.AddBlock(block);
      apps_[block] =
          std::make_unique<Application>(Handle(block), 1, xswq_attr{.buffer_size = 4096});
    }
    if (!apps_[GetParam().from])
      socket_ = std::make_unique<PacketSocket>(NetnsOf(GetParam().from), kContainerDev, kTestType);
  }
  static std::string NetnsOf(End end) { return end == kWire ? kOutside : ContainerName(end); }

  uint64_t Send(uint64_t due) {
    Drain();
    if (apps_[GetParam().from]) return apps_[GetParam().from]->Post(frame_, due);
    uint64_t sent = 0;
    for (uint64_t i = 0; i < due; i++) sent += socket_->Send(frame_);
    return sent;
  }
  void Drain() {
    for (Application* app : {apps_[kBlock2].get(), apps_[kBlock3].get()})
      while (std::optional<Bytes> got = app->Receive(0)) got_[app] += *got == frame_;
  }
  // What the switch has let through, taken by the application or not.
  uint64_t Received() {
    Application* app = apps_[GetParam().to].get();
    if (!app) return FramesIn(NetnsOf(GetParam().to));
    Drain();
    const xswq_stats stats = app->stats();
    return got_[app] + stats.no_recv + stats.recv_full + stats.too_long;
  }

  QueueLab lab_;
  Bytes frame_;
  std::unique_ptr<Application> apps_[4];
  std::unique_ptr<PacketSocket> socket_;
  std::map<Application*, uint64_t> got_;
};

TEST_P(BlockRate, OfUdpIsWithin5Percent) {
  const Limit& limit = GetParam();
  lab_.XswOk(std::string("port function set up0/2 ") + limit.words);
  PacedLoad load(frame_.size(), 2 * limit.bits, [&](uint64_t due) { return Send(due); });
  const std::optional<Measured> m = MeasureRate(load, limit.bits, [&] { return Received(); });
  if (!m) {
    std::cerr << limit.name << ": nothing told: this machine is too busy to offer more than that\n";
    return;
  }
  EXPECT_NEAR(m->got / limit.bits, 1, 0.05)
      << m->got / 1e6 << " Mbit/s of " << m->offered / 1e6 << " offered";
  EXPECT_GT(lab_.Drops(2, limit.words[0] == 't' ? "tx_rate" : "rx_rate"), 0u);
}

INSTANTIATE_TEST_SUITE_P(, BlockRate, testing::ValuesIn(kLimits),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace xsw::test
