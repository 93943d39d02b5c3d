// SPDX-License-Identifier: Apache-2.0
// A pair of netdevs is made whole or not at all, also where the kernel's answer does not arrive.
#include <gtest/gtest.h>

#include "tests/veth/sandbox.h"
#include "userspace/netdev.h"
#include "userspace/netns.h"
#include "userspace/queues_pair.h"

namespace xsw::test {
namespace {

const NetdevPair kPair = {.representor = "rep1",
                          .altname = "rep1alt",
                          .representor_mac = {2, 0, 0, 0, 1, 1},
                          .function = "fn1",
                          .function_mac = {2, 0, 0, 0, 1, 2},
                          .mtu = 1500};

// Room for an acknowledgement, not for a netdev: the answer to a GETLINK is lost.
constexpr size_t kAckOnly = 64;

TEST(Pair, IsTakenBackWhenItCannotBeReadBack) {
  Sandbox sandbox({});
  sandbox.AddNetns("c1");
  absl::StatusOr<Netlink> nl = Netlink::Open();
  absl::StatusOr<Fd> netns = OpenNetns("c1");
  ASSERT_TRUE(nl.ok() && netns.ok());
  for (const bool queues : {false, true}) {
    const auto make = [&] {
      return queues ? MakeQueuesPair(*nl, kPair, *netns, 2, 1000)
                    : MakeNetdevPair(*nl, kPair, *netns);
    };
    nl_socket_set_msg_buf_size(nl->sock(), kAckOnly);
    EXPECT_TRUE(absl::IsInternal(make().status())) << "queues " << queues;
    nl_socket_set_msg_buf_size(nl->sock(), 1 << 16);
    EXPECT_TRUE(absl::IsNotFound(GetLink(*nl, kPair.representor).status())) << "queues " << queues;
    const absl::StatusOr<Link> made = make();
    ASSERT_TRUE(made.ok()) << made.status();
    EXPECT_TRUE(absl::IsAlreadyExists(make().status()));
    EXPECT_TRUE(GetLink(*nl, kPair.representor).ok()) << "another's of that name stays";
    EXPECT_TRUE(DeleteLink(*nl, made->ifindex, "remove the pair").ok());
  }
}

}  // namespace
}  // namespace xsw::test
