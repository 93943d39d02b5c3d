// SPDX-License-Identifier: Apache-2.0
// Modes: in switchdev the kernel's software over the netdevs decides all that a port may send, and
// all that the wire brings; in switchdev_inactive nothing passes.
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
      {"switchdev another port's MAC from port rises", port, Out(kMac2) / kData, kPass, risen},
      {"switchdev another port's second address from port rises", port, Out(kExtraMac2) / kData,
       kPass, risen},
      {"switchdev its own MAC from port rises", port, Out(kMac1) / kData, kPass, risen},
      {"switchdev unknown unicast from port rises", port, Out(kOutsideMac) / kData, kPass, risen},
      {"switchdev broadcast from port rises", port, Out(kBroadcast) / kData, kPass, risen},
      {"switchdev multicast from port rises", port, Out(kMulticast) / kData, kPass, risen},
      {"switchdev STP from port rises", port, Out(kStpMac) / kData, kPass, risen},
      {"switchdev LLDP from port rises", port, Out(kLldpMac) / kData, kPass, risen},
      {"switchdev the host's MAC from port rises", port, Out(kHostMac) / kData, kPass, risen},
      {"switchdev a frame from a second address rises", port, Out(kMac2, kExtraMac1) / kData, kPass,
       risen},
      {"switchdev a priority tagged frame from port rises", port,
       Out(kOutsideMac) / Vlan{.priority = 5} / kData, kPass, risen},
      Row{"switchdev a trunk's frame rises with its tag", From(kFunction2),
          Out(kOutsideMac, kMac2) / Vlan{.id = 7, .priority = 2} / kData, kPass, Rx(2) + SlowRx(2)}
          .With(Trunk(kFunction2, {7})),
      {"switchdev any tag from a port of which nothing is said rises", port,
       Out(kOutsideMac) / Vlan{.id = 7, .priority = 2} / kData, kPass, risen},
      {"switchdev an 802.1ad tag from a port of which nothing is said rises", port,
       Out(kOutsideMac) / Dot1ad{.id = 7} / kData, kPass, risen},
      Row{"switchdev a tag that a trunk does not carry does not rise", From(kFunction2),
          Out(kOutsideMac, kMac2) / Vlan{.id = 8} / kData, kDrop, Rx(2) + Drop(2, XSW_DROP_VLAN)}
          .With(Trunk(kFunction2, {7})),
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

// Whatever legacy mode has settings for: there is nobody to ask but the software above.
Table WithoutASay() {
  const Source port = From(kFunction1);
  const Moves risen = Rx(1) + SlowRx(1);
  const std::pair<const char*, Given> settings[] = {
      {"miss uplink", Miss(XSW_MISS_UPLINK)},
      {"miss drop", Miss(XSW_MISS_DROP)},
      {"host off", HostOff},
      {"the sender isolated", PortFlags(kFunction1, XSW_PORT_ISOLATED)},
      {"the receiver isolated", PortFlags(kFunction2, XSW_PORT_ISOLATED)},
      {"the receiver inactive", Inactive(kFunction2)},
      {"the receiver's link disabled", PortFlags(kFunction2, XSW_PORT_LINK_OFF)},
      {"the receiver in another VLAN", Access(kFunction2, 9)},
      {"the receiver above its rx_max",
       PortFlags(kFunction2, XSW_PORT_RX_MAX) + Overdrawn(kFunction2)},
      {"the receiver promiscuous", Promisc(kFunction2)},
      {"members of the group", Joined(kMulticast, 0, {kFunction2})},
      {"an uplink that takes XDP frames", UplinkTakesXdpFrames},
  };
  Table rows;
  for (const auto& [name, given] : settings) {
    for (const Mac& dst : {kMac1, kMac2, kOutsideMac, kHostMac, kMulticast, kBroadcast, kStpMac}) {
      const std::string to =
          std::string(name) + " to " + std::to_string(dst[0]) + "_" + std::to_string(dst[5]);
      const Given both = Given(Switchdev) + given;
      rows.push_back(
          Row{"switchdev from port " + to, port, Out(dst) / kData, kPass, risen}.With(both));
      rows.push_back(
          Row{"switchdev from block " + to, FromBlock(kFunction1), Out(dst) / kData, kPass}.With(
              both));
      rows.push_back(
          Row{"switchdev from uplink " + to, FromUplink(), In(dst) / kData, kPass}.With(both));
    }
  }
  return rows;
}

