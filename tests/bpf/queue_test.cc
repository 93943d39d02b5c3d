// SPDX-License-Identifier: Apache-2.0
// To a queue block: past the uplink's XDP program when that steers to queue blocks only, and at the
// function end to the socket of the queue. (All rows from the uplink are run with blocks and
// netdevs alone too, see frames_test.cc; here both are there.)
#include "tests/bpf/row.h"

namespace xsw::test {
namespace {

const Source kUplinkXdp = {Program::kUplinkXdp, kWire};

Eth To(const Mac& dst) { return {.dst = dst, .src = kOutsideMac}; }

Given Socket(Place port, uint32_t queue) {
  return [=](SwitchUnderTest& s) { s.PutSocket(port, queue); };
}

// Port 2 is a block, ports 1 and 3 are netdevs.
Given SteersToBlocks() {
  return Given([](SwitchUnderTest& s) {
           s.ConfigureEswitch([](xsw_eswitch& e) { e.xdp_steers = XSW_STEERS_QUEUES; });
         }) +
         IsQueueBlock(kFunction2);
}

Table Steered() {
  Table rows = {
      {"in XDP a block's MAC goes to the block", kUplinkXdp, To(kMac2) / Payload(46), kRedirect,
       Tx(2)},
      {"in XDP a block's second address goes to it", kUplinkXdp, To(kExtraMac2) / Payload(46),
       kRedirect, Tx(2)},
      {"in XDP a priority tag to a block counts as untagged", kUplinkXdp,
       To(kMac2) / Vlan{.priority = 5} / Payload(46), kRedirect, Tx(2)},
      {"in XDP a block's address in VLAN 7 goes to it", kUplinkXdp,
       To(kVlanMac) / Vlan{.id = 7} / Payload(46), kRedirect, Tx(2)},
      {"in XDP a jumbo frame goes to the block", kUplinkXdp, To(kMac2) / Payload(9000), kRedirect,
       Tx(2)},
      {"in XDP netdevs beside a block are left to tc", kUplinkXdp, To(kMac1) / Payload(46), kPass},
      {"in XDP a netdev's address in a VLAN is left to tc", kUplinkXdp,
       To(kVlanMac) / Dot1ad{.id = 7} / Payload(46), kPass},
      {"in XDP a block's MAC in another VLAN is left to tc", kUplinkXdp,
       To(kMac2) / Vlan{.id = 7} / Payload(46), kPass},
      {"in XDP the host's MAC is left to tc", kUplinkXdp, To(kHostMac) / Payload(46), kPass},
      {"in XDP unknown unicast is left to tc", kUplinkXdp, To(kOutsideMac) / Payload(46), kPass},
      {"in XDP broadcast is left to tc", kUplinkXdp, To(kBroadcast) / Payload(46), kPass},
      {"in XDP a malformed frame to a block is left to tc", kUplinkXdp,
       Eth{.dst = kMac2, .src = kOutsideMac, .type = ETH_P_8021Q} / Payload(0), kPass},
  };
  for (Row& row : rows) row = row.With(SteersToBlocks());
  return rows;
}

Table Refused() {
  const Frame frame = To(kMac2) / Payload(46);
  return {
      Row{"in XDP an inactive block gets nothing", kUplinkXdp, frame, kDrop,
          Drop(2, XSW_DROP_INACTIVE)}
          .With(SteersToBlocks() + Inactive(kFunction2)),
      Row{"in XDP a block whose netdevs are gone gets nothing", kUplinkXdp, frame, kDrop,
          Drop(2, XSW_DROP_DETACHED)}
          .With(SteersToBlocks() + Detached(kFunction2)),
      Row{"in XDP an inactive eswitch gives blocks nothing", kUplinkXdp, frame, kDrop,
          Drop(2, XSW_DROP_ESWITCH_INACTIVE)}
          .With(SteersToBlocks() + EswitchInactive),
  };
}

Table AtTheFunction() {
  const Frame frame = To(kMac1) / Payload(46);
  const Moves dropped = Drop(1, XSW_DROP_NO_SOCKET);
  return {
      {"at a queue without a socket is dropped", AtQueue(kFunction1, 0), frame, kDrop, dropped},
      {"broadcast at a queue without a socket is dropped", AtQueue(kFunction1, 0),
       To(kBroadcast) / Payload(46), kDrop, dropped},
      Row{"at a queue with a socket goes to it", AtQueue(kFunction1, 0), frame, kRedirect}.With(
          Socket(kFunction1, 0)),
      Row{"at the second queue with a socket goes to it", AtQueue(kFunction1, 1), frame, kRedirect}
          .With(Socket(kFunction1, 1)),
      Row{"at a queue beside one with a socket is dropped", AtQueue(kFunction1, 1), frame, kDrop,
          dropped}
          .With(Socket(kFunction1, 0)),
      Row{"at a block beside one with a socket is dropped", AtQueue(kFunction1, 0), frame, kDrop,
          dropped}
          .With(Socket(kFunction2, 0)),
      Row{"at the second block is charged to that", AtQueue(kFunction2, 0), frame, kDrop,
          Drop(2, XSW_DROP_NO_SOCKET)}
          .With(Socket(kFunction1, 0)),
      Row{"a tagged frame at a queue goes to its socket", AtQueue(kFunction1, 0),
          To(kMac1) / Dot1ad{.id = 7} / Vlan{.id = 8} / Payload(46), kRedirect}
          .With(Socket(kFunction1, 0)),
      Row{"a jumbo frame at a queue goes to its socket", AtQueue(kFunction1, 0),
          To(kMac1) / Payload(9000), kRedirect}
          .With(Socket(kFunction1, 0)),
  };
}

}  // namespace

Table QueueRows() { return Join({Steered(), Refused(), AtTheFunction()}); }

INSTANTIATE_TEST_SUITE_P(Queue, Frames, testing::ValuesIn(Cases(QueueRows())), CaseName);

}  // namespace xsw::test
