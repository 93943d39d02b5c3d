// SPDX-License-Identifier: Apache-2.0
// Drops that no other table is about, which rule comes first, and a look whether each reason has a
// row.
#include "tests/bpf/row.h"

namespace xsw::test {
namespace {

Frame To(const Mac& dst) { return Eth{.dst = dst, .src = kMac1} / Payload(46); }
Frame Spoofed(const Mac& dst) { return Eth{.dst = dst, .src = kMac3} / Payload(46); }

Moves Dropped(xsw_drop why) { return Rx(1) + Drop(1, why); }

Table StateAndShape() {
  const Source port = From(kFunction1);
  const Eth eth = {.dst = kMac2, .src = kMac1, .type = ETH_P_8021Q};
  return {
      {"frame that ends where its tag should be is malformed", port, eth / Payload(0), kDrop,
       Drop(1, XSW_DROP_MALFORMED)},
      {"frame that ends within its tag is malformed", port, eth / Payload(3), kDrop,
       Drop(1, XSW_DROP_MALFORMED)},
      {"frame that ends within its second tag is malformed", port,
       eth / Vlan{.type = ETH_P_8021AD} / Payload(3), kDrop, Drop(1, XSW_DROP_MALFORMED)},
      Row{"frame from port in an inactive eswitch is dropped", port, To(kMac2), kDrop,
          Dropped(XSW_DROP_ESWITCH_INACTIVE)}
          .With(EswitchInactive),
      Row{"broadcast from port in an inactive eswitch is dropped", port, To(kBroadcast), kDrop,
          Dropped(XSW_DROP_ESWITCH_INACTIVE)}
          .With(EswitchInactive),
      Row{"frame from an inactive port is dropped", port, To(kMac2), kDrop,
          Dropped(XSW_DROP_INACTIVE)}
          .With(Inactive(kFunction1)),
      Row{"broadcast from an inactive port is dropped", port, To(kBroadcast), kDrop,
          Dropped(XSW_DROP_INACTIVE)}
          .With(Inactive(kFunction1)),
      Row{"frame from port to an inactive one is charged to that", port, To(kMac2), kDrop,
          Rx(1) + Drop(2, XSW_DROP_INACTIVE)}
          .With(Inactive(kFunction2)),
      Row{"frame from port to one whose netdevs are gone is charged to that", port, To(kMac2),
          kDrop, Rx(1) + Drop(2, XSW_DROP_DETACHED)}
          .With(Detached(kFunction2)),
  };
}

Table Destinations() {
  const Source port = From(kFunction1);
  return {
      {"STP from port is dropped", port, To(kStpMac), kDrop, Dropped(XSW_DROP_LINK_LOCAL)},
      {"PAUSE from port is dropped", port,
       Eth{.dst = kPauseMac, .src = kMac1, .type = 0x8808} / Payload(46), kDrop,
       Dropped(XSW_DROP_LINK_LOCAL)},
      {"LLDP from port is dropped", port, To(kLldpMac), kDrop, Dropped(XSW_DROP_LINK_LOCAL)},
      {"the last link local address from port is dropped", port, To(kLastLinkLocalMac), kDrop,
       Dropped(XSW_DROP_LINK_LOCAL)},
      {"priority tagged LLDP from port is dropped", port,
       Eth{.dst = kLldpMac, .src = kMac1} / Vlan{} / Payload(46), kDrop,
       Dropped(XSW_DROP_LINK_LOCAL)},
      {"frame to the sender's own hw_addr is dropped", port, To(kMac1), kDrop,
       Dropped(XSW_DROP_HAIRPIN)},
      {"frame to the sender's second address is dropped", port, To(kExtraMac1), kDrop,
       Dropped(XSW_DROP_HAIRPIN)},
      Row{"frame from port to a host that is off is dropped", port, To(kHostMac), kDrop,
          Dropped(XSW_DROP_HOST_OFF)}
          .With(HostOff),
      {"frame from a netdev that is no port is dropped", From(kStray), To(kMac2), kDrop,
       Drop(0, XSW_DROP_NO_PORT)},
      {"broadcast from a netdev that is no port is dropped", From(kStray), To(kBroadcast), kDrop,
       Drop(0, XSW_DROP_NO_PORT)},
      {"malformed frame from a netdev that is no port is charged to no port", From(kStray),
       Eth{.dst = kMac2, .src = kMac1, .type = ETH_P_8021Q} / Payload(0), kDrop,
       Drop(0, XSW_DROP_NO_PORT)},
  };
}

// A port sees one reason for a frame that breaks several rules: its own state, its source, its
// VLAN, and only then where the frame wanted to go.
Table Order() {
  const Source port = From(kFunction1);
  return {
      Row{"an inactive eswitch comes before an inactive port", port, To(kMac2), kDrop,
          Dropped(XSW_DROP_ESWITCH_INACTIVE)}
          .With([](SwitchUnderTest& s) {
            EswitchInactive(s);
            Inactive(kFunction1)(s);
          }),
      Row{"an inactive port comes before a spoof", port, Spoofed(kMac2), kDrop,
          Dropped(XSW_DROP_INACTIVE)}
          .With(Inactive(kFunction1)),
      {"a spoof comes before link local", port, Spoofed(kLldpMac), kDrop, Dropped(XSW_DROP_SPOOF)},
      {"a tag comes before link local", port,
       Eth{.dst = kLldpMac, .src = kMac1} / Vlan{.id = 7} / Payload(46), kDrop,
       Dropped(XSW_DROP_VLAN)},
      {"a spoof comes before hairpin", port, Spoofed(kMac1), kDrop, Dropped(XSW_DROP_SPOOF)},
      Row{"a spoof comes before a host that is off", port, Spoofed(kHostMac), kDrop,
          Dropped(XSW_DROP_SPOOF)}
          .With(HostOff),
  };
}

bool HasRow(const Table& table, xsw_drop why) {
  for (const Row& row : table)
    for (const Move& move : row.moves)
      if (move.kind == Move::kDrops && move.why == why) return true;
  return false;
}

}  // namespace

Table DropRows() { return Join({StateAndShape(), Destinations(), Order()}); }

INSTANTIATE_TEST_SUITE_P(Drop, Frames, testing::ValuesIn(Cases(DropRows())), CaseName);

TEST(Drops, EachReasonHasARow) {
  const Table all = Join({UplinkRows(), HostRows(), PortRows(), DropRows(), VlanRows(), FloodRows(),
                          OriginRows(), SizeRows(), MtuRows(), PolicyRows(), PortXdpRows(), QueueRows(),
                          AccessRows(), TrunkRows(), FilterRows(), SwitchdevRows(), PermitRows()});
  for (int why = XSW_DROP_NONE + 1; why < XSW_DROP_COUNT; why++) {
    EXPECT_TRUE(HasRow(all, static_cast<xsw_drop>(why)))
        << "no row expects " << DropName(static_cast<xsw_drop>(why));
  }
}

}  // namespace xsw::test
