// SPDX-License-Identifier: Apache-2.0
// tx_max and rx_max: what passes is the rate, in L2 bytes of frames as on a wire.
//
//     out ==wire== up0   up0sf1 === c1   sends
//                        up0sf2 === c2   receives; its netdev's counters tell how much
//
// A busy machine may not give the sender enough time to exceed a rate; then nothing can be told of the
// limit, and the test says so and passes. It never passes for a sender that has offered enough.
#include <gtest/gtest.h>
#include <arpa/inet.h>
#include <sys/socket.h>

#include <chrono>
#include <functional>
#include <iostream>
#include <optional>

#include "tests/veth/paced_load.h"
#include "tests/veth/stream.h"
#include "tests/veth/topology.h"

namespace xsw::test {
namespace {

using Clock = std::chrono::steady_clock;
double SecondsSince(Clock::time_point then) {
  return std::chrono::duration<double>(Clock::now() - then).count();
}

struct Limit {
  const char* name;
  const char* words;  // port function set
  int port;
  const char* from;  // a namespace; to c2
  double bits;       // per second
  int mtu;
};
std::ostream& operator<<(std::ostream& out, const Limit& limit) { return out << limit.name; }

const Limit kLimits[] = {
    {"Tx10M", "tx_max 10mbit", 1, "c1", 10e6, 1500},
    {"Rx10MFromTheWire", "rx_max 10mbit", 2, "out", 10e6, 1500},
    {"Tx100M", "tx_max 100mbit", 1, "c1", 100e6, 1500},
    {"Rx100M", "rx_max 100mbit", 2, "c1", 100e6, 1500},
    {"Tx1G", "tx_max 1gbit", 1, "c1", 1e9, 9000},
    {"Rx1GFromTheWire", "rx_max 1gbit", 2, "out", 1e9, 9000},
};

// Datagrams of a real stack that fill a frame, to a socket in c2.
class UdpSender {
 public:
  UdpSender(const Limit& limit, const std::string& from_ip) : payload_(limit.mtu - 28) {
    sockaddr_in to = {};
    to.sin_family = AF_INET;
    inet_pton(AF_INET, IpOf(2).c_str(), &to.sin_addr);
    {
      // Nobody reads; but nobody answers that the port is closed either.
      InNetns in("c2");
      sink_ = Fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
      Must(bind(sink_.get(), reinterpret_cast<sockaddr*>(&to), sizeof(to)) == 0, "bind the sink");
      socklen_t len = sizeof(to);
      getsockname(sink_.get(), reinterpret_cast<sockaddr*>(&to), &len);
    }
    InNetns in(limit.from);
    sockaddr_in own = {};
    own.sin_family = AF_INET;
    inet_pton(AF_INET, from_ip.c_str(), &own.sin_addr);
    fd_ = Fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    Must(bind(fd_.get(), reinterpret_cast<sockaddr*>(&own), sizeof(own)) == 0, "bind the sender");
    Must(connect(fd_.get(), reinterpret_cast<sockaddr*>(&to), sizeof(to)) == 0, "connect");
  }

  uint64_t operator()(uint64_t due) const {
    static const std::string data(9000, 'x');
    uint64_t sent = 0;
    for (uint64_t i = 0; i < due; i++)
      sent += send(fd_.get(), data.data(), payload_, 0) == static_cast<ssize_t>(payload_);
    return sent;
  }

 private:
  size_t payload_;
  Fd sink_, fd_;
};

class Rate : public testing::TestWithParam<Limit> {};

TEST_P(Rate, OfUdpIsWithin5Percent) {
  const Limit& limit = GetParam();
  Topology t({.ports = 2, .any_cpu = true, .mtu = limit.mtu});
  const std::string from = std::string(limit.from) == "out" ? kOutsideIp : IpOf(1);
  ASSERT_TRUE(WaitFor([&] { return Ping({limit.from, from}, {"c2", IpOf(2)}); }, 20000));
  t.XswOk("port function set " + Handle(limit.port) + " " + limit.words);
  const UdpSender sender(limit, from);
  PacedLoad load(limit.mtu + 14, 2 * limit.bits, std::cref(sender));
  const std::optional<Measured> m = MeasureRate(load, limit.bits, [] { return FramesIn("c2"); });
  if (!m) {
    std::cerr << limit.name << ": nothing told: this machine is too busy to offer more than that\n";
    return;
  }
  EXPECT_NEAR(m->got / limit.bits, 1, 0.05)
      << m->got / 1e6 << " Mbit/s of " << m->offered / 1e6 << " offered";
  const char* why = limit.words[0] == 't' ? "tx_rate" : "rx_rate";
  EXPECT_GT(t.ShowPort(limit.port)["statistics"]["drops"][why], 0);
}

// Bytes of payload in so many seconds, after one for the burst.
double TcpRate(TcpStream& stream, double seconds) {
  auto then = Clock::now();
  while (SecondsSince(then) < 1) stream.Pump();
  const uint64_t before = stream.received();
  then = Clock::now();
  while (SecondsSince(then) < seconds) stream.Pump();
  return static_cast<double>(stream.received() - before) * 8 / SecondsSince(then);
}

TEST_P(Rate, OfTcpIsAtLeast85Percent) {
  const Limit& limit = GetParam();
  Topology t({.ports = 2, .any_cpu = true, .mtu = limit.mtu});
  const Endpoint from{limit.from, std::string(limit.from) == "out" ? kOutsideIp : IpOf(1)},
      to{"c2", IpOf(2)};
  ASSERT_TRUE(WaitFor([&] { return Ping(from, to); }, 20000));
  // Headers of a full segment: Ethernet, IP, TCP with timestamps.
  const double l2 = (limit.mtu + 14.0) / (limit.mtu - 52.0);
  double got = 0, could = 0;
  // The machine may be busy with other things for a while.
  for (int attempt = 0; attempt < 3 && got < 0.85 * limit.bits; attempt++) {
    t.XswOk("port function set " + Handle(limit.port) + " " + limit.words);
    TcpStream stream(from, to);
    ASSERT_TRUE(stream.connected());
    got = TcpRate(stream, 5) * l2;
    EXPECT_TRUE(stream.intact());
    EXPECT_LT(got / limit.bits, 1.08) << got / 1e6 << " Mbit/s";
    t.XswOk("port function set " + Handle(limit.port) + " tx_max 0 rx_max 0");
    TcpStream free(from, to);
    ASSERT_TRUE(free.connected());
    could = TcpRate(free, 1);
  }
  if (got < 0.85 * limit.bits && could < 2 * limit.bits) {
    std::cerr << limit.name << ": nothing told: without limit TCP has " << could / 1e6
              << " Mbit/s here\n";
    return;
  }
  EXPECT_GT(got / limit.bits, 0.85) << got / 1e6 << " Mbit/s";
}

INSTANTIATE_TEST_SUITE_P(, Rate, testing::ValuesIn(kLimits),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace xsw::test
