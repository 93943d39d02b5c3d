// SPDX-License-Identifier: Apache-2.0
// From a port: unicast, and the check of its source address.
#include "tests/bpf/row.h"

namespace xsw::test {
namespace {

Eth To(const Mac& dst) { return {.dst = dst, .src = kMac1}; }
Frame FromTo(const Mac& src, const Mac& dst) { return Eth{.dst = dst, .src = src} / Payload(46); }

Given AlsoInFdb(const Mac& mac, uint16_t vlan, uint32_t port) {
  return [=](SwitchUnderTest& s) { s.AddFdb(mac, vlan, port); };
}

Table Unicast() {
  return {
      {"from port another port's MAC goes to that port", From(kFunction1), To(kMac2) / Payload(46),
       kRedirect, Rx(1) + Tx(2)},
      {"from port the other way goes back", From(kFunction2), FromTo(kMac2, kMac1), kRedirect,
       Rx(2) + Tx(1)},
      {"from port a second FDB address of another goes to it", From(kFunction1),
       To(kExtraMac2) / Payload(46), kRedirect, Rx(1) + Tx(2)},
      {"from port the host's MAC goes to the host", From(kFunction1), To(kHostMac) / Payload(46),
       kRedirect, Rx(1)},
      {"from port unknown unicast goes to the wire", From(kFunction1),
       To(kOutsideMac) / Payload(46), kRedirect, Rx(1) + Missed(1)},
      Row{"from port unknown unicast goes to the wire with the host off", From(kFunction1),
          To(kOutsideMac) / Payload(46), kRedirect, Rx(1) + Missed(1)}
          .With(HostOff),
  };
}

Table Spoofs() {
  const Moves spoof = Rx(1) + Drop(1, XSW_DROP_SPOOF);
  return {
      {"from port its hw_addr is no spoof", From(kFunction1), FromTo(kMac1, kMac2), kRedirect,
       Rx(1) + Tx(2)},
      {"from port a second FDB address of its own is no spoof", From(kFunction1),
       FromTo(kExtraMac1, kMac2), kRedirect, Rx(1) + Tx(2)},
      {"from port an address nobody has is a spoof", From(kFunction1), FromTo(kOutsideMac, kMac2),
       kDrop, spoof},
      {"from port another port's hw_addr is a spoof", From(kFunction1), FromTo(kMac3, kMac2), kDrop,
       spoof},
      {"from port another port's second address is a spoof", From(kFunction1),
       FromTo(kExtraMac2, kMac3), kDrop, spoof},
      {"from port the host's MAC is a spoof", From(kFunction1), FromTo(kHostMac, kMac2), kDrop,
       spoof},
      {"from port its own address in another VLAN is a spoof", From(kFunction2),
       FromTo(kVlanMac, kMac1), kDrop, Rx(2) + Drop(2, XSW_DROP_SPOOF)},
      {"from port a spoofed broadcast reaches nobody", From(kFunction1), FromTo(kMac3, kBroadcast),
       kDrop, spoof},
      {"from port the last byte of an address counts", From(kFunction1),
       FromTo({2, 0, 0, 0, 0, 0x81}, kMac2), kDrop, spoof},
      {"from port the first byte of an address counts", From(kFunction1),
       FromTo({6, 0, 0, 0, 0, 1}, kMac2), kDrop, spoof},
  };
}

// What the user has set counts, for this port and this VLAN.
Table SpoofSettings() {
  return {
      Row{"from port without spoof check any source goes", From(kFunction1),
          FromTo(kOutsideMac, kMac2), kRedirect, Rx(1) + Tx(2)}
          .With(SpoofCheckOff(kFunction1)),
      Row{"from port an address just added to it is no spoof", From(kFunction1),
          FromTo(kOutsideMac, kMac2), kRedirect, Rx(1) + Tx(2)}
          .With(AlsoInFdb(kOutsideMac, 0, 1)),
      Row{"from port an address added to it in VLAN 7 is a spoof untagged", From(kFunction1),
          FromTo(kOutsideMac, kMac2), kDrop, Rx(1) + Drop(1, XSW_DROP_SPOOF)}
          .With(AlsoInFdb(kOutsideMac, 7, 1)),
      Row{"from port the spoof check of another port does not count", From(kFunction1),
          FromTo(kOutsideMac, kMac2), kDrop, Rx(1) + Drop(1, XSW_DROP_SPOOF)}
          .With(SpoofCheckOff(kFunction2)),
  };
}

}  // namespace

Table PortRows() { return Join({Unicast(), Spoofs(), SpoofSettings()}); }

INSTANTIATE_TEST_SUITE_P(Port, Frames, testing::ValuesIn(Cases(PortRows())), CaseName);

}  // namespace xsw::test
