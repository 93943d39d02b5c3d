// SPDX-License-Identifier: Apache-2.0
// From a queue block: what the XDP program of its representor takes, and what it leaves, uncounted,
// to xsw_port_rx. (All rows of xsw_port_rx are run through it too, see frames_test.cc.)
#include "tests/bpf/row.h"

namespace xsw::test {
namespace {

const Source kBlock = FromBlock(kFunction1);

Eth To(const Mac& dst) { return {.dst = dst, .src = kMac1}; }
Frame FromTo(const Mac& src, const Mac& dst) { return Eth{.dst = dst, .src = src} / Payload(46); }

void NoWire(SwitchUnderTest& s) { s.DropWire(); }

Table ToPorts() {
  return {
      {"from block another port's MAC goes to that port", kBlock, FromTo(kMac1, kMac2), kRedirect,
       Rx(1) + Tx(2)},
      {"from block the other way goes back", FromBlock(kFunction2), FromTo(kMac2, kMac1), kRedirect,
       Rx(2) + Tx(1)},
      {"from block a second FDB address of another goes to it", kBlock, FromTo(kMac1, kExtraMac2),
       kRedirect, Rx(1) + Tx(2)},
      {"from block a second FDB address of its own is no spoof", kBlock, FromTo(kExtraMac1, kMac2),
       kRedirect, Rx(1) + Tx(2)},
      {"from block a priority tag counts as untagged", kBlock,
       To(kMac2) / Vlan{.priority = 5} / Payload(46), kRedirect, Rx(1) + Tx(2)},
      Row{"from block to a port with the host off", kBlock, FromTo(kMac1, kMac2), kRedirect,
          Rx(1) + Tx(2)}
          .With(HostOff),
      Row{"from block to a port that is a block", kBlock, FromTo(kMac1, kMac2), kRedirect,
          Rx(1) + Tx(2)}
          .With(IsQueueBlock(kFunction2)),
  };
}

Table ToTheWire() {
  const Frame out = FromTo(kMac1, kOutsideMac);
  const Frame tagged = To(kOutsideMac) / Vlan{.id = 7} / Payload(46);
  const Moves spoof = Rx(1) + Drop(1, XSW_DROP_SPOOF);
  return {
      {"from block to an uplink that takes no XDP frames is left to tc", kBlock, out, kPass},
      {"from block a spoof to such an uplink is dropped", kBlock, FromTo(kMac3, kOutsideMac), kDrop,
       spoof},
      {"from block a tagged frame to such an uplink is dropped", kBlock, tagged, kDrop,
       Rx(1) + Drop(1, XSW_DROP_VLAN)},
      Row{"from block unknown unicast goes to the wire", kBlock, out, kRedirect, Rx(1) + Missed(1)}
          .With(UplinkTakesXdpFrames),
      Row{"from block to the wire with the host off", kBlock, out, kRedirect, Rx(1) + Missed(1)}
          .With(Given(UplinkTakesXdpFrames) + HostOff),
      Row{"from block a spoof does not reach the wire", kBlock, FromTo(kMac3, kOutsideMac), kDrop,
          spoof}
          .With(UplinkTakesXdpFrames),
      Row{"from block a tagged frame does not reach the wire", kBlock, tagged, kDrop,
          Rx(1) + Drop(1, XSW_DROP_VLAN)}
          .With(UplinkTakesXdpFrames),
      Row{"from block to an uplink that is gone is dropped", kBlock, out, kDrop,
          Rx(1) + Missed(1) + Drop(1, XSW_DROP_DETACHED)}
          .With(Given(UplinkTakesXdpFrames) + NoWire),
  };
}

Table Drops() {
  const Frame frame = FromTo(kMac1, kMac2);
  return {
      {"from block an address nobody has is a spoof", kBlock, FromTo(kOutsideMac, kMac2), kDrop,
       Rx(1) + Drop(1, XSW_DROP_SPOOF)},
      {"from block another port's hw_addr is a spoof", kBlock, FromTo(kMac3, kMac2), kDrop,
       Rx(1) + Drop(1, XSW_DROP_SPOOF)},
      Row{"from block without spoof check any source goes", kBlock, FromTo(kMac3, kMac2), kRedirect,
          Rx(1) + Tx(2)}
          .With(SpoofCheckOff(kFunction1)),
      {"from block a tagged frame to a port is dropped", kBlock,
       To(kVlanMac) / Vlan{.id = 7} / Payload(46), kDrop, Rx(1) + Drop(1, XSW_DROP_VLAN)},
      {"from block an 802_1ad tagged frame to a port is dropped", kBlock,
       To(kVlanMac) / Dot1ad{.id = 7} / Payload(46), kDrop, Rx(1) + Drop(1, XSW_DROP_VLAN)},
      {"from block its own hw_addr is a hairpin", kBlock, FromTo(kMac1, kMac1), kDrop,
       Rx(1) + Drop(1, XSW_DROP_HAIRPIN)},
      {"from block its own second address is a hairpin", kBlock, FromTo(kMac1, kExtraMac1), kDrop,
       Rx(1) + Drop(1, XSW_DROP_HAIRPIN)},
      Row{"from an inactive block is dropped", kBlock, frame, kDrop,
          Rx(1) + Drop(1, XSW_DROP_INACTIVE)}
          .With(Inactive(kFunction1)),
      Row{"from block to an inactive port is charged to that", kBlock, frame, kDrop,
          Rx(1) + Drop(2, XSW_DROP_INACTIVE)}
          .With(Inactive(kFunction2)),
      Row{"from block to a port whose netdevs are gone is charged to that", kBlock, frame, kDrop,
          Rx(1) + Drop(2, XSW_DROP_DETACHED)}
          .With(Detached(kFunction2)),
      Row{"from block in an inactive eswitch is dropped", kBlock, frame, kDrop,
          Rx(1) + Drop(1, XSW_DROP_ESWITCH_INACTIVE)}
          .With(EswitchInactive),
  };
}

// Copies, the host, and what is no frame of a port at all; not what a port may not send.
Table LeftToTc() {
  Table rows = {
      {"from block the host's MAC is left to tc", kBlock, FromTo(kMac1, kHostMac), kPass},
      {"from block a spoof to the host is dropped", kBlock, FromTo(kMac3, kHostMac), kDrop,
       Rx(1) + Drop(1, XSW_DROP_SPOOF)},
      {"from block broadcast is left to tc", kBlock, FromTo(kMac1, kBroadcast), kPass},
      {"from block a spoofed broadcast is left to tc", kBlock, FromTo(kMac3, kBroadcast), kPass},
      {"from block multicast is left to tc", kBlock, FromTo(kMac1, kMulticast6), kPass},
      {"from block LLDP is left to tc", kBlock, FromTo(kMac1, kLldpMac), kPass},
      {"from block a frame that ends within its tag is left to tc", kBlock,
       Eth{.dst = kMac2, .src = kMac1, .type = ETH_P_8021Q} / Payload(3), kPass},
      {"from block three priority tags are left to tc", kBlock,
       To(kMac2) / Vlan{} / Vlan{} / Vlan{} / Payload(46), kPass},
      {"from a netdev that is no port is left to tc", FromBlock(kStray), FromTo(kMac1, kMac2),
       kPass},
  };
  const Table all = rows;
  for (Row row : all) {
    row.name += " with XDP to the wire";
    rows.push_back(row.With(UplinkTakesXdpFrames));
  }
  return rows;
}

Table Sizes() {
  Table rows;
  for (size_t bytes : {14, 60, 1514, 9014}) {
    const std::string size = std::to_string(bytes) + " bytes from block ";
    const Payload payload(bytes - ETH_HLEN);
    rows.push_back({size + "go to a port", kBlock, To(kMac2) / payload, kRedirect, Rx(1) + Tx(2)});
    rows.push_back(Row{size + "go to the wire", kBlock, To(kOutsideMac) / payload, kRedirect,
                       Rx(1) + Missed(1)}
                       .With(UplinkTakesXdpFrames));
  }
  return rows;
}

}  // namespace

Table PortXdpRows() { return Join({ToPorts(), ToTheWire(), Drops(), LeftToTc(), Sizes()}); }

INSTANTIATE_TEST_SUITE_P(PortXdp, Frames, testing::ValuesIn(Cases(PortXdpRows())), CaseName);

}  // namespace xsw::test
