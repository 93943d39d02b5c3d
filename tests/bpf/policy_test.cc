// SPDX-License-Identifier: Apache-2.0
// What a port's policy keeps from it, or from others: link, isolation, rates, and the miss policy of
// the eswitch.
#include "tests/bpf/row.h"

namespace xsw::test {
namespace {

Frame FromPort1(const Mac& dst) { return Eth{.dst = dst, .src = kMac1} / Payload(46); }
Frame FromOutside(const Mac& dst) { return Eth{.dst = dst, .src = kOutsideMac} / Payload(46); }

Table LinkRows() {
  const Given off = PortFlags(kFunction2, XSW_PORT_LINK_OFF);
  const Moves dropped = Drop(2, XSW_DROP_LINK_DOWN);
  return {
      Row{"from uplink to a port whose link is disabled is dropped", FromUplink(),
          FromOutside(kMac2), kDrop, dropped}
          .With(off),
      Row{"from port to one whose link is disabled is dropped", From(kFunction1), FromPort1(kMac2),
          kDrop, Rx(1) + dropped}
          .With(off),
      Row{"from a port whose link is disabled is dropped", From(kFunction1), FromPort1(kMac2),
          kDrop, Rx(1) + Drop(1, XSW_DROP_LINK_DOWN)}
          .With(PortFlags(kFunction1, XSW_PORT_LINK_OFF)),
  };
}

Table IsolatedRows() {
  const Given isolated1 = PortFlags(kFunction1, XSW_PORT_ISOLATED);
  const Given isolated2 = PortFlags(kFunction2, XSW_PORT_ISOLATED);
  return {
      Row{"from port to an isolated one is dropped", From(kFunction1), FromPort1(kMac2), kDrop,
          Rx(1) + Drop(2, XSW_DROP_ISOLATED)}
          .With(isolated2),
      Row{"from an isolated port to another goes to the wire", From(kFunction1), FromPort1(kMac2),
          kRedirect, Rx(1)}
          .With(isolated1),
      Row{"from an isolated port to the host goes there", From(kFunction1), FromPort1(kHostMac),
          kRedirect, Rx(1)}
          .With(isolated1),
      Row{"from an isolated port to itself is a hairpin", From(kFunction1), FromPort1(kMac1),
          kDrop, Rx(1) + Drop(1, XSW_DROP_HAIRPIN)}
          .With(isolated1),
      Row{"from uplink to an isolated port goes to it", FromUplink(), FromOutside(kMac2),
          kRedirect, Tx(2)}
          .With(isolated2),
      Row{"broadcast from an isolated port reaches no other", From(kFunction1),
          FromPort1(kBroadcast), kRedirect, Rx(1)}
          .CopiedTo({kWire})
          .With(isolated1),
      Row{"broadcast from port passes an isolated one", From(kFunction1), FromPort1(kBroadcast),
          kRedirect, Rx(1) + Tx(3)}
          .CopiedTo({kWire, kFunction3})
          .With(isolated2),
  };
}

Table RateRows() {
  const Moves tx = Rx(1) + Drop(1, XSW_DROP_TX_RATE);
  return {
      Row{"from a port above its tx_max is dropped", From(kFunction1), FromPort1(kMac2), kDrop, tx}
          .With(PortFlags(kFunction1, XSW_PORT_TX_MAX) + Overdrawn(kFunction1)),
      Row{"broadcast above tx_max reaches nobody", From(kFunction1), FromPort1(kBroadcast), kDrop,
          tx}
          .With(PortFlags(kFunction1, XSW_PORT_TX_MAX) + Overdrawn(kFunction1)),
      Row{"within tx_max a frame passes", From(kFunction1), FromPort1(kMac2), kRedirect,
          Rx(1) + Tx(2)}
          .With(PortFlags(kFunction1, XSW_PORT_TX_MAX)),
      Row{"from uplink above the port's rx_max is dropped", FromUplink(), FromOutside(kMac2),
          kDrop, Drop(2, XSW_DROP_RX_RATE)}
          .With(PortFlags(kFunction2, XSW_PORT_RX_MAX) + Overdrawn(kFunction2)),
      Row{"from port above the other's rx_max is charged to that", From(kFunction1),
          FromPort1(kMac2), kDrop, Rx(1) + Drop(2, XSW_DROP_RX_RATE)}
          .With(PortFlags(kFunction2, XSW_PORT_RX_MAX) + Overdrawn(kFunction2)),
      Row{"broadcast above one port's rx_max reaches the others", FromUplink(),
          FromOutside(kBroadcast), kPass, Tx(1) + Drop(2, XSW_DROP_RX_RATE) + Tx(3)}
          .CopiedTo({kFunction1, kFunction3})
          .With(PortFlags(kFunction2, XSW_PORT_RX_MAX) + Overdrawn(kFunction2)),
      Row{"a spoof costs no rate", From(kFunction1),
          Eth{.dst = kMac2, .src = kMac3} / Payload(46), kDrop,
          Rx(1) + Drop(1, XSW_DROP_SPOOF)}
          .With(PortFlags(kFunction1, XSW_PORT_TX_MAX) + Overdrawn(kFunction1)),
  };
}

Table MissRows() {
  return {
      Row{"unknown unicast from port is dropped with miss drop", From(kFunction1),
          FromPort1(kOutsideMac), kDrop, Rx(1) + Missed(1) + Drop(1, XSW_DROP_MISS)}
          .With(Miss(XSW_MISS_DROP)),
      Row{"unknown unicast from port rises with miss representor", From(kFunction1),
          FromPort1(kOutsideMac), kPass, Rx(1) + Missed(1) + SlowRx(1)}
          .With(Miss(XSW_MISS_REPRESENTOR)),
      Row{"unknown unicast from uplink is the host's whatever the miss policy", FromUplink(),
          FromOutside(kOutsideMac), kPass}
          .With(Miss(XSW_MISS_DROP)),
  };
}

}  // namespace

Table PolicyRows() { return Join({LinkRows(), IsolatedRows(), RateRows(), MissRows()}); }

INSTANTIATE_TEST_SUITE_P(Policy, Frames, testing::ValuesIn(Cases(PolicyRows())), CaseName);
// These tables are delivery_test.cc's too.
INSTANTIATE_TEST_SUITE_P(Access, Frames, testing::ValuesIn(Cases(AccessRows())), CaseName);
INSTANTIATE_TEST_SUITE_P(Trunk, Frames, testing::ValuesIn(Cases(TrunkRows())), CaseName);
INSTANTIATE_TEST_SUITE_P(Filter, Frames, testing::ValuesIn(Cases(FilterRows())), CaseName);
INSTANTIATE_TEST_SUITE_P(Permit, Frames, testing::ValuesIn(Cases(PermitRows())), CaseName);
INSTANTIATE_TEST_SUITE_P(Switchdev, Frames, testing::ValuesIn(Cases(SwitchdevRows())), CaseName);

}  // namespace xsw::test
