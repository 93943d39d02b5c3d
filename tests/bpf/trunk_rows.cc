// SPDX-License-Identifier: Apache-2.0
// Trunks: their VLANs tagged, their pvid's frames untagged; and floods to members of both kinds.
#include "tests/bpf/row.h"

namespace xsw::test {
namespace {

const Payload kData(46);

Eth Out(const Mac& dst) { return {.dst = dst, .src = kMac2}; }
Eth In(const Mac& dst) { return {.dst = dst, .src = kOutsideMac}; }
Eth FromTheHost(const Mac& dst) { return {.dst = dst, .src = kHostMac}; }

// From port 2, which carries VLANs 7, 64 and 4094.
Table Tagged() {
  const Source port = From(kFunction2);
  const Moves dropped = Rx(2) + Drop(2, XSW_DROP_VLAN);
  const Eth eth = Out(kOutsideMac);
  Table rows = {
      Row{"from trunk a VLAN of its own keeps its tag", port,
          eth / Vlan{.id = 7, .priority = 6} / kData, kRedirect, Rx(2) + Missed(2)}
          .To(kWire),
      Row{"from trunk VLAN 64", port, eth / Vlan{.id = 64} / kData, kRedirect, Rx(2) + Missed(2)}.To(kWire),
      Row{"from trunk VLAN 4094", port, eth / Vlan{.id = 4094} / kData, kRedirect, Rx(2) + Missed(2)}.To(kWire),
      Row{"from trunk a VLAN of its own behind a priority tag", port,
          eth / Vlan{} / Vlan{.id = 7} / kData, kRedirect, Rx(2) + Missed(2)}
          .To(kWire),
      {"from trunk a foreign VLAN is dropped", port, eth / Vlan{.id = 8} / kData, kDrop, dropped},
      {"from trunk VLAN 4095 is dropped", port, eth / Vlan{.id = 4095} / kData, kDrop, dropped},
      {"from trunk an 802_1ad tag is dropped", port, eth / Dot1ad{.id = 7} / kData, kDrop, dropped},
      {"from trunk an 802_1ad tag behind a priority tag is dropped", port,
       eth / Vlan{} / Dot1ad{.id = 7} / kData, kDrop, dropped},
      {"from trunk without pvid untagged is dropped", port, eth / kData, kDrop, dropped},
      {"from trunk without pvid a priority tag is dropped", port, eth / Vlan{} / kData, kDrop,
       dropped},
      {"from trunk without pvid untagged broadcast is dropped", port, Out(kBroadcast) / kData,
       kDrop, dropped},
      Row{"from trunk to the host keeps its tag", port,
          Out(kHostMac) / Vlan{.id = 7, .priority = 6} / kData, kRedirect, Rx(2)}
          .To(kHost),
      Row{"from uplink to trunk keeps its tag", FromUplink(),
          In(kMac2) / Vlan{.id = 7, .priority = 1} / kData, kRedirect, Tx(2)}
          .To(kFunction2),
      Row{"from uplink to trunk keeps both tags", FromUplink(),
          In(kMac2) / Vlan{.id = 7} / Vlan{.id = 8} / kData, kRedirect, Tx(2)}
          .To(kFunction2),
      {"from uplink untagged is not for a trunk without pvid", FromUplink(), In(kMac2) / kData,
       kPass},
      {"from uplink a foreign VLAN is not for a trunk", FromUplink(),
       In(kMac2) / Vlan{.id = 8} / kData, kPass},
      Row{"from host to trunk keeps its tag", FromHost(),
          FromTheHost(kMac2) / Vlan{.id = 64} / kData, kRedirect, Tx(2)}
          .To(kFunction2),
  };
  for (Row& row : rows) row = row.With(Trunk(kFunction2, {7, 64, 4094}));
  rows.push_back(Row{"from uplink 802_1ad with an entry is charged to the trunk", FromUplink(),
                     In(kMac2) / Dot1ad{.id = 7} / kData, kDrop, Drop(2, XSW_DROP_VLAN)}
                     .With(Trunk(kFunction2, {7}) + Fdb(kMac2, 7 | XSW_VLAN_AD, kFunction2)));
  return rows;
}

// VLANs 7 and 8, untagged frames being in 7.
Table WithPvid() {
  const Source port = From(kFunction2);
  const Eth eth = Out(kOutsideMac);
  const Frame tagged = eth / Vlan{.id = 7, .priority = 4} / kData;
  Table rows = {
      Row{"from trunk untagged is in its pvid", port, eth / kData, kRedirect, Rx(2) + Missed(2)}
          .Becomes(tagged)
          .To(kWire),
      Row{"from trunk a priority tag is in its pvid", port, eth / Vlan{.priority = 1} / kData,
          kRedirect, Rx(2) + Missed(2)}
          .Becomes(tagged)
          .To(kWire),
      Row{"from trunk its pvid's tag stays with its priority", port,
          eth / Vlan{.id = 7, .priority = 1} / kData, kRedirect, Rx(2) + Missed(2)}
          .To(kWire),
      Row{"from trunk another VLAN beside the pvid stays", port, eth / Vlan{.id = 8} / kData,
          kRedirect, Rx(2) + Missed(2)}
          .To(kWire),
      Row{"from uplink its pvid's tag is popped", FromUplink(), In(kMac2) / Vlan{.id = 7} / kData,
          kRedirect, Tx(2)}
          .Becomes(In(kMac2) / kData)
          .To(kFunction2),
      Row{"from uplink another VLAN beside the pvid stays", FromUplink(),
          In(kMac2) / Vlan{.id = 8} / kData, kRedirect, Tx(2)}
          .To(kFunction2),
  };
  for (Row& row : rows) row = row.With(Trunk(kFunction2, {7, 8}, 7, 4));
  return rows;
}

Table AmongPorts() {
  const Source port = From(kFunction2);
  const Frame tagged = Out(kMac1) / Vlan{.id = 7, .priority = 2} / kData;
  return {
      Row{"from trunk to access port loses its tag", port, tagged, kRedirect, Rx(2) + Tx(1)}
          .Becomes(Out(kMac1) / kData)
          .To(kFunction1)
          .With(Trunk(kFunction2, {7}) + Access(kFunction1, 7)),
      Row{"from trunk to access port a priority tag in front goes too", port,
          Out(kMac1) / Vlan{} / Vlan{.id = 7} / kData, kRedirect, Rx(2) + Tx(1)}
          .Becomes(Out(kMac1) / kData)
          .To(kFunction1)
          .With(Trunk(kFunction2, {7}) + Access(kFunction1, 7)),
      Row{"from trunk to trunk keeps its tag", port, tagged, kRedirect, Rx(2) + Tx(1)}
          .To(kFunction1)
          .With(Trunk(kFunction2, {7}) + Trunk(kFunction1, {7})),
      Row{"from trunk to one whose pvid it is loses its tag", port, tagged, kRedirect,
          Rx(2) + Tx(1)}
          .Becomes(Out(kMac1) / kData)
          .To(kFunction1)
          .With(Trunk(kFunction2, {7}) + Trunk(kFunction1, {7}, 7)),
      Row{"from trunk its pvid to one that has it tagged gets a tag", port, Out(kMac1) / kData,
          kRedirect, Rx(2) + Tx(1)}
          .Becomes(tagged)
          .To(kFunction1)
          .With(Trunk(kFunction2, {7}, 7, 2) + Trunk(kFunction1, {7})),
      Row{"from trunk to one without the VLAN goes to the wire", port,
          Out(kMac1) / Vlan{.id = 8} / kData, kRedirect, Rx(2) + Missed(2)}
          .To(kWire)
          .With(Trunk(kFunction2, {7, 8}) + Access(kFunction1, 7)),
  };
}

// Port 1 access 7, port 2 trunk 7 and 8, port 3 access 7: each copy in its dress, and the frame goes
// on to host or wire as it came.
Table MixedFloods() {
  const Frame plain = In(kBroadcast) / kData;
  const Frame tagged = In(kBroadcast) / Vlan{.id = 7, .priority = 3} / kData;
  const Frame dei = In(kBroadcast) / Vlan{.id = 7, .priority = 3, .dei = true} / kData;
  const Frame eight = In(kBroadcast) / Vlan{.id = 8, .priority = 3} / kData;
  const Moves all = Tx(1) + Tx(2) + Tx(3);
  Table rows = {
      Row{"a mixed flood from uplink", FromUplink(), tagged, kPass, all}
          .CopiedTo({kFunction2})
          .CopiedTo({kFunction1, kFunction3}, plain)
          .Becomes(tagged),
      Row{"a mixed flood from uplink keeps the DEI bit", FromUplink(), dei, kPass, all}
          .CopiedTo({kFunction2})
          .CopiedTo({kFunction1, kFunction3}, plain)
          .Becomes(dei),
      Row{"a mixed flood from host", FromHost(), tagged, kPass, all}
          .CopiedTo({kFunction2})
          .CopiedTo({kFunction1, kFunction3}, plain)
          .Becomes(tagged),
      Row{"a flood in a VLAN of the trunk alone", FromUplink(), eight, kPass, Tx(2)}.CopiedTo(
          {kFunction2}),
      {"a flood of untagged frames reaches no tagged port", FromUplink(), plain, kPass},
      {"a flood of 802_1ad frames reaches no port", FromUplink(),
       In(kBroadcast) / Dot1ad{.id = 7} / kData, kPass},
  };
  for (Row& row : rows)
    row = row.With(Access(kFunction1, 7) + Trunk(kFunction2, {7, 8}) + Access(kFunction3, 7));
  return rows;
}

Table MixedFloodsFromPorts() {
  const Given mixed = Access(kFunction1, 7, 5) + Trunk(kFunction2, {7}) + Access(kFunction3, 7);
  const Eth port1 = {.dst = kBroadcast, .src = kMac1};
  const Frame tagged1 = port1 / Vlan{.id = 7, .priority = 5} / kData;
  const Frame tagged2 = Out(kBroadcast) / Vlan{.id = 7, .priority = 6} / kData;
  const Moves from1 = Rx(1) + Tx(2) + Tx(3);
  return {
      Row{"a mixed flood from access port", From(kFunction1), port1 / kData, kRedirect, from1}
          .CopiedTo({kFunction3})
          .CopiedTo({kFunction2, kWire}, tagged1)
          .Becomes(tagged1)
          .To(kHost)
          .With(mixed),
      Row{"a mixed flood from access port with the host off", From(kFunction1), port1 / kData,
          kRedirect, from1}
          .CopiedTo({kFunction3})
          .CopiedTo({kFunction2}, tagged1)
          .Becomes(tagged1)
          .To(kWire)
          .With(mixed + HostOff),
      Row{"a mixed flood from access port drops its priority tag", From(kFunction1),
          port1 / Vlan{.priority = 2} / kData, kRedirect, from1}
          .CopiedTo({kFunction3}, port1 / kData)
          .CopiedTo({kFunction2, kWire}, tagged1)
          .Becomes(tagged1)
          .To(kHost)
          .With(mixed),
      Row{"a mixed flood from trunk", From(kFunction2), tagged2, kRedirect, Rx(2) + Tx(1) + Tx(3)}
          .CopiedTo({kWire})
          .CopiedTo({kFunction1, kFunction3}, Out(kBroadcast) / kData)
          .Becomes(tagged2)
          .To(kHost)
          .With(mixed),
      Row{"a flood from access port passes those of other VLANs", From(kFunction1), port1 / kData,
          kRedirect, Rx(1)}
          .CopiedTo({kWire}, port1 / Vlan{.id = 7} / kData)
          .Becomes(port1 / Vlan{.id = 7} / kData)
          .To(kHost)
          .With(Access(kFunction1, 7) + Trunk(kFunction2, {8}) + Access(kFunction3, 8)),
  };
}

}  // namespace

Table TrunkRows() {
  return Join({Tagged(), WithPvid(), AmongPorts(), MixedFloods(), MixedFloodsFromPorts()});
}

}  // namespace xsw::test
