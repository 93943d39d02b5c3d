// SPDX-License-Identifier: Apache-2.0
// Taking an uplink never cuts the host off: `xsw eswitch add` and `del` on a netdev that carries
// the host's own TCP connections, one in each direction.
//
//     out ==wire== up0, at first a plain netdev
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/veth/stream.h"
#include "tests/veth/topology.h"

namespace xsw::test {
namespace {

constexpr double kStallMs = 200;   // the shortest retransmission timeout of Linux
constexpr int kWindow = 64 << 10;  // a veth's ring of 256 frames does not overflow
constexpr uint64_t kSome = 2 << 20;

struct Case {
  const char* name;
  const char* settings;
  bool far_offloads_off;  // as `xdp on` demands of the user, for the ports' sake
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }

class Takeover : public testing::TestWithParam<Case> {
 protected:
  Takeover() : topology_({.eswitch = false, .any_cpu = true}) {
    if (GetParam().far_offloads_off) MustRun("ip netns exec out ethtool -K eth0 tx off txvlan off");
  }

  // Retransmission timeouts of both ends.
  static uint64_t Timeouts() {
    return StackCounter("", "TcpExt", "TCPTimeouts") +
           StackCounter(kOutside, "TcpExt", "TCPTimeouts");
  }
  // Runs xsw while data flows, and some more data after it.
  void ExpectNoStallBy(const std::string& line, TcpStream& to_host, TcpStream& to_outside);
  // Native XDP on a veth whose far end sends GSO: the kernel drops what is in flight at that moment
  // and larger than a page. If that is the whole window, TCP's timer must help; it does once in some
  // fifty times.
  bool MayLoseWhatIsInFlight(const std::string& line) const {
    return line.ends_with("xdp on") && !GetParam().far_offloads_off;
  }

  Topology topology_;
  int stalls_ = 0;  // where they may be
};

void Takeover::ExpectNoStallBy(const std::string& line, TcpStream& to_host, TcpStream& to_outside) {
  SCOPED_TRACE("xsw " + line);
  const uint64_t timeouts = Timeouts();
  to_host.ResetGap();
  to_outside.ResetGap();
  Process command(topology_.XswArgv(line));
  while (!command.Done()) {
    to_host.Pump();
    to_outside.Pump();
  }
  const Result result = command.Wait();
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(to_host.Transfer(kSome)) << "the connection to the host is dead";
  EXPECT_TRUE(to_outside.Transfer(kSome)) << "the connection to the outside is dead";
  const double gap = std::max(to_host.LongestGapMs(), to_outside.LongestGapMs());
  if (MayLoseWhatIsInFlight(line) && gap >= kStallMs && gap < 3 * kStallMs) {
    stalls_++;
    return;
  }
  EXPECT_LT(gap, kStallMs);
  EXPECT_EQ(Timeouts(), timeouts) << "retransmission timeouts";
}

TEST_P(Takeover, LetsTheHostsConnectionsRunOn) {
  TcpStream to_host({kOutside, kOutsideIp}, {"", kHostIp}, kWindow);
  TcpStream to_outside({"", kHostIp}, {kOutside, kOutsideIp}, kWindow);
  ASSERT_TRUE(to_host.connected() && to_outside.connected());
  ASSERT_TRUE(to_host.Transfer(kSome) && to_outside.Transfer(kSome));
  for (int round = 0; round < 3; round++) {
    ExpectNoStallBy(std::string("eswitch add up0 ") + GetParam().settings, to_host, to_outside);
    ExpectNoStallBy("port add up0 sfnum 1 state active", to_host, to_outside);
    ExpectNoStallBy("eswitch set up0 xdp on", to_host, to_outside);
    ExpectNoStallBy("eswitch set up0 xdp off", to_host, to_outside);
    ExpectNoStallBy(std::string("eswitch set up0 ") + GetParam().settings, to_host, to_outside);
    ExpectNoStallBy("eswitch del up0", to_host, to_outside);
  }
  EXPECT_LE(stalls_, 1) << "of 3 rounds";
  EXPECT_TRUE(to_host.intact() && to_outside.intact());
  EXPECT_EQ(ChecksumErrors("") + ChecksumErrors(kOutside), 0u);
}

INSTANTIATE_TEST_SUITE_P(Uplink, Takeover,
                         testing::Values(Case{"XdpOff", "xdp off", false},
                                         Case{"XdpOn", "xdp on", true},
                                         Case{"XdpOnWithTheFarEndsOffloadsOn", "xdp on", false}),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace xsw::test
