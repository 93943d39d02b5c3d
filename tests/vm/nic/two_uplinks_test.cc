// SPDX-License-Identifier: Apache-2.0
// An eswitch on each end of the wire: what a port of one sends to a port of the other is redirected
// out of a NIC and, at the other end, from a NIC.
//
//    c9 === eth0sf9   eth0 ==wire== up0   up0sf1 === c1
//                                         up0/2, a queue block
#include "tests/veth/queues/lab.h"
#include "tests/vm/nic/matrix.h"
#include "tests/vm/nic/nic.h"

namespace xsw::test {
namespace {

const Endpoint kFar = {"c9", IpOf(9)};

class TwoUplinks : public testing::TestWithParam<const char*> {
 protected:
  TwoUplinks() : lab_({.xdp = GetParam(), .ports = 1}) {
    lab_.sandbox().AddNetns("c9");
    lab_.XswOk(std::string("-n out eswitch add eth0 xdp ") + GetParam());
    lab_.XswOk("-n out port add eth0 sfnum 9 hw_addr " + Text(MacOf(9)) +
               " netns c9 ifname eth0 state active");
    Ip("c9", "link set eth0 up\naddr add " + IpOf(9) + "/24 dev eth0\n");
    WaitForWire();
  }
  // Before the NICs go back.
  ~TwoUplinks() override { lab_.XswOk("-n out eswitch del eth0"); }

  QueueLab lab_;
};

TEST_P(TwoUplinks, PortsReachEachOther) {
  Feature feature("two eswitches");
  EXPECT_TRUE(Reach(kFar, kPort) && Reach(kPort, kFar));
  ExpectTcpAndUdp(kFar, kPort);
  ExpectTcpAndUdp(kPort, kFar);
  EXPECT_TRUE(Reach(kFar, kHostEnd) && Reach(kPort, kOut));
}

TEST_P(TwoUplinks, AQueueBlockReachesAPortOfTheOther) {
  lab_.AddBlock(2);
  Application app("up0/2");
  const PacketSocket far("c9", kContainerDev, kTestType);
  const Bytes there = Numbered(Eth{.dst = MacOf(9), .src = kMac2} / Payload(60), 1),
              back = Numbered(Eth{.dst = kMac2, .src = MacOf(9)} / Payload(60), 2);
  EXPECT_EQ(app.Send(there), 0);
  EXPECT_TRUE(Gets(far, there, 10000));
  far.Send(back);
  EXPECT_TRUE(app.Gets(back, 10000));
}

INSTANTIATE_TEST_SUITE_P(, TwoUplinks, testing::Values("off", "auto"), XdpName);

}  // namespace
}  // namespace xsw::test
