// SPDX-License-Identifier: Apache-2.0
// Settings change under load without a stray frame: each frame arrives, at most once, where the old or
// the new setting has it, and as it has it; what both let through is not lost.
//
//     out ==wire== up0   up0sf1 === c1   is what changes
//                        up0sf2 === c2   access port of VLAN 7
//                        up0sf3 === c3   no VLAN
#include <gtest/gtest.h>

#include "tests/veth/live_change.h"

namespace xsw::test {
namespace {

class LiveChange : public testing::TestWithParam<std::tuple<const char*, Change>> {};

TEST_P(LiveChange, LetsNoFrameStray) {
  const auto& [xdp, change] = GetParam();
  Topology t({.xdp = xdp, .ports = 3});
  t.XswOk("port function set up0/2 vlan 7");
  if (change.first) t.XswOk(change.first);
  Observers see(t);
  const uint32_t sent = ChangeUnderLoad(
      t, change, [&](Place from, const Bytes& frame) { see.Send(from, frame); });
  const Arrivals arrived = see.Arrived();
  ExpectNoStray(arrived, change.flows);
  ExpectNoLoss(arrived, change.flows, sent);
}

INSTANTIATE_TEST_SUITE_P(Xdp, LiveChange,
                         testing::Combine(testing::Values("off", "on"),
                                          testing::ValuesIn(Changes())),
                         [](const auto& info) {
                           return std::string(std::get<1>(info.param).name) + "_Xdp" +
                                  std::get<0>(info.param);
                         });

}  // namespace
}  // namespace xsw::test
