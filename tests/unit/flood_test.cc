// SPDX-License-Identifier: Apache-2.0
// The list of flood members. A memfd stands for the map: all that MappedArray asks of an fd is
// mmap.
#include "switchdev_model/tables/flood.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <random>
#include <set>

namespace xsw {
namespace {

using Ports = MappedArray<xsw_port>;

class FloodList : public testing::Test {
 protected:
  static Ports MapPorts() {
    Fd fd(memfd_create("ports", MFD_CLOEXEC));
    EXPECT_EQ(ftruncate(fd.get(), (XSW_MAX_PORTS + 1) * sizeof(Ports::Element)), 0);
    absl::StatusOr<Ports> ports = Ports::Map(fd.get(), XSW_MAX_PORTS + 1);
    EXPECT_TRUE(ports.ok()) << ports.status();
    return *std::move(ports);
  }

  // As bpf/flood.h walks it.
  std::vector<uint32_t> Walk() {
    std::vector<uint32_t> walk;
    for (uint32_t at = ports_[0].next_member; at; at = ports_[at].next_member) walk.push_back(at);
    return walk;
  }

  Ports ports_ = MapPorts();
};

TEST_F(FloodList, MembersAreInRisingOrderHoweverTheyCame) {
  for (uint32_t port : {7, 3, 4096, 1, 5}) JoinFlood(ports_, port);
  EXPECT_EQ(Walk(), (std::vector<uint32_t>{1, 3, 5, 7, 4096}));
}

TEST_F(FloodList, JoiningTwiceAndLeavingTwiceChangeNothing) {
  JoinFlood(ports_, 2);
  JoinFlood(ports_, 2);
  EXPECT_EQ(Walk(), (std::vector<uint32_t>{2}));
  LeaveFlood(ports_, 2);
  LeaveFlood(ports_, 2);
  LeaveFlood(ports_, 9);
  EXPECT_TRUE(Walk().empty());
}

TEST_F(FloodList, AFloodThatStandsOnALeavingPortGoesOnToTheRest) {
  for (uint32_t port : {1, 2, 3}) JoinFlood(ports_, port);
  LeaveFlood(ports_, 2);
  EXPECT_EQ(ports_[2].next_member, 3u);
}

TEST_F(FloodList, RandomChangesLeaveExactlyTheMembers) {
  std::mt19937 random(20261125);
  std::set<uint32_t> members;
  for (int i = 0; i < 5000; i++) {
    uint32_t port = 1 + random() % 64;
    if (random() % 2) {
      JoinFlood(ports_, port);
      members.insert(port);
    } else {
      LeaveFlood(ports_, port);
      members.erase(port);
    }
    ASSERT_EQ(Walk(), std::vector<uint32_t>(members.begin(), members.end()))
        << "after change " << i;
  }
}

}  // namespace
}  // namespace xsw
