// SPDX-License-Identifier: Apache-2.0
// Addresses of a port beside its hw_addr, and what it gets beside them: unknown unicast (promisc) and
// multicast groups (mdb, allmulti).
#include "tests/bpf/row.h"

namespace xsw::test {
namespace {

const Payload kData(46);

Eth In(const Mac& dst) { return {.dst = dst, .src = kOutsideMac}; }
Eth Out(const Mac& dst, const Mac& src = kMac1) { return {.dst = dst, .src = src}; }
Eth FromTheHost(const Mac& dst) { return {.dst = dst, .src = kHostMac}; }

Table ExtraMacs() {
  const Source port = From(kFunction1);
  const Moves spoof = Rx(1) + Drop(1, XSW_DROP_SPOOF);
  const Given access = Access(kFunction1, 7);
  const Given trunk = Trunk(kFunction1, {7, 8}) + Fdb(kExtraMac1, 8, kFunction1);
  const Mac extra = {2, 0, 0, 0, 0xc, 1};
  return {
      Row{"from its extra MAC in its VLAN is no spoof", port, Out(kOutsideMac, extra) / kData,
          kRedirect, Rx(1) + Missed(1)}
          .Becomes(Out(kOutsideMac, extra) / Vlan{.id = 7} / kData)
          .To(kWire)
          .With(access + Fdb(extra, 7, kFunction1)),
      Row{"from its extra MAC of another VLAN is a spoof", port, Out(kOutsideMac, extra) / kData,
          kDrop, spoof}
          .With(access + Fdb(extra, 8, kFunction1)),
      Row{"from its untagged extra MAC is a spoof in a VLAN", port,
          Out(kOutsideMac, kExtraMac1) / kData, kDrop, spoof}
          .With(access),
      Row{"from an extra MAC of another port is a spoof", port, Out(kOutsideMac, extra) / kData,
          kDrop, spoof}
          .With(access + Fdb(extra, 7, kFunction2)),
      Row{"from trunk its extra MAC in that VLAN is no spoof", port,
          Out(kOutsideMac, kExtraMac1) / Vlan{.id = 8} / kData, kRedirect, Rx(1) + Missed(1)}
          .To(kWire)
          .With(trunk),
      Row{"from trunk its extra MAC in another VLAN is a spoof", port,
          Out(kOutsideMac, kExtraMac1) / Vlan{.id = 7} / kData, kDrop, spoof}
          .With(trunk),
      Row{"from trunk its hw_addr is no spoof in any of its VLANs", port,
          Out(kOutsideMac) / Vlan{.id = 8} / kData, kRedirect, Rx(1) + Missed(1)}
          .To(kWire)
          .With(trunk),
      Row{"from a foreign MAC in its VLAN is a spoof", port, Out(kOutsideMac, kMac3) / kData,
          kDrop, spoof}
          .With(access),
      Row{"from a foreign MAC without spoof check gets its tag", port,
          Out(kOutsideMac, kMac3) / kData, kRedirect, Rx(1) + Missed(1)}
          .Becomes(Out(kOutsideMac, kMac3) / Vlan{.id = 7} / kData)
          .To(kWire)
          .With(access + SpoofCheckOff(kFunction1)),
      Row{"without spoof check a VLAN of its own tagging is dropped", port,
          Out(kOutsideMac) / Vlan{.id = 7} / kData, kDrop, Rx(1) + Drop(1, XSW_DROP_VLAN)}
          .With(access + SpoofCheckOff(kFunction1)),
      Row{"from uplink its extra MAC in its VLAN goes to it untagged", FromUplink(),
          In(extra) / Vlan{.id = 7} / kData, kRedirect, Tx(1)}
          .Becomes(In(extra) / kData)
          .To(kFunction1)
          .With(access + Fdb(extra, 7, kFunction1)),
  };
}

Table PromiscGets() {
  const Given promisc = Promisc(kFunction3);
  const Frame in7 = In(kOutsideMac) / Vlan{.id = 7, .priority = 3} / kData;
  return {
      Row{"promisc gets unknown unicast from uplink", FromUplink(), In(kOutsideMac) / kData, kPass,
          Tx(3)}
          .CopiedTo({kFunction3})
          .With(promisc),
      Row{"promisc gets unknown unicast from port", From(kFunction1), Out(kOutsideMac) / kData,
          kRedirect, Rx(1) + Missed(1) + Tx(3)}
          .CopiedTo({kFunction3})
          .To(kWire)
          .With(promisc),
      Row{"promisc gets unknown unicast from host", FromHost(), FromTheHost(kOutsideMac) / kData,
          kPass, Tx(3)}
          .CopiedTo({kFunction3})
          .With(promisc),
      Row{"promisc gets what its own VLAN has, untagged", FromUplink(), in7, kPass, Tx(3)}
          .CopiedTo({kFunction3}, In(kOutsideMac) / kData)
          .Becomes(in7)
          .With(promisc + Access(kFunction3, 7)),
      Row{"promisc gets unknown unicast of an access port, which goes on tagged",
          From(kFunction1), Out(kOutsideMac) / kData, kRedirect, Rx(1) + Missed(1) + Tx(3)}
          .CopiedTo({kFunction3})
          .Becomes(Out(kOutsideMac) / Vlan{.id = 7} / kData)
          .To(kWire)
          .With(promisc + Access(kFunction1, 7) + Access(kFunction3, 7)),
      Row{"promisc gets what a miss policy drops", From(kFunction1), Out(kOutsideMac) / kData,
          kDrop, Rx(1) + Missed(1) + Tx(3) + Drop(1, XSW_DROP_MISS)}
          .CopiedTo({kFunction3})
          .With(promisc + Miss(XSW_MISS_DROP)),
      Row{"promisc trunk gets a tagged copy of what rises untagged", From(kFunction1),
          Out(kOutsideMac) / kData, kPass, Rx(1) + Missed(1) + Tx(3) + SlowRx(1)}
          .CopiedTo({kFunction3}, Out(kOutsideMac) / Vlan{.id = 7} / kData)
          .Becomes(Out(kOutsideMac) / kData)
          .With(promisc + Access(kFunction1, 7) + Trunk(kFunction3, {7}) +
                Miss(XSW_MISS_REPRESENTOR)),
      Row{"promisc and isolated gets unknown unicast from uplink", FromUplink(),
          In(kOutsideMac) / kData, kPass, Tx(3)}
          .CopiedTo({kFunction3})
          .With(promisc + PortFlags(kFunction3, XSW_PORT_ISOLATED)),
      Row{"promisc whose link is disabled gets nothing", FromUplink(), In(kOutsideMac) / kData,
          kPass, Drop(3, XSW_DROP_LINK_DOWN)}
          .With(promisc + PortFlags(kFunction3, XSW_PORT_LINK_OFF)),
      Row{"promisc above its rx_max gets nothing", FromUplink(), In(kOutsideMac) / kData, kPass,
          Drop(3, XSW_DROP_RX_RATE)}
          .With(promisc + PortFlags(kFunction3, XSW_PORT_RX_MAX) + Overdrawn(kFunction3)),
  };
}

Table PromiscDoesNotGet() {
  const Given promisc = Promisc(kFunction3);
  const Given in7 = promisc + Access(kFunction3, 7);
  const Frame host7 = In(kHostMac) / Vlan{.id = 7} / kData;
  return {
      Row{"promisc gets no unicast of another port", FromUplink(), In(kMac2) / kData, kRedirect,
          Tx(2)}
          .To(kFunction2)
          .With(promisc),
      Row{"promisc gets no unicast from port to port", From(kFunction1), Out(kMac2) / kData,
          kRedirect, Rx(1) + Tx(2)}
          .To(kFunction2)
          .With(promisc),
      Row{"promisc gets no frame from uplink for the host", FromUplink(), In(kHostMac) / kData,
          kPass}
          .With(promisc),
      Row{"promisc gets no frame from port for the host", From(kFunction1), Out(kHostMac) / kData,
          kRedirect, Rx(1)}
          .To(kHost)
          .With(promisc),
      Row{"promisc gets no frame from uplink for the host in its VLAN", FromUplink(), host7, kPass}
          .With(in7),
      Row{"promisc gets no frame from port for the host in its VLAN", From(kFunction1),
          Out(kHostMac) / kData, kRedirect, Rx(1)}
          .Becomes(Out(kHostMac) / Vlan{.id = 7} / kData)
          .To(kHost)
          .With(in7 + Access(kFunction1, 7)),
      Row{"promisc gets no frame from host for the host in its VLAN", FromHost(),
          FromTheHost(kHostMac) / Vlan{.id = 7} / kData, kPass}
          .With(in7),
      Row{"promisc gets nothing of another VLAN", FromUplink(),
          In(kOutsideMac) / Vlan{.id = 8} / kData, kPass}
          .With(in7),
      Row{"promisc gets nothing of its own", From(kFunction3), Out(kOutsideMac, kMac3) / kData,
          kRedirect, Rx(3) + Missed(3)}
          .To(kWire)
          .With(promisc),
      Row{"promisc gets nothing of an isolated port", From(kFunction1), Out(kOutsideMac) / kData,
          kRedirect, Rx(1) + Missed(1)}
          .To(kWire)
          .With(promisc + PortFlags(kFunction1, XSW_PORT_ISOLATED)),
      Row{"promisc and isolated gets nothing of a port", From(kFunction1), Out(kOutsideMac) / kData,
          kRedirect, Rx(1) + Missed(1)}
          .To(kWire)
          .With(promisc + PortFlags(kFunction3, XSW_PORT_ISOLATED)),
      Row{"promisc gets nothing in an inactive eswitch", FromUplink(), In(kOutsideMac) / kData,
          kPass}
          .With(promisc + EswitchInactive),
      Row{"promisc gets no link local from uplink", FromUplink(), In(kLldpMac) / kData, kPass}.With(
          promisc),
  };
}

Table Groups() {
  const Given two = Joined(kMulticast, 0, {kFunction2});
  const Places others = {kFunction2, kFunction3};
  return {
      Row{"a group from uplink reaches its member and the host", FromUplink(),
          In(kMulticast) / kData, kPass, Tx(2)}
          .CopiedTo({kFunction2})
          .With(two),
      Row{"a group from host reaches its member and the wire", FromHost(),
          FromTheHost(kMulticast) / kData, kPass, Tx(2)}
          .CopiedTo({kFunction2})
          .With(two),
      Row{"a group from port reaches its member, wire and host", From(kFunction1),
          Out(kMulticast) / kData, kRedirect, Rx(1) + Tx(2)}
          .CopiedTo({kWire, kFunction2})
          .To(kHost)
          .With(two),
      Row{"a group from its only member reaches wire and host", From(kFunction2),
          Out(kMulticast, kMac2) / kData, kRedirect, Rx(2)}
          .CopiedTo({kWire})
          .To(kHost)
          .With(two),
      Row{"a group with two members reaches both", FromUplink(), In(kMulticast) / kData, kPass,
          Tx(2) + Tx(3)}
          .CopiedTo(others)
          .With(Joined(kMulticast, 0, {kFunction2, kFunction3})),
      Row{"a group reaches who has allmulti too", FromUplink(), In(kMulticast) / kData, kPass,
          Tx(2) + Tx(3)}
          .CopiedTo(others)
          .With(two + PortFlags(kFunction3, XSW_PORT_ALLMULTI)),
      Row{"another group reaches all", FromUplink(), In(kMulticast6) / kData, kPass,
          Tx(1) + Tx(2) + Tx(3)}
          .CopiedTo({kFunction1, kFunction2, kFunction3})
          .With(two),
      Row{"broadcast is no group", FromUplink(), In(kBroadcast) / kData, kPass,
          Tx(1) + Tx(2) + Tx(3)}
          .CopiedTo({kFunction1, kFunction2, kFunction3})
          .With(two + Joined(kBroadcast, 0, {kFunction2})),
      Row{"a group does not reach who is promisc", FromUplink(), In(kMulticast) / kData, kPass,
          Tx(2)}
          .CopiedTo({kFunction2})
          .With(two + Promisc(kFunction3)),
  };
}

Table GroupsOfVlans() {
  const Given vlan7 = Access(kFunction1, 7) + Trunk(kFunction2, {7}) + Access(kFunction3, 7);
  const Frame in7 = In(kMulticast) / Vlan{.id = 7, .priority = 3} / kData;
  const Frame plain = In(kMulticast) / kData;
  return {
      Row{"a group of VLAN 7 reaches its member untagged", FromUplink(), in7, kPass, Tx(1)}
          .CopiedTo({kFunction1}, plain)
          .Becomes(in7)
          .With(vlan7 + Joined(kMulticast, 7, {kFunction1})),
      Row{"a group of VLAN 7 reaches its trunk and who has allmulti", FromUplink(), in7, kPass,
          Tx(2) + Tx(3)}
          .CopiedTo({kFunction2})
          .CopiedTo({kFunction3}, plain)
          .Becomes(in7)
          .With(vlan7 + Joined(kMulticast, 7, {kFunction2}) +
                PortFlags(kFunction3, XSW_PORT_ALLMULTI)),
      Row{"a group of no VLAN is none in VLAN 7", FromUplink(), in7, kPass, Tx(1) + Tx(2) + Tx(3)}
          .CopiedTo({kFunction2})
          .CopiedTo({kFunction1, kFunction3}, plain)
          .Becomes(in7)
          .With(vlan7 + Joined(kMulticast, 0, {kFunction1})),
      Row{"a member that has left the VLAN gets nothing", FromUplink(), in7, kPass}.With(
          vlan7 + Access(kFunction1, 8) + Joined(kMulticast, 7, {kFunction1})),
      Row{"allmulti is for the port's VLANs", FromUplink(), in7, kPass, Tx(2)}
          .CopiedTo({kFunction2})
          .With(Access(kFunction1, 8) + Trunk(kFunction2, {7}) +
                PortFlags(kFunction1, XSW_PORT_ALLMULTI)),
  };
}

}  // namespace

Table FilterRows() {
  return Join({ExtraMacs(), PromiscGets(), PromiscDoesNotGet(), Groups(), GroupsOfVlans()});
}

}  // namespace xsw::test
