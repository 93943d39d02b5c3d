// SPDX-License-Identifier: Apache-2.0
// A request that fails on its way does not disturb those after it.
#include "userspace/netlink.h"

#include <gtest/gtest.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>

#include "userspace/link.h"

namespace xsw {
namespace {

constexpr int kLoopback = 1;  // its ifindex in every namespace

TEST(Netlink, AfterASendThatFailedTheNextRequestSucceeds) {
  absl::StatusOr<Netlink> nl = Netlink::Open();
  ASSERT_TRUE(nl.ok()) << nl.status();
  // More than a socket may send at once, by default 208 KB.
  NlMsg large(nlmsg_alloc_size(1 << 20));
  nlmsg_put(large.get(), NL_AUTO_PORT, NL_AUTO_SEQ, RTM_GETLINK, sizeof(ifinfomsg), NLM_F_REQUEST);
  ASSERT_NE(nlmsg_reserve(large.get(), 900000, NLMSG_ALIGNTO), nullptr);
  const absl::Status status = nl->Send(large, "ask too much");
  EXPECT_TRUE(absl::IsInternal(status)) << status << ": not the kernel's own answer";
  for (int i = 0; i < 3; i++) {
    const absl::StatusOr<Link> loopback = GetLink(*nl, kLoopback);
    ASSERT_TRUE(loopback.ok()) << loopback.status();
    EXPECT_EQ(loopback->ifindex, kLoopback);
  }
}

TEST(Netlink, AfterAnAnswerThatWasLostTheNextRequestGetsItsOwn) {
  absl::StatusOr<Netlink> nl = Netlink::Open();
  ASSERT_TRUE(nl.ok()) << nl.status();
  // Too small for a link's message: the acknowledgement stays in the socket unread.
  nl_socket_set_msg_buf_size(nl->sock(), 64);
  const absl::StatusOr<Link> lost = GetLink(*nl, kLoopback);
  EXPECT_TRUE(absl::IsInternal(lost.status())) << lost.status();
  nl_socket_set_msg_buf_size(nl->sock(), 1 << 16);
  const absl::StatusOr<Link> missing = GetLink(*nl, std::string("nosuchdev"));
  EXPECT_TRUE(absl::IsNotFound(missing.status())) << missing.status();
  const absl::StatusOr<Link> loopback = GetLink(*nl, kLoopback);
  ASSERT_TRUE(loopback.ok()) << loopback.status();
  EXPECT_EQ(loopback->ifindex, kLoopback);
}

TEST(Netlink, AMessageMayBeSentAgain) {
  absl::StatusOr<Netlink> nl = Netlink::Open();
  ASSERT_TRUE(nl.ok()) << nl.status();
  NlMsg msg =
      NewMessage(RTM_GETLINK, 0, ifinfomsg{.ifi_family = AF_UNSPEC, .ifi_index = kLoopback});
  for (int i = 0; i < 2; i++) {
    int answers = 0;
    EXPECT_TRUE(nl->Send(msg, "read the loopback", [&](nlmsghdr*) { answers++; }).ok());
    EXPECT_EQ(answers, 1);
  }
}

}  // namespace
}  // namespace xsw
