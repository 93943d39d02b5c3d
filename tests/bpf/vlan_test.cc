// SPDX-License-Identifier: Apache-2.0
// VLAN tags: which one counts, and what it keeps from whom. All ports are untagged ones, but port 2
// also carries VLAN 7.
#include "tests/bpf/row.h"

namespace xsw::test {
namespace {

Eth Outside(const Mac& dst) { return {.dst = dst, .src = kOutsideMac}; }
Eth Port1(const Mac& dst) { return {.dst = dst, .src = kMac1}; }
Eth Host(const Mac& dst) { return {.dst = dst, .src = kHostMac}; }

const Payload kData(46);

Table OneTag() {
  const Source up = FromUplink();
  const Eth v = Outside(kVlanMac);
  const Eth untagged = Outside(kMac2);
  return {
      {"VLAN 7 finds an FDB entry in VLAN 7", up, v / Vlan{.id = 7} / kData, kRedirect, Tx(2)},
      {"802_1ad 7 is not 802_1Q 7", up, v / Dot1ad{.id = 7} / kData, kDrop, Drop(3, XSW_DROP_VLAN)},
      {"no tag finds no FDB entry in VLAN 7", up, v / kData, kPass},
      {"VLAN 8 finds no FDB entry in VLAN 7", up, v / Vlan{.id = 8} / kData, kPass},
      {"VLAN 4095 finds no FDB entry in VLAN 7", up, v / Vlan{.id = 4095} / kData, kPass},
      {"VLAN 7 finds no untagged FDB entry", up, untagged / Vlan{.id = 7} / kData, kPass},
      {"802_1ad 7 finds no untagged FDB entry", up, untagged / Dot1ad{.id = 7} / kData, kPass},
      {"VLAN 7 with a priority is VLAN 7", up, v / Vlan{.id = 7, .priority = 7} / kData, kRedirect,
       Tx(2)},
      {"VLAN 7 with the DEI bit is not 802_1ad 7", up, v / Vlan{.id = 7, .dei = true} / kData,
       kRedirect, Tx(2)},
  };
}

Table PriorityTags() {
  const Source up = FromUplink();
  const Eth v = Outside(kVlanMac);
  const Eth untagged = Outside(kMac2);
  return {
      {"VLAN ID 0 counts as untagged", up, untagged / Vlan{.id = 0} / kData, kRedirect, Tx(2)},
      {"VLAN ID 0 with a priority counts as untagged", up, untagged / Vlan{.priority = 5} / kData,
       kRedirect, Tx(2)},
      {"VLAN ID 0 with the DEI bit counts as untagged", up, untagged / Vlan{.dei = true} / kData,
       kRedirect, Tx(2)},
      {"802_1ad ID 0 counts as untagged", up, untagged / Dot1ad{.id = 0} / kData, kRedirect, Tx(2)},
      {"0 then 0 counts as untagged", up, untagged / Vlan{} / Vlan{} / kData, kRedirect, Tx(2)},
      {"0 then 7 is VLAN 7", up, v / Vlan{} / Vlan{.id = 7} / kData, kRedirect, Tx(2)},
      {"0 then 802_1ad 7 is 802_1ad 7", up, v / Vlan{} / Dot1ad{.id = 7} / kData, kDrop,
       Drop(3, XSW_DROP_VLAN)},
      {"802_1ad 0 then 7 is VLAN 7", up, v / Dot1ad{} / Vlan{.id = 7} / kData, kRedirect, Tx(2)},
      {"7 then 8 is VLAN 7", up, v / Vlan{.id = 7} / Vlan{.id = 8} / kData, kRedirect, Tx(2)},
      {"7 then 0 is VLAN 7", up, v / Vlan{.id = 7} / Vlan{} / kData, kRedirect, Tx(2)},
      {"8 then 7 is VLAN 8", up, v / Vlan{.id = 8} / Vlan{.id = 7} / kData, kPass},
      {"three priority tags go to no port", up, untagged / Vlan{} / Vlan{} / Vlan{} / kData, kPass},
      {"7 behind two priority tags goes to no port", up,
       v / Vlan{} / Vlan{} / Vlan{.id = 7} / kData, kPass},
  };
}

Table Untagged() {
  const Source port = From(kFunction1);
  const Eth eth = Port1(kMac2);
  const Moves dropped = Rx(1) + Drop(1, XSW_DROP_VLAN);
  return {
      {"tagged frame on an untagged port is dropped", port, eth / Vlan{.id = 7} / kData, kDrop,
       dropped},
      {"802_1ad tagged frame on an untagged port is dropped", port, eth / Dot1ad{.id = 7} / kData,
       kDrop, dropped},
      {"tagged frame that is in the FDB is dropped", port, Port1(kVlanMac) / Vlan{.id = 7} / kData,
       kDrop, dropped},
      {"tagged frame to the host is dropped", port, Port1(kHostMac) / Vlan{.id = 7} / kData, kDrop,
       dropped},
      {"tagged frame to the wire is dropped", port, Port1(kOutsideMac) / Vlan{.id = 7} / kData,
       kDrop, dropped},
      {"tagged broadcast from an untagged port reaches nobody", port,
       Port1(kBroadcast) / Vlan{.id = 7} / kData, kDrop, dropped},
      {"tagged spoof is a spoof", port, Eth{.dst = kMac2, .src = kMac3} / Vlan{.id = 7} / kData,
       kDrop, Rx(1) + Drop(1, XSW_DROP_SPOOF)},
      {"tag behind a priority tag is dropped", port, eth / Vlan{} / Vlan{.id = 7} / kData, kDrop,
       dropped},
      {"802_1ad tag behind a priority tag is dropped", port, eth / Vlan{} / Dot1ad{.id = 7} / kData,
       kDrop, dropped},
      {"tag in front of a priority tag is dropped", port, eth / Vlan{.id = 7} / Vlan{} / kData,
       kDrop, dropped},
  };
}

Table Admitted() {
  const Source port = From(kFunction1);
  const Eth eth = Port1(kMac2);
  const Moves malformed = Drop(1, XSW_DROP_MALFORMED);
  return {
      {"priority tag is admitted", port, eth / Vlan{.priority = 5} / kData, kRedirect,
       Rx(1) + Tx(2)},
      {"802_1ad priority tag is admitted", port, eth / Dot1ad{.priority = 5} / kData, kRedirect,
       Rx(1) + Tx(2)},
      {"two priority tags are admitted", port, eth / Vlan{} / Vlan{} / kData, kRedirect,
       Rx(1) + Tx(2)},
      {"priority tagged frame to the host is admitted", port, Port1(kHostMac) / Vlan{} / kData,
       kRedirect, Rx(1)},
      {"three priority tags are malformed", port, eth / Vlan{} / Vlan{} / Vlan{} / kData, kDrop,
       malformed},
      {"tag behind two priority tags is malformed", port,
       eth / Vlan{} / Vlan{} / Vlan{.id = 7} / kData, kDrop, malformed},
  };
}

Table FromTheHost() {
  const Source host = FromHost();
  return {
      {"from host VLAN 7 finds an FDB entry in VLAN 7", host,
       Host(kVlanMac) / Vlan{.id = 7} / kData, kRedirect, Tx(2)},
      {"from host VLAN 7 finds no untagged FDB entry", host, Host(kMac2) / Vlan{.id = 7} / kData,
       kPass},
      {"from host VLAN ID 0 counts as untagged", host, Host(kMac2) / Vlan{} / kData, kRedirect,
       Tx(2)},
  };
}

Table Floods() {
  const Moves members = Tx(1) + Tx(2) + Tx(3);
  const Places all = {kFunction1, kFunction2, kFunction3};
  return {
      Row{"broadcast in VLAN 7 from uplink reaches its member alone", FromUplink(),
          Outside(kBroadcast) / Vlan{.id = 7} / kData, kPass, Tx(2)}
          .CopiedTo({kFunction2}),
      {"broadcast in VLAN 8 from uplink has no members", FromUplink(),
       Outside(kBroadcast) / Vlan{.id = 8} / kData, kPass},
      {"multicast in 802_1ad 7 from uplink has no members", FromUplink(),
       Outside(kMulticast) / Dot1ad{.id = 7} / kData, kPass},
      Row{"broadcast in VLAN 7 from host reaches its member alone", FromHost(),
          Host(kBroadcast) / Vlan{.id = 7} / kData, kPass, Tx(2)}
          .CopiedTo({kFunction2}),
      Row{"priority tagged broadcast from uplink reaches all with its tag", FromUplink(),
          Outside(kBroadcast) / Vlan{.priority = 5} / kData, kPass, members}
          .CopiedTo(all),
      Row{"priority tagged broadcast from host reaches all with its tag", FromHost(),
          Host(kBroadcast) / Vlan{.priority = 5} / kData, kPass, members}
          .CopiedTo(all),
      Row{"priority tagged broadcast from port reaches all with its tag", From(kFunction1),
          Port1(kBroadcast) / Vlan{.priority = 5} / kData, kRedirect, Rx(1) + Tx(2) + Tx(3)}
          .CopiedTo({kWire, kFunction2, kFunction3}),
  };
}

}  // namespace

Table VlanRows() {
  return Join({OneTag(), PriorityTags(), Untagged(), Admitted(), FromTheHost(), Floods()});
}

INSTANTIATE_TEST_SUITE_P(Vlan, Frames, testing::ValuesIn(Cases(VlanRows())), CaseName);

}  // namespace xsw::test
