// SPDX-License-Identifier: Apache-2.0
// An upgrade that is killed before or after any of its system calls, or in which one of them fails:
// the eswitch forwards on, and the next writing command, or the upgrade said again, completes or
// takes back.
//
//     out ==wire== up0   up0sf1 === c1    a netdev
//                        up0sf2 === a queue block
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>

#include "tests/sweep/injector.h"
#include "tests/upgrade/in_force.h"
#include "tests/upgrade/older_state.h"
#include "tests/veth/packet.h"
#include "tests/veth/pins.h"

namespace xsw::test {
namespace {

constexpr char kUpgrade[] = "eswitch upgrade up0";
constexpr char kWrite[] = "fdb add up0 02:00:00:00:0a:01 port up0/1";

struct Case {
  uint32_t from;
  bool clsact;
};

class Killed : public testing::TestWithParam<Case> {
 protected:
  Killed()
      : t({.ports = 1}),
        wire(kOutside, kContainerDev, kTestType),
        function("c1", kContainerDev, kTestType) {
    t.XswOk("port add up0 class queues state active");
    t.XswOk("port function set up0/1 mtu 1400 tx_max 1gbit");
  }
  void BecomeOld() {
    if (GetParam().clsact) BecomeClsact();
    BecomeOlder(GetParam().from);
  }
  // What its user has set.
  std::string Shown() { return t.XswOk("-j port show") + t.XswOk("-j fdb show"); }
  void ExpectTraffic() {
    const Bytes out = Numbered(Eth{.dst = kOutsideMac, .src = kMac1} / Payload(46), ++id);
    const Bytes in = Numbered(Eth{.dst = kMac1, .src = kOutsideMac} / Payload(46), ++id);
    EXPECT_TRUE(function.Send(out) && Gets(wire, out)) << "nothing gets out";
    EXPECT_TRUE(wire.Send(in) && Gets(function, in)) << "nothing gets in";
  }
  static bool Gets(const PacketSocket& socket, const Bytes& frame) {
    for (;;) {
      const std::optional<Received> got = socket.Receive(2000);
      if (!got) return false;
      if (got->frame == frame) return true;
    }
  }
  // One accident, and the way out.
  void Try(const Accident& accident, const std::string& before);
  Topology t;
  PacketSocket wire, function;
  uint32_t id = 0;
};

void Killed::Try(const Accident& accident, const std::string& before) {
  BecomeOld();
  const Trace run = RunTraced(t.XswArgv(kUpgrade), accident);
  ExpectTraffic();
  EXPECT_EQ(Shown(), before);
  t.XswOk("eswitch show up0");
  const Result next = t.Xsw(kWrite);
  if (next.status != 0) {
    EXPECT_NE(next.err.find("xsw eswitch upgrade up0"), std::string::npos) << next.err;
    t.XswOk(kUpgrade);
    t.XswOk(kWrite);
  }
  ExpectOneVersion();
  ExpectTraffic();
  t.XswOk("fdb del up0 02:00:00:00:0a:01 port up0/1");
  EXPECT_EQ(Shown(), before);
}

TEST_P(Killed, TheNextCommandCompletesOrTakesBack) {
  const std::string before = Shown();
  BecomeOld();
  const std::vector<Call> calls = RunTraced(t.XswArgv(kUpgrade)).calls;
  ASSERT_GT(calls.size(), 20u);
  std::vector<Accident> accidents;
  for (size_t i = 0; i < calls.size(); i++) {
    for (How how : {How::kKillBefore, How::kKillAfter}) accidents.push_back({how, i});
    for (int error : calls[i].errnos) accidents.push_back({How::kFail, i, error});
  }
  // All of them take minutes: a sample in each run, another one each time. XSW_ALL=1: all.
  const unsigned seed = std::random_device()();
  if (!std::getenv("XSW_ALL")) {
    std::shuffle(accidents.begin(), accidents.end(), std::mt19937(seed));
    accidents.resize(24);
  }
  SCOPED_TRACE("seed " + std::to_string(seed));
  for (const Accident& accident : accidents) {
    const char* const hows[] = {"nothing", "killed before", "killed after", "failing", "refused"};
    SCOPED_TRACE(std::string(hows[static_cast<int>(accident.how)]) + " " +
                 std::to_string(accident.call) + " " + calls[accident.call].what);
    Try(accident, before);
    if (HasFailure()) return;
  }
}

// It says what it did: the new version was in force before it.
TEST_P(Killed, SaidAgainItSaysThatItHasFinished) {
  BecomeOld();
  const auto is_switch = [](const Call& call) {
    return call.what.starts_with("rename") && call.what.ends_with("/current");
  };
  const std::vector<Call> calls = RunTraced(t.XswArgv(kUpgrade)).calls;
  const auto point = std::find_if(calls.begin(), calls.end(), is_switch);
  ASSERT_NE(point, calls.end());
  BecomeOld();
  RunTraced(t.XswArgv(kUpgrade), {How::kKillAfter, static_cast<size_t>(point - calls.begin())});
  EXPECT_EQ(t.XswOk(kUpgrade), "up0: what was left of an upgrade is done\n");
  ExpectOneVersion();
  ExpectTraffic();
}

const Case kCases[] = {{4, false}, {4, true}, {5, false}, {6, false}, {XSW_ABI_VERSION, false}};
INSTANTIATE_TEST_SUITE_P(, Killed, testing::ValuesIn(kCases), [](const auto& info) {
  return "From" + std::to_string(info.param.from) + (info.param.clsact ? "Clsact" : "Tcx");
});

}  // namespace
}  // namespace xsw::test
