// SPDX-License-Identifier: Apache-2.0
// Work in another namespace: what fails there is an error here, and the caller has never left.
#include "userspace/netns.h"

#include <fcntl.h>
#include <gtest/gtest.h>

namespace xsw {
namespace {

TEST(InNetns, WhatIsNoNamespaceIsAnErrorAndTheWorkIsNotDone) {
  const Fd file(open("/dev/null", O_RDONLY | O_CLOEXEC));
  bool done = false;
  const absl::Status status = InNetns(file, [&] {
    done = true;
    return absl::OkStatus();
  });
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_FALSE(done);
  EXPECT_FALSE(NetnsCookieOf(file).ok());
  EXPECT_TRUE(NetnsCookie().ok());
}

}  // namespace
}  // namespace xsw
