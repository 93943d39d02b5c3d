// SPDX-License-Identifier: Apache-2.0
// containerd's ctr gives its containers ports of an eswitch.
#include "tests/cni/runtimes/containerd.h"

#include <gtest/gtest.h>

#include <set>

namespace xsw::test {
namespace {

class ContainerdTest : public testing::Test {
 protected:
  ContainerdTest() : containerd_(LanOf({LanPlugin()})), before_(LanState()) {}

  Containerd containerd_;
  const std::set<std::string> before_;
};

TEST_F(ContainerdTest, TwoContainersReachEachOtherTheHostAndTheOutside) {
  const Attached a = containerd_.Start("a"), b = containerd_.Start("b");
  for (const auto& [from, to] : PathsOf(a.at(), b.at())) ExpectReaches(from, to);
}

TEST_F(ContainerdTest, AContainerThatIsKilledLeavesNothing) {
  containerd_.Start("a");
  EXPECT_NE(LanState(), before_);
  containerd_.Kill("a");
  EXPECT_EQ(DifferenceFrom(before_), "");
}

TEST_F(ContainerdTest, AContainerThatEndsByItselfLeavesNothing) {
  containerd_.CtrOk(Containerd::RunLine("--rm", "a", "ping -c 1 -W 5 10.9.0.1"));
  EXPECT_EQ(DifferenceFrom(before_), "");
}

// ctr calls DEL for no container that was detached: the next one of that name takes its place.
TEST_F(ContainerdTest, AContainerThatCtrHasForgottenIsReplaced) {
  containerd_.CtrOk(Containerd::RunLine("-d", "a", "ip link"));
  WaitFor([&] { return containerd_.Ctr("task ls").out.find("STOPPED") != std::string::npos; });
  containerd_.CtrOk("task rm a");
  containerd_.CtrOk("container rm a");
  EXPECT_NE(LanState(), before_);
  ExpectReaches(containerd_.Start("a").at(), Outside());
  containerd_.Kill("a");
  EXPECT_EQ(DifferenceFrom(before_), "");
}

}  // namespace
}  // namespace xsw::test
