// SPDX-License-Identifier: Apache-2.0
// The origin tag: a frame that xsw has sent on is not steered again, and nobody else can set the
// tag. That xsw sets it and takes it off again shows in delivery_test.cc.
#include "tests/bpf/row.h"

namespace xsw::test {
namespace {

constexpr uint16_t kTag = XSW_ORIGIN_TAG;
constexpr uint16_t kOther = 1;  // a tc_index that is none of our business

Frame Port1(const Mac& dst) { return Eth{.dst = dst, .src = kMac1} / Payload(46); }

}  // namespace

Table OriginRows() {
  const Source up = FromUplink(), host = FromHost(), port = From(kFunction1);
  const Places all = {kFunction1, kFunction2, kFunction3};
  return {
      Row{"frame of ours at the uplink's ingress is the host's", up, Port1(kMac2), kPass}.TcIndex(
          kTag),
      Row{"broadcast of ours at the uplink's ingress is not flooded again", up, Port1(kBroadcast),
          kPass}
          .TcIndex(kTag),
      Row{"frame of ours at the uplink's egress goes to the wire", host, Port1(kMac2), kPass}
          .TcIndex(kTag),
      Row{"broadcast of ours at the uplink's egress is not flooded again", host, Port1(kBroadcast),
          kPass}
          .TcIndex(kTag),
      Row{"frame of ours on a representor is not the host's", OnRepresentor(kFunction2),
          Port1(kMac2), kPass}
          .TcIndex(kTag),
      Row{"frame from uplink with another tc_index is steered", up,
          Eth{.dst = kMac2, .src = kOutsideMac} / Payload(46), kRedirect, Tx(2)}
          .TcIndex(kOther),
      Row{"frame from host with another tc_index is steered", host,
          Eth{.dst = kMac2, .src = kHostMac} / Payload(46), kRedirect, Tx(2)}
          .TcIndex(kOther),
      Row{"broadcast from host with another tc_index is flooded", host,
          Eth{.dst = kBroadcast, .src = kHostMac} / Payload(46), kPass, Tx(1) + Tx(2) + Tx(3)}
          .CopiedTo(all)
          .TcIndex(kOther),
      Row{"frame on a representor with another tc_index is the host's", OnRepresentor(kFunction2),
          Port1(kMac2), kPass, SlowTx(2)}
          .TcIndex(kOther),
      Row{"tag set by a function keeps its frame from no rule", port,
          Eth{.dst = kMac2, .src = kMac3} / Payload(46), kDrop, Rx(1) + Drop(1, XSW_DROP_SPOOF)}
          .TcIndex(kTag),
      Row{"tag set by a function does not change where its frame goes", port, Port1(kMac2),
          kRedirect, Rx(1) + Tx(2)}
          .TcIndex(kTag),
      Row{"tag set by a function does not keep a broadcast from others", port, Port1(kBroadcast),
          kRedirect, Rx(1) + Tx(2) + Tx(3)}
          .CopiedTo({kWire, kFunction2, kFunction3})
          .TcIndex(kTag),
  };
}

INSTANTIATE_TEST_SUITE_P(Origin, Frames, testing::ValuesIn(Cases(OriginRows())), CaseName);

}  // namespace xsw::test