Table Kept() {
  const Source port = From(kFunction1);
  Table rows = {
      {"switchdev a spoof from port is dropped", port, Out(kOutsideMac, kMac3) / kData, kDrop,
       Rx(1) + Drop(1, XSW_DROP_SPOOF)},
      {"switchdev a spoof to a port is dropped", port, Out(kMac2, kMac3) / kData, kDrop,
       Rx(1) + Drop(1, XSW_DROP_SPOOF)},
      {"switchdev a spoofed STP from port is dropped", port, Out(kStpMac, kMac3) / kData, kDrop,
       Rx(1) + Drop(1, XSW_DROP_SPOOF)},
      Row{"switchdev a tag from an access port is dropped", port,
          Out(kOutsideMac) / Vlan{.id = 7} / kData, kDrop, Rx(1) + Drop(1, XSW_DROP_VLAN)}
          .With(Access(kFunction1, 7)),
      Row{"switchdev above tx_max nothing rises", port, Out(kBroadcast) / kData, kDrop,
          Rx(1) + Drop(1, XSW_DROP_TX_RATE)}
          .With(PortFlags(kFunction1, XSW_PORT_TX_MAX) + Overdrawn(kFunction1)),
      Row{"switchdev from an inactive port nothing rises", port, Out(kBroadcast) / kData, kDrop,
          Rx(1) + Drop(1, XSW_DROP_INACTIVE)}
          .With(Inactive(kFunction1)),
      Row{"switchdev from a port whose link is disabled nothing rises", port, Out(kMac2) / kData,
          kDrop, Rx(1) + Drop(1, XSW_DROP_LINK_DOWN)}
          .With(PortFlags(kFunction1, XSW_PORT_LINK_OFF)),
      {"switchdev a port's MAC from uplink stays there", FromUplink(), In(kMac2) / kData, kPass},
      {"switchdev a port's MAC and VLAN from uplink stay there", FromUplink(),
       In(kVlanMac) / Vlan{.id = 7, .priority = 3} / kData, kPass},
      {"switchdev unknown unicast from uplink stays there", FromUplink(), In(kOutsideMac) / kData,
       kPass},
      {"switchdev tagged broadcast from uplink stays there as it is", FromUplink(),
       In(kBroadcast) / Vlan{.id = 7, .priority = 3} / kData, kPass},
      {"switchdev from host a port's MAC goes to the wire", FromHost(), FromTheHost(kMac2) / kData,
       kPass},
      {"switchdev from host broadcast goes to the wire alone", FromHost(),
       FromTheHost(kBroadcast) / kData, kPass},
      {"switchdev on a representor goes to its function", OnRepresentor(kFunction2),
       In(kMac3) / kData, kPass, SlowTx(2)},
      {"switchdev on a representor any tag goes to its function", OnRepresentor(kFunction2),
       In(kBroadcast) / Vlan{.id = 9} / kData, kPass, SlowTx(2)},
      Row{"switchdev on a representor no rule of the port is applied", OnRepresentor(kFunction2),
          In(kMac2) / kData, kPass, SlowTx(2)}
          .With(PortFlags(kFunction2, XSW_PORT_ISOLATED | XSW_PORT_RX_MAX) + Overdrawn(kFunction2)),
  };
  for (Row& row : rows) row = row.With(row.given ? Given(Switchdev) + row.given : Switchdev);
  return rows;
}

Table MissRepresentor() {
  const Source port = From(kFunction1);
  return {
      Row{"legacy with miss representor broadcast is flooded", port, Out(kBroadcast) / kData,
          kRedirect, Rx(1) + Tx(2) + Tx(3)}
          .CopiedTo({kWire, kFunction2, kFunction3})
          .To(kHost)
          .With(Miss(XSW_MISS_REPRESENTOR)),
      Row{"legacy with miss representor the host's MAC goes to the host", port,
          Out(kHostMac) / kData, kRedirect, Rx(1)}
          .To(kHost)
          .With(Miss(XSW_MISS_REPRESENTOR)),
      Row{"legacy with miss representor an access port's frame rises untagged", port,
          Out(kOutsideMac) / kData, kPass, Rx(1) + Missed(1) + SlowRx(1)}
          .With(Given(Miss(XSW_MISS_REPRESENTOR)) + Access(kFunction1, 7)),
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
      {"inactive eswitch a port's MAC from uplink is dropped", FromUplink(), In(kMac2) / kData,
       kDrop, Drop(2, XSW_DROP_ESWITCH_INACTIVE)},
      Row{"inactive eswitch a promiscuous port gets no copy", FromUplink(), In(kOutsideMac) / kData,
          kPass}
          .With(Promisc(kFunction2)),
      {"inactive eswitch broadcast from uplink is the host's alone", FromUplink(),
       In(kBroadcast) / kData, kPass},
      {"inactive eswitch from host a port's MAC goes to the wire", FromHost(),
       FromTheHost(kMac2) / kData, kPass},
      {"inactive eswitch on a representor is dropped", OnRepresentor(kFunction2),
       FromTheHost(kMac2) / kData, kDrop, Drop(2, XSW_DROP_ESWITCH_INACTIVE)},
      {"inactive eswitch broadcast on a representor is dropped", OnRepresentor(kFunction2),
       FromTheHost(kBroadcast) / kData, kDrop, Drop(2, XSW_DROP_ESWITCH_INACTIVE)},
      {"inactive eswitch from block unknown unicast is dropped", FromBlock(kFunction1),
       Out(kOutsideMac) / kData, kDrop, dropped},
  };
  for (Row& row : rows)
    row = row.With(row.given ? Given(EswitchInactive) + row.given : EswitchInactive);
  return rows;
}

}  // namespace

Table SwitchdevRows() {
  return Join({Rising(), WithoutASay(), Kept(), MissRepresentor(), InactiveEswitch()});
}

}  // namespace xsw::test
