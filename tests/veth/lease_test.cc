// SPDX-License-Identifier: Apache-2.0
// xsw-bridge dies, hangs, or misses news: its permits end with their lease, and no frame with them.
#include <chrono>

#include "tests/sweep/flows.h"
#include "tests/veth/offloaded.h"

namespace xsw::test {
namespace {

using LeaseTest = Offloaded;

constexpr int kLeaseMs = 1000;
// The socket holds the news of some 11,000.
constexpr int kMany = 16000;

TEST_F(LeaseTest, WithoutItAllRises) {
  Learn();
  offload->process().Kill();
  ASSERT_TRUE(WaitFor([&] { return offload->Of(1) == "no_lease"; }));
  EXPECT_GT(RisenOf([&] { Stream("c2", IpOf(2)); }), 100u);
}

TEST_F(LeaseTest, WhenItStopsOrHangsAllRisesWithinASecond) {
  Learn();
  kill(offload->process().pid(), SIGSTOP);
  const auto from = std::chrono::steady_clock::now();
  EXPECT_TRUE(WaitFor([&] { return offload->Of(1) == "no_lease"; }));
  EXPECT_LT(std::chrono::steady_clock::now() - from, std::chrono::seconds(2));
  kill(offload->process().pid(), SIGCONT);
  EXPECT_TRUE(offload->Covers(2, 3));
  kill(offload->process().pid(), SIGTERM);
  EXPECT_TRUE(WaitFor([&] { return offload->Of(1) == "no_lease"; }));
  EXPECT_EQ(offload->process().Wait().status, 0);
}

// Datagrams between all places, each of them counted.
TEST_F(LeaseTest, NoFrameIsLostWhenItIsKilledAndStartedAgain) {
  Learn();
  Flows flows;
  flows.Let(kAllFlows);
  for (int round = 0; round < 3; round++) {
    const uint64_t risen = Risen();
    offload->process().Kill();
    ASSERT_TRUE(WaitFor([&] { return offload->Of(1) == "no_lease"; }));
    EXPECT_TRUE(WaitFor([&] { return Risen() > risen + 50; })) << "what was in the fast path rises";
    EXPECT_EQ(flows.Losses(), "");
    offload.emplace(t);
    ASSERT_TRUE(offload->Covers(2, 3)) << Said();
    EXPECT_EQ(flows.Losses(), "");
  }
}

TEST_F(LeaseTest, WhatTheBridgeForbidsAfterItWasKilledIsForbiddenWithinTheLease) {
  Learn();
  Probe probe;
  ASSERT_TRUE(probe.Passes());
  offload->process().Kill();
  const auto killed = std::chrono::steady_clock::now();
  MustRun("bridge link set dev up0sf1 isolated on");
  MustRun("bridge link set dev up0sf2 isolated on");
  EXPECT_TRUE(WaitFor([&] { return !probe.Passes(); }));
  // The clock of the programs is of whole ticks, 10 ms at most.
  EXPECT_LT(std::chrono::steady_clock::now() - killed,
            std::chrono::milliseconds(kLeaseMs + 200) * Patience());
  for (int i = 0; i < 100; i++) EXPECT_FALSE(probe.Passes());
}

// While it is stopped the kernel has more news for it than its socket holds.
TEST_F(LeaseTest, WhenNewsAreLostItPermitsNothingUntilItHasReadAllAnew) {
  Learn();
  kill(offload->process().pid(), SIGSTOP);
  AddAddresses(kMany);
  MustRun("bridge link set dev up0sf2 isolated on");
  MustRun("bridge link set dev up0sf1 isolated on");
  kill(offload->process().pid(), SIGCONT);
  ASSERT_TRUE(offload->Covers(2, kMany + 3));
  EXPECT_FALSE(Ping({"c1", IpOf(1)}, {"c2", IpOf(2)}));
  EXPECT_TRUE(Ping({"c1", IpOf(1)}, {kOutside, kOutsideIp}));
  EXPECT_NE(Said().find("news were lost"), std::string::npos);
}

}  // namespace
}  // namespace xsw::test
