// SPDX-License-Identifier: Apache-2.0
// Frames longer than the netdev they are for may send, by the kernel's word; xsw_eswitch.mtu and
// XSW_PORT_MTU only say when the kernel need not be asked. GSO frames: delivery_test.cc.
#include "tests/bpf/row.h"

namespace xsw::test {
namespace {

constexpr uint32_t kMtu = 1000;
constexpr size_t kFits = kMtu + ETH_HLEN + 4;  // a tag more than an untagged frame needs, as on a veth

Frame Sized(const Mac& dst, const Mac& src, size_t bytes) {
  return Eth{.dst = dst, .src = src} / Payload(bytes - ETH_HLEN);
}

// What the netdev has, and what the eswitch has last seen of the uplink's.
Given Mtu(Place at, uint32_t mtu) {
  return [=](SwitchUnderTest& s) { s.lab().SetMtu(at, mtu); };
}
Given Seen(uint32_t mtu) {
  return [=](SwitchUnderTest& s) { s.ConfigureEswitch([=](xsw_eswitch& e) { e.mtu = mtu; }); };
}
Given Uplink() { return Mtu(kWire, kMtu) + Seen(kMtu); }
Given Own(Place port) { return Mtu(port, kMtu) + PortFlags(port, XSW_PORT_MTU); }

Table ToTheWire() {
  const Source port = From(kFunction1), block = FromBlock(kFunction1);
  const Given xdp = Given(UplinkTakesXdpFrames);
  const Moves dropped = Rx(1) + Missed(1) + Drop(1, XSW_DROP_MTU);
  return {
      Row{"from port as long as the uplink's MTU and a tag goes to the wire", port,
          Sized(kOutsideMac, kMac1, kFits), kRedirect, Rx(1) + Missed(1)}
          .With(Uplink()),
      Row{"from port longer than the uplink's MTU is charged to it", port,
          Sized(kOutsideMac, kMac1, kFits + 1), kDrop, dropped}
          .With(Uplink()),
      Row{"from port the MTU counts that the uplink has now", port,
          Sized(kOutsideMac, kMac1, kFits + 1), kRedirect, Rx(1) + Missed(1)}
          .With(Seen(kMtu)),
      Row{"from port broadcast longer than the uplink's MTU goes to the others alone", port,
          Sized(kBroadcast, kMac1, kFits + 1), kRedirect,
          Rx(1) + Drop(1, XSW_DROP_MTU) + Tx(2) + Tx(3)}
          .CopiedTo({kFunction2, kFunction3})
          .With(Mtu(kWire, kMtu) + Seen(kMtu)),
      Row{"from block as long as the uplink's MTU and a tag goes to the wire", block,
          Sized(kOutsideMac, kMac1, kFits), kRedirect, Rx(1) + Missed(1)}
          .With(xdp + Uplink()),
      Row{"from block longer than the uplink's MTU is charged to it", block,
          Sized(kOutsideMac, kMac1, kFits + 1), kDrop, dropped}
          .With(xdp + Uplink()),
      Row{"from block the MTU counts that the uplink has now", block,
          Sized(kOutsideMac, kMac1, kFits + 1), kRedirect, Rx(1) + Missed(1)}
          .With(xdp + Seen(kMtu)),
  };
}

Table ToPorts() {
  const Source port = From(kFunction1), block = FromBlock(kFunction1);
  const Frame fits = Sized(kMac2, kMac1, kFits), longer = Sized(kMac2, kMac1, kFits + 1);
  const Frame in = Sized(kMac2, kOutsideMac, kFits + 1);
  const Moves dropped = Drop(2, XSW_DROP_MTU);
  return {
      Row{"to a port as long as its own MTU and a tag", port, fits, kRedirect, Rx(1) + Tx(2)}.With(
          Own(kFunction2)),
      Row{"to a port longer than its own MTU is charged to that", port, longer, kDrop,
          Rx(1) + dropped}
          .With(Own(kFunction2)),
      Row{"to a port longer than the uplink's MTU is charged to that", port, longer, kDrop,
          Rx(1) + dropped}
          .With(Mtu(kFunction2, kMtu) + Seen(kMtu)),
      Row{"to a port the MTU counts that its representor has now", port, longer, kRedirect,
          Rx(1) + Tx(2)}
          .With(PortFlags(kFunction2, XSW_PORT_MTU)),
      Row{"from uplink longer than a port's own MTU is charged to that", FromUplink(), in, kDrop,
          dropped}
          .With(Own(kFunction2)),
      Row{"from host longer than a port's own MTU is charged to that", FromHost(),
          Sized(kMac2, kHostMac, kFits + 1), kDrop, dropped}
          .With(Own(kFunction2)),
      Row{"a frame that is too long costs no rate", FromUplink(), in, kDrop, dropped}.With(
          Own(kFunction2) + PortFlags(kFunction2, XSW_PORT_RX_MAX) + Overdrawn(kFunction2)),
      Row{"from uplink broadcast longer than one port's own MTU goes to the others", FromUplink(),
          Sized(kBroadcast, kOutsideMac, kFits + 1), kPass, Tx(1) + dropped + Tx(3)}
          .CopiedTo({kFunction1, kFunction3})
          .With(Own(kFunction2)),
      Row{"from block longer than a port's own MTU is charged to that", block, longer, kDrop,
          Rx(1) + dropped}
          .With(Own(kFunction2)),
      Row{"from block as long as a port's own MTU and a tag", block, fits, kRedirect,
          Rx(1) + Tx(2)}
          .With(Own(kFunction2)),
      Row{"from a port with a smaller MTU of its own whatever it sends", port, longer, kRedirect,
          Rx(1) + Tx(2)}
          .With(Own(kFunction1)),
  };
}

}  // namespace

Table MtuRows() { return Join({ToTheWire(), ToPorts()}); }

INSTANTIATE_TEST_SUITE_P(Mtu, Frames, testing::ValuesIn(Cases(MtuRows())), CaseName);

}  // namespace xsw::test
