// SPDX-License-Identifier: Apache-2.0
// An upgrade of `xdp shared`: the program of the new version takes the old one's place in libxdp's
// dispatcher, beside a filter that stays, under a stream of which no frame is lost. On a kernel
// that loads dispatchers (tests/vm).
//
//     out ==wire== up0   up0sf1 === c1
//                  xdp-filter
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "tests/upgrade/in_force.h"
#include "tests/upgrade/next_version.h"
#include "tests/upgrade/older_state.h"
#include "tests/veth/observers.h"

namespace xsw::test {
namespace {

constexpr uint32_t kNext = kNextAbi;
const Mac kFiltered = {2, 0, 0, 0, 0, 0x66};

class Shared : public testing::TestWithParam<uint32_t> {
 protected:
  Shared() : t({.eswitch = false, .xdp = "shared", .ports = 1}) {
    setenv("LIBXDP_BPFFS", kTestBpffs, 1);
    MustRun("xdp-filter load up0");
    MustRun("xdp-filter ether -m src " + Text(kFiltered));
    t.XswOk("eswitch add up0 xdp shared");
    t.AddPort(1);
    t.ConfigureFunction(1);
  }
  ~Shared() override {
    Next(t, "eswitch del up0");
    RunCommand("xdp-loader unload up0 --all");
  }
  static std::string Members() { return MustRun("xdp-loader status up0"); }
  // How often a word is in the list.
  static size_t Count(const std::string& word) {
    const std::string members = Members();
    size_t count = 0;
    for (size_t at = members.find(word); at != std::string::npos; at = members.find(word, at + 1))
      count++;
    return count;
  }
  // Frames from before the upgrade to behind it, at a rate that the sockets have room for until
  // then.
  uint32_t SendMeanwhile(const Argv& argv, const Observers& see) {
    constexpr uint32_t kAtLeast = 500, kAtMost = 150000;
    constexpr std::chrono::microseconds kPause(100);
    const Frame good = Eth{.dst = kMac1, .src = kOutsideMac} / Payload(60);
    const Frame bad = Eth{.dst = kMac1, .src = kFiltered} / Payload(60);
    uint32_t id = 0;
    Process upgrade(argv);
    while ((!upgrade.Done() || id < kAtLeast) && id < kAtMost) {
      EXPECT_TRUE(see.Send(kWire, Numbered(good, id++)));
      EXPECT_TRUE(see.Send(kWire, Numbered(bad, id++)));
      std::this_thread::sleep_for(kPause);  // the rate
    }
    EXPECT_LT(id, kAtMost) << "the stream has ended before the upgrade";
    const Result result = upgrade.Wait(60000);
    EXPECT_EQ(result.status, 0) << result.err;
    return id;
  }
  Topology t;
};

TEST_P(Shared, NoFrameIsLostNorPassesTheFilter) {
  if (GetParam() != kNext) BecomeOlder(GetParam());
  Observers see(t);
  const std::string line = "eswitch upgrade up0";
  const uint32_t sent =
      SendMeanwhile(GetParam() == kNext ? NextArgv(t, line) : t.XswArgv(line), see);
  const Arrivals arrived = see.Arrived();
  std::set<uint32_t> got;
  for (const Received& it : arrived[kFunction1]) got.insert(IdOf(it.frame));
  for (uint32_t id = 0; id < sent; id++) EXPECT_EQ(got.count(id), id % 2 == 0) << id;
  ExpectOneVersion();
  EXPECT_EQ(Count("xsw_uplink_xdp"), 1u) << Members();
  EXPECT_EQ(Count("xdpfilt_"), 1u) << Members();
}

INSTANTIATE_TEST_SUITE_P(, Shared, testing::Values(4u, 5u, 6u, XSW_ABI_VERSION, kNext),
                         [](const auto& info) { return "From" + std::to_string(info.param); });

}  // namespace
}  // namespace xsw::test
