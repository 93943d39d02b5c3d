// SPDX-License-Identifier: Apache-2.0
// The host's stack hands a broadcast that it sends to itself as well, through the ingress hook of
// the netdev it was sent on and without an Ethernet header: no frame from there, and not to be
// steered. Nothing but the stack can make such an skb.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>

#include "tests/bpf/row.h"

namespace xsw::test {
namespace {

constexpr size_t kDataBytes = 18;
constexpr size_t kFrameBytes = ETH_HLEN + 20 + 8 + kDataBytes;  // IPv4, UDP

// Sends a UDP broadcast on the netdev and receives the stack's own copy of it.
void BroadcastAndReceive(const std::string& dev) {
  const Fd fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  Must(setsockopt(fd.get(), SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)) == 0, "SO_BROADCAST");
  Must(setsockopt(fd.get(), SOL_SOCKET, SO_BINDTODEVICE, dev.data(), dev.size()) == 0, "bind");
  sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(4242)};
  Must(bind(fd.get(), reinterpret_cast<sockaddr*>(&at), sizeof(at)) == 0, "bind to a UDP port");
  at.sin_addr.s_addr = INADDR_BROADCAST;
  const char data[kDataBytes] = {};
  Must(sendto(fd.get(), data, sizeof(data), 0, reinterpret_cast<sockaddr*>(&at), sizeof(at)) > 0,
       "send a UDP broadcast");
  pollfd readable = {.fd = fd.get(), .events = POLLIN, .revents = 0};
  EXPECT_EQ(poll(&readable, 1, 2000), 1) << "the host's own copy has not come back on " << dev;
}

class LoopbackTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    SwitchUnderTest::Get().AttachAll();
    SwitchUnderTest::Get().lab().AddAddress(kWire, "192.0.2.1/24");
    SwitchUnderTest::Get().lab().AddAddress(kFunction1, "192.0.3.1/24");
  }
  void SetUp() override { s_.Reset(); }

  void ExpectOneEach(const Places& to) {
    const auto arrived = s_.lab().Arrived();
    for (int at = 0; at < kHost; at++) {
      const auto times = static_cast<size_t>(std::count(to.begin(), to.end(), at));
      ASSERT_EQ(arrived[at].size(), times) << "at place " << at;
      for (const Bytes& frame : arrived[at]) EXPECT_EQ(frame.size(), kFrameBytes);
    }
  }

  SwitchUnderTest& s_ = SwitchUnderTest::Get();
  const Bytes broadcast_ =
      (Eth{.dst = kBroadcast, .src = kHostMac} / Payload(kFrameBytes - ETH_HLEN)).bytes;
};

TEST_F(LoopbackTest, OwnCopyOfABroadcastOnTheUplinkIsNotFlooded) {
  BroadcastAndReceive(Lab::NearName(kWire));
  ExpectOneEach({kWire, kFunction1, kFunction2, kFunction3});
  EXPECT_EQ(s_.Moved(), Expected(Tx(1) + Tx(2) + Tx(3), broadcast_));
}

TEST_F(LoopbackTest, OwnCopyOfABroadcastOnARepresentorIsNotAFunctionsFrame) {
  BroadcastAndReceive(Lab::NearName(kFunction1));
  ExpectOneEach({kFunction1});
  EXPECT_EQ(s_.Moved(), Expected(SlowTx(1), broadcast_));
}

}  // namespace
}  // namespace xsw::test
