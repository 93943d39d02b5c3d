// SPDX-License-Identifier: Apache-2.0
// Settings of queue blocks change under load without a stray frame: the changes of live_change.h
// with queue blocks in the place of some ports.
//
//   wire, host  <->  up0/1, up0/2, up0/3, each a netdev (N) or a queue block (Q)
#include "tests/veth/live_change.h"

#include <gtest/gtest.h>

#include "tests/veth/queues/ends.h"

namespace xsw::test {
namespace {

using Param = std::tuple<std::string, std::string, Change>;
class BlockChange : public testing::TestWithParam<Param> {};

TEST_P(BlockChange, LetsNoFrameStray) {
  const auto& [xdp, classes, change] = GetParam();
  Ends ends(xdp, classes);
  ends.lab().XswOk("port function set up0/2 vlan 7");
  if (change.first) ends.lab().XswOk(change.first);
  const uint32_t sent = ChangeUnderLoad(
      ends.lab(), change, [&](Place from, const Bytes& frame) { ends.Send(from, frame); });
  const Arrivals arrived = ends.Arrived(sent, {});
  ExpectNoStray(arrived, change.flows);
  ExpectNoLoss(arrived, change.flows, sent);
}

// QNN and QQQ: the block is what changes. NQQ: it is what the changes of others concern.
INSTANTIATE_TEST_SUITE_P(Xdp, BlockChange,
                         testing::Combine(testing::Values("off", "on"),
                                          testing::Values("QNN", "QQQ", "NQQ"),
                                          testing::ValuesIn(Changes())),
                         [](const auto& info) {
                           return std::string(std::get<2>(info.param).name) + "_" +
                                  std::get<1>(info.param) + "_Xdp" + std::get<0>(info.param);
                         });

}  // namespace
}  // namespace xsw::test
