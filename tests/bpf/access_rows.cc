// SPDX-License-Identifier: Apache-2.0
// Access ports: the eswitch pushes and pops the tag of their one VLAN.
#include "tests/bpf/row.h"

namespace xsw::test {
namespace {

const Payload kData(46);

Eth Out(const Mac& dst) { return {.dst = dst, .src = kMac1}; }
Eth In(const Mac& dst) { return {.dst = dst, .src = kOutsideMac}; }
Eth FromTheHost(const Mac& dst) { return {.dst = dst, .src = kHostMac}; }

// From port 1, in VLAN 7.
Table Pushed() {
  const Source port = From(kFunction1);
  return {
      Row{"from access port to the wire gets its tag", port, Out(kOutsideMac) / kData, kRedirect,
          Rx(1) + Missed(1)}
          .Becomes(Out(kOutsideMac) / Vlan{.id = 7} / kData)
          .To(kWire)
          .With(Access(kFunction1, 7)),
      Row{"from access port to the wire gets its tag with its qos", port, Out(kOutsideMac) / kData,
          kRedirect, Rx(1) + Missed(1)}
          .Becomes(Out(kOutsideMac) / Vlan{.id = 7, .priority = 5} / kData)
          .To(kWire)
          .With(Access(kFunction1, 7, 5)),
      Row{"from access port in the last VLAN with the highest qos", port, Out(kOutsideMac) / kData,
          kRedirect, Rx(1) + Missed(1)}
          .Becomes(Out(kOutsideMac) / Vlan{.id = 4094, .priority = 7} / kData)
          .To(kWire)
          .With(Access(kFunction1, 4094, 7)),
      Row{"from access port to the host gets its tag", port, Out(kHostMac) / kData, kRedirect,
          Rx(1)}
          .Becomes(Out(kHostMac) / Vlan{.id = 7, .priority = 3} / kData)
          .To(kHost)
          .With(Access(kFunction1, 7, 3)),
      Row{"from access port to a trunk gets its tag", port, Out(kMac2) / kData, kRedirect,
          Rx(1) + Tx(2)}
          .Becomes(Out(kMac2) / Vlan{.id = 7, .priority = 2} / kData)
          .To(kFunction2)
          .With(Access(kFunction1, 7, 2) + Trunk(kFunction2, {7, 8})),
      Row{"a jumbo frame from access port gets its tag", port, Out(kMac2) / Payload(8000),
          kRedirect, Rx(1) + Tx(2)}
          .Becomes(Out(kMac2) / Vlan{.id = 7} / Payload(8000))
          .To(kFunction2)
          .With(Access(kFunction1, 7) + Trunk(kFunction2, {7})),
  };
}

Table AmongPorts() {
  const Source port = From(kFunction1);
  const Given both7 = Access(kFunction1, 7) + Access(kFunction2, 7);
  return {
      Row{"from access port to another of its VLAN stays untagged", port, Out(kMac2) / kData,
          kRedirect, Rx(1) + Tx(2)}
          .To(kFunction2)
          .With(both7),
      Row{"a priority tag from access port to another stays", port,
          Out(kMac2) / Vlan{.priority = 4} / kData, kRedirect, Rx(1) + Tx(2)}
          .To(kFunction2)
          .With(both7),
      Row{"from access port to one of another VLAN goes to the wire in its own", port,
          Out(kMac2) / kData, kRedirect, Rx(1) + Missed(1)}
          .Becomes(Out(kMac2) / Vlan{.id = 7} / kData)
          .To(kWire)
          .With(Access(kFunction1, 7) + Access(kFunction2, 8)),
      Row{"from access port to an untagged one goes to the wire in its VLAN", port,
          Out(kMac3) / kData, kRedirect, Rx(1) + Missed(1)}
          .Becomes(Out(kMac3) / Vlan{.id = 7} / kData)
          .To(kWire)
          .With(Access(kFunction1, 7)),
      Row{"from access port to a stale FDB entry is charged to its port", port, Out(kMac2) / kData,
          kDrop, Rx(1) + Drop(2, XSW_DROP_VLAN)}
          .With(Access(kFunction1, 7) + Access(kFunction2, 8) + Fdb(kMac2, 7, kFunction2)),
      Row{"from an untagged port to an access port goes to the wire", From(kFunction3),
          Eth{.dst = kMac1, .src = kMac3} / kData, kRedirect, Rx(3) + Missed(3)}
          .To(kWire)
          .With(Access(kFunction1, 7)),
      Row{"from access port to its own address in its VLAN is a hairpin", port, Out(kMac1) / kData,
          kDrop, Rx(1) + Drop(1, XSW_DROP_HAIRPIN)}
          .With(Access(kFunction1, 7)),
  };
}

// The tag is the eswitch's alone.
Table OfTheirOwn() {
  const Source port = From(kFunction1);
  const Moves dropped = Rx(1) + Drop(1, XSW_DROP_VLAN);
  const Eth eth = Out(kOutsideMac);
  const Frame with7 = eth / Vlan{.id = 7, .priority = 5} / kData;
  Table rows = {
      {"its own VLAN's tag from access port is dropped", port, eth / Vlan{.id = 7} / kData, kDrop,
       dropped},
      {"another VLAN's tag from access port is dropped", port, eth / Vlan{.id = 8} / kData, kDrop,
       dropped},
      {"an 802_1ad tag from access port is dropped", port, eth / Dot1ad{.id = 7} / kData, kDrop,
       dropped},
      {"a tag behind a priority tag from access port is dropped", port,
       eth / Vlan{} / Vlan{.id = 7} / kData, kDrop, dropped},
      {"a tag to another access port is dropped", port, Out(kMac2) / Vlan{.id = 7} / kData, kDrop,
       dropped},
      {"a tagged broadcast from access port is dropped", port,
       Out(kBroadcast) / Vlan{.id = 7} / kData, kDrop, dropped},
      Row{"a priority tag from access port is replaced", port,
          eth / Vlan{.priority = 2} / kData, kRedirect, Rx(1) + Missed(1)}
          .Becomes(with7)
          .To(kWire),
      Row{"an 802_1ad priority tag from access port is replaced", port,
          eth / Dot1ad{.priority = 2} / kData, kRedirect, Rx(1) + Missed(1)}
          .Becomes(with7)
          .To(kWire),
      Row{"two priority tags from access port are replaced", port, eth / Vlan{} / Vlan{} / kData,
          kRedirect, Rx(1) + Missed(1)}
          .Becomes(with7)
          .To(kWire),
  };
  for (Row& row : rows) row = row.With(Access(kFunction1, 7, 5) + Access(kFunction2, 7));
  return rows;
}

// To port 1, in VLAN 7.
Table Popped() {
  const Source up = FromUplink();
  const Frame plain = In(kMac1) / kData;
  Table rows = {
      Row{"from uplink to access port loses its tag", up,
          In(kMac1) / Vlan{.id = 7, .priority = 3} / kData, kRedirect, Tx(1)}
          .Becomes(plain)
          .To(kFunction1),
      Row{"from uplink to access port a priority tag in front goes too", up,
          In(kMac1) / Vlan{.priority = 3} / Vlan{.id = 7} / kData, kRedirect, Tx(1)}
          .Becomes(plain)
          .To(kFunction1),
      Row{"from uplink to access port the inner tag stays", up,
          In(kMac1) / Vlan{.id = 7} / Vlan{.id = 8} / kData, kRedirect, Tx(1)}
          .Becomes(In(kMac1) / Vlan{.id = 8} / kData)
          .To(kFunction1),
      Row{"from uplink a jumbo frame to access port loses its tag", up,
          In(kMac1) / Vlan{.id = 7} / Payload(8000), kRedirect, Tx(1)}
          .Becomes(In(kMac1) / Payload(8000))
          .To(kFunction1),
      {"from uplink untagged is not for an access port", up, plain, kPass},
      {"from uplink a priority tag is not for an access port", up, In(kMac1) / Vlan{} / kData,
       kPass},
      {"from uplink another VLAN is not for an access port", up, In(kMac1) / Vlan{.id = 8} / kData,
       kPass},
      {"from uplink 802_1ad is not for an access port", up, In(kMac1) / Dot1ad{.id = 7} / kData,
       kPass},
      Row{"from host to access port loses its tag", FromHost(),
          FromTheHost(kMac1) / Vlan{.id = 7} / kData, kRedirect, Tx(1)}
          .Becomes(FromTheHost(kMac1) / kData)
          .To(kFunction1),
      {"from host untagged is not for an access port", FromHost(), FromTheHost(kMac1) / kData,
       kPass},
      {"from host another VLAN is not for an access port", FromHost(),
       FromTheHost(kMac1) / Vlan{.id = 8} / kData, kPass},
  };
  for (Row& row : rows) row = row.With(Access(kFunction1, 7));
  return rows;
}

Table Stale() {
  const Given access = Access(kFunction1, 7);
  return {
      Row{"from uplink untagged with a stale entry is charged to the access port", FromUplink(),
          In(kMac1) / kData, kDrop, Drop(1, XSW_DROP_VLAN)}
          .With(access + Fdb(kMac1, 0, kFunction1)),
      Row{"from uplink 802_1ad with an entry is charged to the access port", FromUplink(),
          In(kMac1) / Dot1ad{.id = 7} / kData, kDrop, Drop(1, XSW_DROP_VLAN)}
          .With(access + Fdb(kMac1, 7 | XSW_VLAN_AD, kFunction1)),
      Row{"from host another VLAN with an entry is charged to the access port", FromHost(),
          FromTheHost(kMac1) / Vlan{.id = 8} / kData, kDrop, Drop(1, XSW_DROP_VLAN)}
          .With(access + Fdb(kMac1, 8, kFunction1)),
  };
}

}  // namespace

Table AccessRows() { return Join({Pushed(), AmongPorts(), OfTheirOwn(), Popped(), Stale()}); }

}  // namespace xsw::test
