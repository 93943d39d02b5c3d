// SPDX-License-Identifier: Apache-2.0
// From the wire: what is in the FDB goes to its port, the rest is the host's.
#include "tests/bpf/row.h"

namespace xsw::test {
namespace {

Eth To(const Mac& dst) { return {.dst = dst, .src = kOutsideMac}; }

Frame Pause() { return Eth{.dst = kPauseMac, .src = kOutsideMac, .type = 0x8808} / Payload(46); }
Frame Lldp() { return Eth{.dst = kLldpMac, .src = kOutsideMac, .type = 0x88cc} / Payload(46); }

Table Steered() {
  return {
      {"from uplink a port's MAC goes to that port", FromUplink(), To(kMac2) / Payload(46),
       kRedirect, Tx(2)},
      {"from uplink another port's MAC goes to the other port", FromUplink(),
       To(kMac3) / Payload(46), kRedirect, Tx(3)},
      {"from uplink a second FDB address of a port goes to it", FromUplink(),
       To(kExtraMac2) / Payload(46), kRedirect, Tx(2)},
      {"from uplink the host's MAC goes to the host", FromUplink(), To(kHostMac) / Payload(46),
       kPass},
      {"from uplink unknown unicast goes to the host", FromUplink(), To(kOutsideMac) / Payload(46),
       kPass},
      {"from uplink a port may be sent frames by its own MAC", FromUplink(),
       Eth{.dst = kMac2, .src = kMac2} / Payload(46), kRedirect, Tx(2)},
  };
}

Table LeftToTheHost() {
  return {
      {"from uplink PAUSE goes to the host", FromUplink(), Pause(), kPass},
      {"from uplink LLDP goes to the host", FromUplink(), Lldp(), kPass},
      Row{"from uplink LLDP passes a host that is off", FromUplink(), Lldp(), kPass}.With(HostOff),
      {"from uplink STP goes to the host", FromUplink(), To(kStpMac) / Payload(46), kPass},
      {"from uplink a malformed frame is left to the host", FromUplink(),
       Eth{.dst = kMac2, .src = kOutsideMac, .type = ETH_P_8021Q} / Payload(0), kPass},
  };
}

Table NotForAll() {
  return {
      Row{"from uplink a host that is off gets no unicast", FromUplink(),
          To(kHostMac) / Payload(46), kDrop, Drop(0, XSW_DROP_HOST_OFF)}
          .With(HostOff),
      Row{"from uplink a host that is off gets no unknown unicast", FromUplink(),
          To(kOutsideMac) / Payload(46), kDrop, Drop(0, XSW_DROP_HOST_OFF)}
          .With(HostOff),
      Row{"from uplink ports get their frames with the host off", FromUplink(),
          To(kMac2) / Payload(46), kRedirect, Tx(2)}
          .With(HostOff),
      Row{"from uplink an inactive eswitch gives ports nothing", FromUplink(),
          To(kMac2) / Payload(46), kDrop, Drop(2, XSW_DROP_ESWITCH_INACTIVE)}
          .With(EswitchInactive),
      Row{"from uplink an inactive eswitch leaves the host its frames", FromUplink(),
          To(kHostMac) / Payload(46), kPass}
          .With(EswitchInactive),
      Row{"from uplink an inactive port gets nothing", FromUplink(), To(kMac2) / Payload(46), kDrop,
          Drop(2, XSW_DROP_INACTIVE)}
          .With(Inactive(kFunction2)),
      Row{"from uplink a port next to an inactive one gets its frames", FromUplink(),
          To(kMac3) / Payload(46), kRedirect, Tx(3)}
          .With(Inactive(kFunction2)),
      Row{"from uplink a port whose netdevs are gone gets nothing", FromUplink(),
          To(kMac2) / Payload(46), kDrop, Drop(2, XSW_DROP_DETACHED)}
          .With(Detached(kFunction2)),
  };
}

}  // namespace

Table UplinkRows() { return Join({Steered(), LeftToTheHost(), NotForAll()}); }

INSTANTIATE_TEST_SUITE_P(Uplink, Frames, testing::ValuesIn(Cases(UplinkRows())), CaseName);

}  // namespace xsw::test
