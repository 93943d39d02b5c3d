// SPDX-License-Identifier: Apache-2.0
// What a dead eswitch with queue blocks has left, when another `eswitch add` collects it.
//
//    out ==wire== up0;   far0 === eth0 in doomed, an uplink   eth0sf1 === a queue block
//                                                             eth0sf2 === eth0s2 in c1, a queue
//                                                             block
#include <gtest/gtest.h>

#include <random>

#include "tests/sweep/injector.h"
#include "tests/veth/pins.h"
#include "tests/veth/snapshot.h"

namespace xsw::test {
namespace {

class Collected : public testing::Test {
 protected:
  Collected() : t({.ports = 0}) {
    t.sandbox().AddNetns("c1");
    pins = Tree(kTestBpffs);
    files = Tree("/run/xsw");
    mounts = MountsBelow("/run/xsw");
    MustRun("ip link add up1 type veth peer name far1");
  }
  // An eswitch with two queue blocks, and the end of its namespace.
  void LeaveADeadEswitch() {
    t.sandbox().AddNetns("doomed");
    MustRun("ip -n doomed link add eth0 type veth peer name far0");
    t.XswOk("-n doomed eswitch add eth0");
    t.XswOk("-n doomed port add eth0 sfnum 1 class queues queues 2 state active");
    t.XswOk("-n doomed port add eth0 sfnum 2 class queues netns c1 state active");
    ASSERT_EQ(MountsBelow("/run/xsw").size(), mounts.size() + 2);
    ASSERT_FALSE(LinkOf("c1", "eth0s2").is_null());
    t.sandbox().DeleteNetns("doomed");
    ASSERT_TRUE(WaitFor([] { return LinkOf("c1", "eth0s2").is_null(); }));
  }
  void ExpectNothingLeft() {
    EXPECT_EQ(Tree(kTestBpffs), pins);
    EXPECT_EQ(Tree("/run/xsw"), files);
    EXPECT_EQ(MountsBelow("/run/xsw"), mounts);
  }
  Topology t;
  std::vector<std::string> pins, files, mounts;
};

TEST_F(Collected, ThePrivateNamespacesOfQueueBlocksGoToo) {
  LeaveADeadEswitch();
  t.XswOk("eswitch add up1");
  t.XswOk("eswitch del up1");
  ExpectNothingLeft();
}

// One of the dead is known until it is gone, wherever the command that collects it is killed.
TEST_F(Collected, TheNextCommandCollectsWhatOneThatWasKilledHasLeft) {
  LeaveADeadEswitch();
  std::vector<std::string> collecting;
  for (const Call& call : RunTraced(t.XswArgv("eswitch add up1")).calls) {
    if (call.what.starts_with("mkdir")) break;
    collecting.push_back(call.what);
  }
  t.XswOk("eswitch del up1");
  ASSERT_GT(collecting.size(), 30u);
  // All of them take a minute: a sample in each run, another one each time.
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 draw(seed);
  for (int i = 0; i < 12; i++) {
    const size_t call = draw() % collecting.size();
    SCOPED_TRACE("killed after " + collecting[call]);
    ASSERT_NO_FATAL_FAILURE(LeaveADeadEswitch());
    EXPECT_TRUE(RunTraced(t.XswArgv("eswitch add up1"), {How::kKillAfter, call}).struck);
    t.XswOk("eswitch add up1");
    t.XswOk("eswitch del up1");
    ExpectNothingLeft();
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace xsw::test
