// SPDX-License-Identifier: Apache-2.0
// Many netdevs are removed in one request, which takes along nothing else.
#include <gtest/gtest.h>
#include <net/if.h>

#include <chrono>
#include <cstdlib>

#include "tests/veth/command.h"
#include "tests/veth/sandbox.h"
#include "userspace/link.h"

namespace xsw::test {
namespace {

std::string Name(int i) { return "d" + std::to_string(i); }

std::vector<int> MakePairs(int count) {
  std::string lines;
  for (int i = 0; i < count; i++)
    lines += "link add " + Name(i) + " type veth peer name p" + std::to_string(i) + " netns c1\n";
  Ip("", lines);
  std::vector<int> ifindices;
  for (int i = 0; i < count; i++)
    ifindices.push_back(static_cast<int>(if_nametoindex(Name(i).c_str())));
  return ifindices;
}

class DeleteLinksTest : public testing::Test {
 protected:
  DeleteLinksTest() { sandbox.AddNetns("c1"); }
  size_t Left() { return DumpLinks(nl)->size(); }
  Sandbox sandbox{{}};
  Netlink nl = Netlink::Open().value();
};

TEST_F(DeleteLinksTest, AllOfThemAreGoneAndNothingElseIs) {
  Ip("", "link add other type veth peer name far\nlink set other group 7");
  const size_t before = Left();
  const std::vector<int> pairs = MakePairs(64);
  EXPECT_EQ(Left(), before + 64);
  EXPECT_TRUE(DeleteLinks(nl, pairs, "remove pairs").ok());
  EXPECT_EQ(Left(), before);
  EXPECT_TRUE(GetLink(nl, std::string("other")).ok());
}

TEST_F(DeleteLinksTest, ThoseThatAreGoneAreNoError) {
  std::vector<int> pairs = MakePairs(3);
  MustRun("ip link del " + Name(1));
  EXPECT_TRUE(DeleteLinks(nl, pairs, "remove pairs").ok());
  EXPECT_EQ(Left(), 1u) << "the loopback";
  EXPECT_TRUE(DeleteLinks(nl, pairs, "remove pairs").ok());
  EXPECT_TRUE(DeleteLinks(nl, {}, "remove pairs").ok());
}

TEST_F(DeleteLinksTest, OneThatCannotBeRemovedKeepsAllOfThem) {
  std::vector<int> links = MakePairs(2);
  links.push_back(1);
  const absl::Status status = DeleteLinks(nl, links, "remove pairs and the loopback");
  EXPECT_TRUE(absl::IsUnimplemented(status)) << status;
  EXPECT_EQ(Left(), 3u);
}

// For the figure, where it is asked for: XSW_TEST_LINKS=1000.
TEST_F(DeleteLinksTest, IsFasterThanOneByOne) {
  using Clock = std::chrono::steady_clock;
  const char* count = std::getenv("XSW_TEST_LINKS");
  const auto seconds = [](Clock::time_point since) {
    return std::chrono::duration<double>(Clock::now() - since).count();
  };
  std::vector<int> links = MakePairs(count ? std::atoi(count) : 100);
  Clock::time_point start = Clock::now();
  ASSERT_TRUE(DeleteLinks(nl, links, "remove").ok());
  const double together = seconds(start);
  links = MakePairs(static_cast<int>(links.size()));
  start = Clock::now();
  for (const int ifindex : links) ASSERT_TRUE(DeleteLink(nl, ifindex, "remove").ok());
  const double alone = seconds(start);
  std::printf("%zu pairs: %.2f s together, %.2f s one by one\n", links.size(), together, alone);
  EXPECT_LT(together, alone);
}

}  // namespace
}  // namespace xsw::test
