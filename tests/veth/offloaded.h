// SPDX-License-Identifier: Apache-2.0
// An eswitch in mode switchdev whose bridge xsw-bridge follows.
//
//     out ==wire== up0 --+
//         c1 === up0sf1 -+- br0
//         c2 === up0sf2 -+
#ifndef XSW_TESTS_VETH_OFFLOADED_H_
#define XSW_TESTS_VETH_OFFLOADED_H_

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/veth/bridge.h"
#include "tests/veth/packet.h"
#include "tests/veth/stream.h"

namespace xsw::test {

// Frames between the two containers, past their IP.
class Probe {
 public:
  void Send() { c1_.Send(Numbered(Eth{.dst = kMac2, .src = kMac1} / Payload(46), ++id_)); }
  void SendBack() { c2_.Send(Numbered(Eth{.dst = kMac1, .src = kMac2} / Payload(46), ++id_)); }
  // Whether one from c1 comes through.
  bool Passes() {
    Send();
    return c2_.Receive(2).has_value();
  }

 private:
  PacketSocket c1_{"c1", kContainerDev, kTestType}, c2_{"c2", kContainerDev, kTestType};
  uint32_t id_ = 0;
};

class Offloaded : public testing::Test {
 protected:
  Offloaded() : t({.ports = 2}) {
    t.XswOk("eswitch set up0 mode switchdev");
    MakeBridge(2);
    offload.emplace(t);
  }
  // Until all of them are known, and a frame of each has risen.
  void Learn() {
    for (const auto& [from, to] : Pairs()) EXPECT_TRUE(Ping(from, to));
    ASSERT_TRUE(offload->Covers(2, 3)) << Said();
    for (const auto& [from, to] : Pairs()) EXPECT_TRUE(Ping(from, to));
  }
  static std::vector<std::pair<Endpoint, Endpoint>> Pairs() {
    const Endpoint c1{"c1", IpOf(1)}, c2{"c2", IpOf(2)}, out{kOutside, kOutsideIp};
    return {{c1, c2}, {c1, out}, {out, c2}};
  }
  // Frames of port 1 that have risen.
  uint64_t Risen() {
    return t.ShowPort(1)["statistics"]["slow_path"]["rx"]["frames"].get<uint64_t>();
  }
  uint64_t RisenOf(const std::function<void()>& traffic) {
    const uint64_t before = Risen();
    traffic();
    return Risen() - before;
  }
  // Some thousand frames of port 1.
  void Stream(const std::string& netns, const std::string& ip) {
    TcpStream stream({"c1", IpOf(1)}, {netns, ip}, 1 << 20);
    EXPECT_TRUE(stream.Transfer(16 << 20));
    EXPECT_TRUE(stream.intact());
  }
  // So many static addresses behind port 1.
  static void AddAddresses(int count) {
    constexpr char kBatch[] = "/run/addresses";
    {
      std::ofstream batch(kBatch);
      for (int i = 0; i < count; i++)
        batch << "fdb replace 02:77:00:" << std::hex << i / 65536 << ":" << i / 256 % 256 << ":"
              << i % 256 << " dev up0sf1 master static\n";
    }
    MustRun(std::string("bridge -batch ") + kBatch);
  }
  // What there is to say; xsw-bridge ends.
  std::string Said() {
    kill(offload->process().pid(), SIGTERM);
    return t.XswOk("bridge show") + offload->process().Wait().err;
  }
  Topology t;
  std::optional<Offload> offload;
};

}  // namespace xsw::test

#endif  // XSW_TESTS_VETH_OFFLOADED_H_
