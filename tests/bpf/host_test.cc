// SPDX-License-Identifier: Apache-2.0
// From the host: on the uplink netdev it reaches the ports too, on a representor only its function.
#include "tests/bpf/row.h"

namespace xsw::test {
namespace {

Eth To(const Mac& dst) { return {.dst = dst, .src = kHostMac}; }

Table OnUplink() {
  return {
      {"from host a port's MAC goes to that port", FromHost(), To(kMac2) / Payload(46), kRedirect,
       Tx(2)},
      {"from host a second FDB address of a port goes to it", FromHost(),
       To(kExtraMac1) / Payload(46), kRedirect, Tx(1)},
      {"from host unknown unicast goes to the wire", FromHost(), To(kOutsideMac) / Payload(46),
       kPass},
      {"from host its own MAC goes to the wire", FromHost(), To(kHostMac) / Payload(46), kPass},
      {"from host LLDP goes to the wire and to no port", FromHost(),
       Eth{.dst = kLldpMac, .src = kHostMac, .type = 0x88cc} / Payload(46), kPass},
      {"from host PAUSE goes to the wire and to no port", FromHost(),
       Eth{.dst = kPauseMac, .src = kHostMac, .type = 0x8808} / Payload(46), kPass},
      {"from host a malformed frame is left to the wire", FromHost(),
       Eth{.dst = kMac2, .src = kHostMac, .type = ETH_P_8021Q} / Payload(0), kPass},
      Row{"from host nothing is steered while the host is off", FromHost(), To(kMac2) / Payload(46),
          kPass}
          .With(HostOff),
      Row{"from host nothing is flooded while the host is off", FromHost(),
          To(kBroadcast) / Payload(46), kPass}
          .With(HostOff),
      Row{"from host nothing is steered in switchdev mode", FromHost(), To(kMac2) / Payload(46),
          kPass}
          .With([](SwitchUnderTest& s) {
            s.ConfigureEswitch([](xsw_eswitch& e) { e.mode = XSW_MODE_SWITCHDEV; });
          }),
      Row{"from host an inactive port gets nothing", FromHost(), To(kMac2) / Payload(46), kDrop,
          Drop(2, XSW_DROP_INACTIVE)}
          .With(Inactive(kFunction2)),
      Row{"from host a port whose netdevs are gone gets nothing", FromHost(),
          To(kMac2) / Payload(46), kDrop, Drop(2, XSW_DROP_DETACHED)}
          .With(Detached(kFunction2)),
  };
}

Table OnARepresentor() {
  return {
      {"on a representor the host's unicast goes to the function", OnRepresentor(kFunction2),
       To(kMac2) / Payload(46), kPass, SlowTx(2)},
      {"on a representor any other MAC goes to the function", OnRepresentor(kFunction2),
       To(kMac3) / Payload(46), kPass, SlowTx(2)},
      {"on a representor broadcast goes to the function alone", OnRepresentor(kFunction2),
       To(kBroadcast) / Payload(46), kPass, SlowTx(2)},
      {"on a representor LLDP goes to the function", OnRepresentor(kFunction2),
       To(kLldpMac) / Payload(46), kPass, SlowTx(2)},
      {"on a representor any VLAN goes to the function", OnRepresentor(kFunction2),
       To(kMac2) / Vlan{.id = 7} / Payload(46), kPass, SlowTx(2)},
      Row{"on a representor no rule stops the host", OnRepresentor(kFunction2),
          To(kMac2) / Payload(46), kPass, SlowTx(2)}
          .With(Inactive(kFunction2)),
  };
}

}  // namespace

Table HostRows() { return Join({OnUplink(), OnARepresentor()}); }

INSTANTIATE_TEST_SUITE_P(Host, Frames, testing::ValuesIn(Cases(HostRows())), CaseName);

}  // namespace xsw::test
