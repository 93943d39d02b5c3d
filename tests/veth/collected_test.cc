// SPDX-License-Identifier: Apache-2.0
// What a dead eswitch with queue blocks has left, when another `eswitch add` collects it.
//
//    out ==wire== up0;   far0 === eth0 in doomed, an uplink   eth0sf1 === a queue block
//                                                             eth0sf2 === eth0s2 in c1, a queue
//                                                             block
#include <gtest/gtest.h>

#include "tests/veth/pins.h"
#include "tests/veth/snapshot.h"

namespace xsw::test {
namespace {

TEST(Collected, ThePrivateNamespacesOfQueueBlocksGoToo) {
  Topology t({.ports = 0});
  for (const char* name : {"doomed", "c1"}) t.sandbox().AddNetns(name);
  const std::vector<std::string> pins = Tree(kTestBpffs), files = Tree("/run/xsw"),
                                 mounts = MountsBelow("/run/xsw");
  MustRun("ip -n doomed link add eth0 type veth peer name far0");
  t.XswOk("-n doomed eswitch add eth0");
  t.XswOk("-n doomed port add eth0 sfnum 1 class queues queues 2 state active");
  t.XswOk("-n doomed port add eth0 sfnum 2 class queues netns c1 state active");
  ASSERT_EQ(MountsBelow("/run/xsw").size(), mounts.size() + 2);
  ASSERT_FALSE(LinkOf("c1", "eth0s2").is_null());
  t.sandbox().DeleteNetns("doomed");
  ASSERT_TRUE(WaitFor([] { return LinkOf("c1", "eth0s2").is_null(); }));
  MustRun("ip link add up1 type veth peer name far1");
  t.XswOk("eswitch add up1");
  t.XswOk("eswitch del up1");
  EXPECT_EQ(Tree(kTestBpffs), pins);
  EXPECT_EQ(Tree("/run/xsw"), files);
  EXPECT_EQ(MountsBelow("/run/xsw"), mounts);
}

}  // namespace
}  // namespace xsw::test
