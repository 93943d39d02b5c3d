// SPDX-License-Identifier: Apache-2.0
// States that a killed command leaves between two of its steps, written by hand: the next one finishes the
// job. What a real kill leaves tests/sweep tries; these are what only another command meets.
//
//    out ==wire== up0   up0sf1 === eth0 in c1
#include <gtest/gtest.h>

#include "tests/veth/pins.h"
#include "tests/veth/snapshot.h"
#include "tests/veth/stream.h"

namespace xsw::test {
namespace {

constexpr uint32_t kPort = 1;

class HalfDone : public testing::Test {
 protected:
  HalfDone() : t({.ports = 1}) {}
  xsw_port Port() { return Peek<xsw_port>("xsw_port", kPort); }
  xsw_port_conf Conf() { return Peek<xsw_port_conf>("xsw_port_conf", kPort); }
  Topology t;
};

// Behind RTM_NEWLINK, before the ifindex is noted anywhere: the name and the address are all there is.
TEST_F(HalfDone, APairOfWhichOnlyTheNameIsKnownGoesWithTheEswitch) {
  xsw_port_conf conf = Conf();
  conf.present = conf.ifindex = 0;
  Poke("xsw_port_conf", kPort, conf);
  for (const char* map : {"xsw_dev_tc", "xsw_dev_xdp"})
    Must(bpf_map_delete_elem(OpenPin(map).get(), &kPort) == 0, map);
  for (const char* pin : {"ports/1_xsw_port_rx", "ports/1_xsw_port_tx"}) Unpin(pin);
  ASSERT_TRUE(WaitFor([] { return ProgramsOn("up0sf1").empty(); }));
  t.XswOk("eswitch del up0");
  EXPECT_TRUE(LinkOf("", "up0sf1").is_null());
  EXPECT_TRUE(LinkOf("c1", "eth0").is_null());
}

TEST_F(HalfDone, AnEswitchWhoseRemovalHasBegunIsNoEswitchAndAddBeginsAnew) {
  xsw_eswitch eswitch = Peek<xsw_eswitch>("xsw_eswitch", uint32_t{0});
  eswitch.flags &= ~XSW_ESWITCH_READY;
  Poke("xsw_eswitch", uint32_t{0}, eswitch);
  EXPECT_NE(t.Xsw("port add up0").err.find("has not come to its end"), std::string::npos);
  t.XswOk("eswitch add up0");
  EXPECT_TRUE(LinkOf("", "up0sf1").is_null()) << "a port of the eswitch of before";
  t.AddPort(2);
  t.ConfigureFunction(2);
  EXPECT_TRUE(Ping({"c2", IpOf(2)}, {kOutside, kOutsideIp}));
}

TEST_F(HalfDone, ARateThatTheProgramsDoNotLookAtYetIsFinishedByTheSameCommand) {
  t.XswOk("port function set up0/1 tx_max 10mbit");
  xsw_port port = Port();
  port.flags &= ~XSW_PORT_TX_MAX;
  Poke("xsw_port", kPort, port);
  t.XswOk("port function set up0/1 tx_max 10mbit");
  EXPECT_TRUE(Port().flags & XSW_PORT_TX_MAX);
}

TEST_F(HalfDone, AnMtuThatOneEndHasIsTheOthersAfterAnyWritingCommand) {
  xsw_port_conf conf = Conf();
  conf.mtu = 1300;
  Poke("xsw_port_conf", kPort, conf);
  MustRun("ip -n c1 link set eth0 mtu 1300");
  t.XswOk("eswitch set up0 host on");
  EXPECT_EQ(LinkOf("", "up0sf1")["mtu"], 1300);
  EXPECT_EQ(LinkOf("c1", "eth0")["mtu"], 1300);
}

TEST_F(HalfDone, APromiscuousPortIsSoFromItsFirstMoment) {
  t.XswOk("port add up0 sfnum 2 trust on promisc on");
  EXPECT_EQ(Peek<xsw_eswitch>("xsw_eswitch", uint32_t{0}).promisc, 1) << "no program looks";
  xsw_eswitch eswitch = Peek<xsw_eswitch>("xsw_eswitch", uint32_t{0});
  eswitch.promisc = 0;
  Poke("xsw_eswitch", uint32_t{0}, eswitch);
  t.XswOk("port add up0 sfnum 3");
  EXPECT_EQ(Peek<xsw_eswitch>("xsw_eswitch", uint32_t{0}).promisc, 1);
}

// Root has it in between, so the next owner gets no map that the one before holds.
TEST_F(HalfDone, TheOwnerOfBeforeHasNothingOfTheNextOnesMap) {
  t.XswOk("port add up0 sfnum 2 class queues owner 4242:4242 state active");
  const uint32_t port = 2;
  const auto before = Peek<uint32_t>("xsw_xsks", port);
  t.XswOk("port function set up0/2 owner 4242:4242");
  EXPECT_EQ(Peek<uint32_t>("xsw_xsks", port), before) << "his own applications are cut off";
  t.XswOk("port function set up0/2 owner 4343:4343");
  EXPECT_NE(Peek<uint32_t>("xsw_xsks", port), before);
}

}  // namespace
}  // namespace xsw::test
