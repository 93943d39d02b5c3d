// SPDX-License-Identifier: Apache-2.0
// Netdevs that cannot be an uplink are refused, with the reason.
#include <gtest/gtest.h>

#include "tests/veth/snapshot.h"

namespace xsw::test {
namespace {

struct Row {
  const char *name, *make, *uplink;
  std::vector<const char*> says;
};

TEST(UplinkKind, WhatCannotBeOneIsRefusedWithTheReason) {
  Topology t({.eswitch = false});
  MustRun("ip link add v0 type veth peer name v1");
  const Row kRows[] = {
      {"macvlan", "link add mv0 link v0 type macvlan mode bridge", "mv0", {"macvlan"}},
      {"private macvlan", "link add mv1 link v0 type macvlan mode private", "mv1", {"macvlan"}},
      {"ifb", "link add ifb7 type ifb", "ifb7", {"ifb"}},
      {"member of a bridge",
       "link add br0 type bridge\nlink set v1 master br0",
       "v1",
       {"a member of br0"}},
  };
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.name);
    Ip("", std::string(row.make) + "\n");
    const Snapshot before = TakeSnapshot(t);
    for (const char* option : {"", "-d "}) {
      const Result result = t.Xsw(std::string(option) + "eswitch add " + row.uplink);
      EXPECT_EQ(result.status, 1);
      EXPECT_TRUE(result.err.starts_with(std::string("Error: xsw: eswitch ") + row.uplink + ": "))
          << result.err;
      for (const char* part : row.says)
        EXPECT_NE(result.err.find(part), std::string::npos) << result.err;
      EXPECT_EQ(result.err.find("index"), std::string::npos)
          << "a number for a name: " << result.err;
    }
    EXPECT_EQ(Changes(before, TakeSnapshot(t)), "");
  }
}

}  // namespace
}  // namespace xsw::test
