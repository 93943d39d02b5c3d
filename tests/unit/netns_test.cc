// SPDX-License-Identifier: Apache-2.0
// Work in another namespace: what fails there is an error here, and the caller has never left.
#include "userspace/netns.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

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

// What container runtimes say.
TEST(Canonical, APathIsANameOrAProcessIfItIsTheirs) {
  const struct {
    const char *path, *is;
  } rows[] = {
      {"/run/netns/web", "web"},
      {"/var/run/netns/cni-4711", "cni-4711"},
      {"/proc/17/ns/net", "pid:17"},
      {"/proc/17/ns/mnt", "/proc/17/ns/mnt"},
      {"/proc/self/ns/net", "/proc/self/ns/net"},
      {"/run/netns/a/b", "/run/netns/a/b"},
      {"/run/netns/1234", "/run/netns/1234"},
      {"/run/netns/pid:17", "/run/netns/pid:17"},
      {"/run/netns/..", "/run/netns/.."},
      {"/run/docker/netns/web", "/run/docker/netns/web"},
  };
  for (const auto& row : rows) EXPECT_EQ(CanonicalNetns(row.path).value_or(""), row.is);
  EXPECT_TRUE(OpenNetns("/proc/self/ns/net").ok());
  // Of a name that is gone: this process's number is none of a namespace.
  EXPECT_TRUE(OpenNetns(std::to_string(getpid())).ok());
  EXPECT_TRUE(absl::IsNotFound(OpenCanonicalNetns(std::to_string(getpid())).status()));
  EXPECT_TRUE(absl::IsNotFound(OpenNetns("/dev/null").status()));
  EXPECT_TRUE(absl::IsNotFound(OpenNetns("/nowhere").status()));
}

}  // namespace
}  // namespace xsw
