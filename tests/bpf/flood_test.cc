// SPDX-License-Identifier: Apache-2.0
// Broadcast and multicast: one copy to each member, none to the sender. In a test run the copies
// are really sent, so the far ends are listened to; the frame itself goes where the verdict says.
#include "tests/bpf/row.h"

namespace xsw::test {
namespace {

Frame Outside(const Mac& dst) { return Eth{.dst = dst, .src = kOutsideMac} / Payload(46); }
Frame Host(const Mac& dst) { return Eth{.dst = dst, .src = kHostMac} / Payload(46); }
Frame Port1(const Mac& dst) { return Eth{.dst = dst, .src = kMac1} / Payload(46); }

const Places kAll = {kFunction1, kFunction2, kFunction3};
const Places kAllButFirst = {kFunction2, kFunction3};

// The list of members: 0 -> first -> after_first -> 0.
Given Members(uint32_t first, uint32_t after_first) {
  return [=](SwitchUnderTest& s) {
    s.ConfigurePort(kWire, [=](xsw_port& p) { p.next_member = first; });
    if (first != 0)
      s.ConfigurePort(static_cast<Place>(first), [=](xsw_port& p) { p.next_member = after_first; });
    if (after_first != 0)
      s.ConfigurePort(static_cast<Place>(after_first), [](xsw_port& p) { p.next_member = 0; });
  };
}

Table FromWire() {
  const Source up = FromUplink();
  const Moves all = Tx(1) + Tx(2) + Tx(3);
  return {
      Row{"broadcast from uplink reaches all members and the host", up, Outside(kBroadcast), kPass,
          all}
          .CopiedTo(kAll),
      Row{"multicast from uplink reaches all members and the host", up, Outside(kMulticast), kPass,
          all}
          .CopiedTo(kAll),
      Row{"IPv6 multicast from uplink reaches all members and the host", up, Outside(kMulticast6),
          kPass, all}
          .CopiedTo(kAll),
      Row{"multicast next to the link local range reaches all", up, Outside(kPastLinkLocalMac),
          kPass, all}
          .CopiedTo(kAll),
      Row{"multicast from uplink reaches all whatever the FDB says", up, Outside(kMulticast), kPass,
          all}
          .CopiedTo(kAll)
          .With([](SwitchUnderTest& s) { s.AddFdb(kMulticast, 0, 2); }),
      Row{"broadcast from uplink reaches members but no host that is off", up, Outside(kBroadcast),
          kDrop, all + Drop(0, XSW_DROP_HOST_OFF)}
          .CopiedTo(kAll)
          .With(HostOff),
      Row{"broadcast from uplink reaches no port that is no member", up, Outside(kBroadcast), kPass,
          Tx(1) + Tx(3)}
          .CopiedTo({kFunction1, kFunction3})
          .With(Members(1, 3)),
  };
}

Table NotFlooded() {
  const Source up = FromUplink();
  return {
      {"LLDP from uplink reaches no member", up, Outside(kLldpMac), kPass},
      Row{"broadcast from uplink without members reaches the host", up, Outside(kBroadcast), kPass}
          .With(Members(0, 0)),
      Row{"broadcast from uplink is not flooded in switchdev mode", up, Outside(kBroadcast), kPass}
          .With(Switchdev),
      Row{"broadcast from uplink is not flooded by an inactive eswitch", up, Outside(kBroadcast),
          kPass}
          .With(EswitchInactive),
  };
}

Table FromTheHost() {
  const Source host = FromHost();
  const Moves all = Tx(1) + Tx(2) + Tx(3);
  return {
      Row{"broadcast from host reaches all members and the wire", host, Host(kBroadcast), kPass,
          all}
          .CopiedTo(kAll),
      Row{"multicast from host reaches all members and the wire", host, Host(kMulticast), kPass,
          all}
          .CopiedTo(kAll),
      Row{"IPv6 multicast from host reaches all members and the wire", host, Host(kMulticast6),
          kPass, all}
          .CopiedTo(kAll),
  };
}

Table FromPorts() {
  const Source port = From(kFunction1);
  const Moves others = Rx(1) + Tx(2) + Tx(3);
  const Places others_and_wire = {kWire, kFunction2, kFunction3};
  return {
      Row{"broadcast from port reaches the others and the wire and not the sender", port,
          Port1(kBroadcast), kRedirect, others}
          .CopiedTo(others_and_wire),
      Row{"multicast from port reaches the others and the wire", port, Port1(kMulticast), kRedirect,
          others}
          .CopiedTo(others_and_wire),
      Row{"IPv6 multicast from port reaches the others and the wire", port, Port1(kMulticast6),
          kRedirect, others}
          .CopiedTo(others_and_wire),
      Row{"multicast from port next to the link local range reaches all", port,
          Port1(kPastLinkLocalMac), kRedirect, others}
          .CopiedTo(others_and_wire),
      Row{"broadcast from a port in the middle skips that one", From(kFunction2),
          Eth{.dst = kBroadcast, .src = kMac2} / Payload(46), kRedirect, Rx(2) + Tx(1) + Tx(3)}
          .CopiedTo({kWire, kFunction1, kFunction3}),
      Row{"broadcast from the last port skips that one", From(kFunction3),
          Eth{.dst = kBroadcast, .src = kMac3} / Payload(46), kRedirect, Rx(3) + Tx(1) + Tx(2)}
          .CopiedTo({kWire, kFunction1, kFunction2}),
      Row{"broadcast from port with the host off goes on to the wire uncloned", port,
          Port1(kBroadcast), kRedirect, others}
          .CopiedTo(kAllButFirst)
          .With(HostOff),
      Row{"broadcast from a port alone reaches the wire", port, Port1(kBroadcast), kRedirect, Rx(1)}
          .CopiedTo({kWire})
          .With(Members(1, 0)),
      Row{"broadcast from a port that is no member reaches members", port, Port1(kBroadcast),
          kRedirect, others}
          .CopiedTo(others_and_wire)
          .With(Members(2, 3)),
  };
}

Table Failures() {
  return {
      Row{"copy that a representor does not take is charged to its port", FromUplink(),
          Outside(kBroadcast), kPass, Tx(1) + Drop(2, XSW_DROP_DETACHED) + Tx(3)}
          .CopiedTo({kFunction1, kFunction3})
          .With(Down(kFunction2)),
      Row{"copy that finds no room at a representor is charged to its port", FromUplink(),
          Outside(kBroadcast), kPass, Tx(1) + Drop(2, XSW_DROP_NO_BUFFER) + Tx(3)}
          .CopiedTo({kFunction1, kFunction3})
          .With([](SwitchUnderTest& s) { s.lab().Congest(kFunction2); }),
      Row{"copy that the wire does not take is charged to the sender", From(kFunction1),
          Port1(kBroadcast), kRedirect, Rx(1) + Tx(2) + Tx(3) + Drop(1, XSW_DROP_DETACHED)}
          .CopiedTo(kAllButFirst)
          .With(Down(kWire)),
      Row{"copy for a member whose netdevs are gone is dropped", FromUplink(), Outside(kBroadcast),
          kPass, Tx(1) + Drop(2, XSW_DROP_DETACHED) + Tx(3)}
          .CopiedTo({kFunction1, kFunction3})
          .With(Detached(kFunction2)),
      Row{"copy from port for a member whose netdevs are gone is dropped", From(kFunction1),
          Port1(kBroadcast), kRedirect, Rx(1) + Drop(2, XSW_DROP_DETACHED) + Tx(3)}
          .CopiedTo({kWire, kFunction3})
          .With(Detached(kFunction2)),
  };
}

}  // namespace

Table FloodRows() {
  return Join({FromWire(), NotFlooded(), FromTheHost(), FromPorts(), Failures()});
}

INSTANTIATE_TEST_SUITE_P(Flood, Frames, testing::ValuesIn(Cases(FloodRows())), CaseName);

}  // namespace xsw::test
