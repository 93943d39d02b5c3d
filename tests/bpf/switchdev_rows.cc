// SPDX-License-Identifier: Apache-2.0
// Modes: in switchdev the host's software decides what the FDB does not; in switchdev_inactive nothing
// passes.
#include "tests/bpf/row.h"

namespace xsw::test {
namespace {

const Payload kData(46);

Eth Out(const Mac& dst, const Mac& src = kMac1) { return {.dst = dst, .src = src}; }
Eth In(const Mac& dst) { return {.dst = dst, .src = kOutsideMac}; }
Eth FromTheHost(const Mac& dst) { return {.dst = dst, .src = kHostMac}; }

// On the sender's representor, as it was sent.
Table Rising() {
  const Source port = From(kFunction1);
  const Moves risen = Rx(1) + SlowRx(1);
  const Given access = Given(Switchdev) + Access(kFunction1, 7, 5);
  Table rows = {
      {"switchdev unknown unicast from port rises", port, Out(kOutsideMac) / kData, kPass, risen},
      {"switchdev broadcast from port rises", port, Out(kBroadcast) / kData, kPass, risen},
      {"switchdev multicast from port rises", port, Out(kMulticast) / kData, kPass, risen},
      {"switchdev STP from port rises", port, Out(kStpMac) / kData, kPass, risen},
      {"switchdev LLDP from port rises", port, Out(kLldpMac) / kData, kPass, risen},
      {"switchdev the host's MAC from port rises", port, Out(kHostMac) / kData, kPass, risen},
      {"switchdev a priority tagged frame from port rises", port,
       Out(kOutsideMac) / Vlan{.priority = 5} / kData, kPass, risen},
      Row{"switchdev a trunk's frame rises with its tag", From(kFunction2),
          Out(kOutsideMac, kMac2) / Vlan{.id = 7, .priority = 2} / kData, kPass,
          Rx(2) + SlowRx(2)}
          .With(Trunk(kFunction2, {7})),
      Row{"switchdev what rises is not the host's to refuse", port, Out(kHostMac) / kData, kPass,
          risen}
          .With(HostOff),
  };
  for (Row& row : rows) row = row.With(row.given ? Given(Switchdev) + row.given : Switchdev);
  rows.push_back(Row{"switchdev an access port's frame rises untagged", port,
                     Out(kOutsideMac) / kData, kPass, risen}
                     .With(access));
  rows.push_back(Row{"switchdev an access port's broadcast rises untagged", port,
                     Out(kBroadcast) / kData, kPass, risen}
                     .With(access));
  rows.push_back(Row{"switchdev an access port's frame to the host rises untagged", port,
                     Out(kHostMac) / kData, kPass, risen}
                     .With(access));
  return rows;
}

Table Kept() {
  const Source port = From(kFunction1);
  Table rows = {
      Row{"switchdev a hit from port stays in the fast path", port, Out(kMac2) / kData, kRedirect,
          Rx(1) + Tx(2)}
          .To(kFunction2),
      {"switchdev a spoof from port is dropped", port, Out(kOutsideMac, kMac3) / kData, kDrop,
       Rx(1) + Drop(1, XSW_DROP_SPOOF)},
      {"switchdev a spoofed STP from port is dropped", port, Out(kStpMac, kMac3) / kData, kDrop,
       Rx(1) + Drop(1, XSW_DROP_SPOOF)},
      {"switchdev a tag from an untagged port is dropped", port,
       Out(kOutsideMac) / Vlan{.id = 7} / kData, kDrop, Rx(1) + Drop(1, XSW_DROP_VLAN)},
      {"switchdev a hairpin is dropped", port, Out(kMac1) / kData, kDrop,
       Rx(1) + Drop(1, XSW_DROP_HAIRPIN)},
      Row{"switchdev above tx_max nothing rises", port, Out(kBroadcast) / kData, kDrop,
          Rx(1) + Drop(1, XSW_DROP_TX_RATE)}
          .With(PortFlags(kFunction1, XSW_PORT_TX_MAX) + Overdrawn(kFunction1)),
      Row{"switchdev from an inactive port nothing rises", port, Out(kBroadcast) / kData, kDrop,
          Rx(1) + Drop(1, XSW_DROP_INACTIVE)}
          .With(Inactive(kFunction1)),
      Row{"switchdev a hit from uplink stays in the fast path", FromUplink(), In(kMac2) / kData,
          kRedirect, Tx(2)}
          .To(kFunction2),
      {"switchdev unknown unicast from uplink is the host's", FromUplink(), In(kOutsideMac) / kData,
       kPass},
      {"switchdev multicast from uplink is the host's", FromUplink(), In(kMulticast) / kData,
       kPass},
      {"switchdev broadcast from uplink is the host's alone", FromUplink(), In(kBroadcast) / kData,
       kPass},
      {"switchdev tagged broadcast from uplink is the host's as it is", FromUplink(),
       In(kBroadcast) / Vlan{.id = 7, .priority = 3} / kData, kPass},
      {"switchdev from host a port's MAC goes to the wire", FromHost(),
       FromTheHost(kMac2) / kData, kPass},
      {"switchdev from host broadcast goes to the wire alone", FromHost(),
       FromTheHost(kBroadcast) / kData, kPass},
      {"switchdev on a representor goes to its function", OnRepresentor(kFunction2),
       In(kMac3) / kData, kPass, SlowTx(2)},
      {"switchdev on a representor any tag goes to its function", OnRepresentor(kFunction2),
       In(kBroadcast) / Vlan{.id = 9} / kData, kPass, SlowTx(2)},
      {"switchdev a block's hit stays in XDP", FromBlock(kFunction1), Out(kMac2) / kData, kRedirect,
       Rx(1) + Tx(2)},
      {"switchdev a block's miss is left to tc", FromBlock(kFunction1), Out(kOutsideMac) / kData,
       kPass},
      {"switchdev a block's frame to the host is left to tc", FromBlock(kFunction1),
       Out(kHostMac) / kData, kPass},
  };
  for (Row& row : rows) row = row.With(row.given ? Given(Switchdev) + row.given : Switchdev);
  return rows;
}

Table MissPolicies() {
  const Source port = From(kFunction1);
  const Frame unknown = Out(kOutsideMac) / kData;
  const Given uplink = Given(Switchdev) + Miss(XSW_MISS_UPLINK);
  const Given drop = Given(Switchdev) + Miss(XSW_MISS_DROP);
  return {
      Row{"switchdev with miss uplink unknown unicast goes to the wire", port, unknown, kRedirect,
          Rx(1)}
          .To(kWire)
          .With(uplink),
      Row{"switchdev with miss uplink the wire gets the port's tag", port, unknown, kRedirect,
          Rx(1)}
          .Becomes(Out(kOutsideMac) / Vlan{.id = 7} / kData)
          .To(kWire)
          .With(uplink + Access(kFunction1, 7)),
      Row{"switchdev with miss uplink broadcast rises", port, Out(kBroadcast) / kData, kPass,
          Rx(1) + SlowRx(1)}
          .With(uplink),
      Row{"switchdev with miss uplink the host's MAC rises", port, Out(kHostMac) / kData, kPass,
          Rx(1) + SlowRx(1)}
          .With(uplink),
      Row{"switchdev with miss drop unknown unicast is dropped", port, unknown, kDrop,
          Rx(1) + Drop(1, XSW_DROP_MISS)}
          .With(drop),
      Row{"switchdev with miss drop broadcast rises", port, Out(kBroadcast) / kData, kPass,
          Rx(1) + SlowRx(1)}
          .With(drop),
      Row{"legacy with miss representor broadcast is flooded", port, Out(kBroadcast) / kData,
          kRedirect, Rx(1) + Tx(2) + Tx(3)}
          .CopiedTo({kWire, kFunction2, kFunction3})
          .To(kHost)
          .With(Miss(XSW_MISS_REPRESENTOR)),
      Row{"legacy with miss representor the host's MAC goes to the host", port,
          Out(kHostMac) / kData, kRedirect, Rx(1)}
          .To(kHost)
          .With(Miss(XSW_MISS_REPRESENTOR)),
      Row{"with miss drop a hit goes to its port", port, Out(kMac2) / kData, kRedirect,
          Rx(1) + Tx(2)}
          .To(kFunction2)
          .With(Miss(XSW_MISS_DROP)),
  };
}

Table InactiveEswitch() {
  const Source port = From(kFunction1);
  const Moves dropped = Rx(1) + Drop(1, XSW_DROP_ESWITCH_INACTIVE);
  Table rows = {
      {"inactive eswitch unknown unicast from port is dropped", port, Out(kOutsideMac) / kData,
       kDrop, dropped},
      {"inactive eswitch the host's MAC from port is dropped", port, Out(kHostMac) / kData, kDrop,
       dropped},
      {"inactive eswitch LLDP from port is dropped", port, Out(kLldpMac) / kData, kDrop, dropped},
      {"inactive eswitch unknown unicast from uplink is the host's", FromUplink(),
       In(kOutsideMac) / kData, kPass},
      {"inactive eswitch from host a port's MAC goes to the wire", FromHost(),
       FromTheHost(kMac2) / kData, kPass},
      {"inactive eswitch on a representor is dropped", OnRepresentor(kFunction2),
       FromTheHost(kMac2) / kData, kDrop, Drop(2, XSW_DROP_ESWITCH_INACTIVE)},
      {"inactive eswitch broadcast on a representor is dropped", OnRepresentor(kFunction2),
       FromTheHost(kBroadcast) / kData, kDrop, Drop(2, XSW_DROP_ESWITCH_INACTIVE)},
      {"inactive eswitch from block unknown unicast is dropped", FromBlock(kFunction1),
       Out(kOutsideMac) / kData, kDrop, dropped},
  };
  for (Row& row : rows) row = row.With(EswitchInactive);
  return rows;
}

}  // namespace

Table SwitchdevRows() { return Join({Rising(), Kept(), MissPolicies(), InactiveEswitch()}); }

}  // namespace xsw::test
