// SPDX-License-Identifier: Apache-2.0
// An eswitch whose programs are not attached: `eswitch add` was killed late, or somebody has
// removed the pin of a link. A command that succeeds has mended it.
//
//    out ==wire== up0   up0sf1 === eth0 in c1
//                       up0sf2 === eth0 in c2
#include <gtest/gtest.h>

#include <chrono>

#include "tests/veth/pins.h"
#include "tests/veth/snapshot.h"
#include "tests/veth/stream.h"

namespace xsw::test {
namespace {

bool TrafficFlows() {
  for (const char* netns : {"", kOutside, "c1", "c2"}) FlushNeighbours(netns);
  return Ping({kOutside, kOutsideIp}, {"c1", IpOf(1)}) && Ping({"c1", IpOf(1)}, {"c2", IpOf(2)}) &&
         Ping({"", kHostIp}, {"c1", IpOf(1)}) && Ping({"c2", IpOf(2)}, {kOutside, kOutsideIp});
}

// "xdp ingress egress": which hooks of a netdev have a program.
std::string HooksOf(const std::string& dev) {
  std::string hooks;
  for (const std::string& word : Words(ProgramsOn(dev))) {
    if (!isdigit(word[0])) hooks += (hooks.empty() ? "" : " ") + word;
  }
  return hooks;
}

struct Lost {
  const char* name;
  std::vector<std::string> pins;
  const char* xdp = "off";
};
const Lost kLost[] = {
    {"UplinkIngress", {"link_xsw_uplink_rx"}},
    {"UplinkEgress", {"link_xsw_uplink_tx"}},
    {"UplinkBoth", {"link_xsw_uplink_rx", "link_xsw_uplink_tx"}},
    {"UplinkXdp", {"link_xsw_uplink_xdp"}, "on"},
    {"UplinkAll", {"link_xsw_uplink_rx", "link_xsw_uplink_tx", "link_xsw_uplink_xdp"}, "on"},
    {"RepresentorIngress", {"ports/1_xsw_port_rx"}},
    {"RepresentorEgress", {"ports/1_xsw_port_tx"}},
    {"RepresentorBoth", {"ports/1_xsw_port_rx", "ports/1_xsw_port_tx"}},
};
std::ostream& operator<<(std::ostream& out, const Lost& lost) { return out << lost.name; }

class LostPrograms : public testing::TestWithParam<Lost> {
 protected:
  LostPrograms() : t({.xdp = GetParam().xdp, .ports = 2}) {}
  static std::string Hooks() { return HooksOf(kUplink) + " | " + HooksOf("up0sf1"); }
  // Each program goes with its link, and the link with its pin.
  void Lose() {
    const size_t left = Words(whole).size() - GetParam().pins.size();
    for (const std::string& pin : GetParam().pins) Unpin(pin);
    ASSERT_TRUE(WaitFor([&] { return Words(Hooks()).size() == left; }))
        << "a link has outlived its pin";
  }
  std::string Shown() { return t.XswOk("-j eswitch show up0") + t.XswOk("-j port show up0/1"); }
  Topology t;
  const std::string whole = Hooks();
};

TEST_P(LostPrograms, IsMendedByAnyWritingCommandThatSucceeds) {
  for (const char* command :
       {"eswitch set up0 host on", "port function set up0/1 state active",
        "port function set up0/2 spoofchk on", "fdb add up0 02:00:00:00:0a:01 port up0/2",
        "fdb del up0 02:00:00:00:0a:01 port up0/2", "port add up0 sfnum 3", "port del up0/3"}) {
    SCOPED_TRACE(command);
    // It looks at no other port's netdevs, so that it takes no longer the more ports there are.
    const bool representors = GetParam().pins[0].find("ports/") != std::string::npos;
    if (representors && std::string(command).starts_with("port add")) {
      t.XswOk(command);
      continue;
    }
    Lose();
    const Result result = t.Xsw(command);
    if (result.status != 0) {
      EXPECT_NE(result.err.find("attach"), std::string::npos) << result.err;
      t.XswOk("eswitch del up0");
      return;
    }
    EXPECT_EQ(Hooks(), whole) << "success, and a program is missing";
    EXPECT_TRUE(TrafficFlows()) << "success, and no frame passes";
    if (HasFailure()) return;
  }
}

TEST_P(LostPrograms, IsSaidByShow) {
  const std::string before = Shown();
  Lose();
  EXPECT_NE(Shown(), before) << "says that all is well";
}

TEST_P(LostPrograms, LostIsInNobodysWayAtTheEnd) {
  Lose();
  t.XswOk("port del up0/1");
  t.XswOk("eswitch del up0");
  EXPECT_EQ(HooksOf(kUplink), "");
  EXPECT_EQ(StateDirs(), std::vector<std::string>{});
  EXPECT_EQ(Tree("/run/xsw"), std::vector<std::string>{});
}

INSTANTIATE_TEST_SUITE_P(, LostPrograms, testing::ValuesIn(kLost),
                         [](const auto& info) { return std::string(info.param.name); });

class KilledAdd : public testing::Test {
 protected:
  KilledAdd() : t({.eswitch = false}) {}
  // What a user does who finds that it was interrupted. From a command that succeeds on, it works.
  void Recover() {
    const Result again = t.Xsw("eswitch add up0");
    if (again.status != 0 && again.err.find("xsw eswitch del up0") != std::string::npos) {
      t.XswOk("eswitch del up0");
      t.XswOk("eswitch add up0");
    }
    t.AddPort(1);
    t.ConfigureFunction(1);
    EXPECT_TRUE(Ping({kOutside, kOutsideIp}, {"c1", IpOf(1)})) << "success, and no frame passes";
    EXPECT_TRUE(Ping({"", kHostIp}, {"c1", IpOf(1)})) << "success, and no frame passes";
    t.XswOk("eswitch del up0");
    t.sandbox().DeleteNetns("c1");
  }
  Topology t;
};

// From the middle of its time on: before, there is nothing to be taken for an eswitch.
TEST_F(KilledAdd, IsNoEswitchOrOneThatWorks) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  t.XswOk("eswitch add up0");
  const double all_ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  t.XswOk("eswitch del up0");
  constexpr int kKills = 24;
  for (int kill = kKills / 2; kill <= kKills && !HasFailure(); kill++) {
    SCOPED_TRACE("killed after " + std::to_string(kill) + "/" + std::to_string(kKills));
    Process add(t.XswArgv("eswitch add up0"));
    WaitFor([&] { return add.Done(); }, static_cast<int>(all_ms * kill / kKills));
    add.Kill();
    Recover();
  }
}

// The moment at which the state is whole and nothing attached.
TEST_F(KilledAdd, BeforeItsProgramsWereAttachedIsNoEswitchOrOneThatWorks) {
  t.XswOk("eswitch add up0 xdp off");
  auto state = Peek<xsw_eswitch>("xsw_eswitch", 0u);
  state.flags &= ~XSW_ESWITCH_READY;
  Poke("xsw_eswitch", 0u, state);
  Unpin("link_xsw_uplink_rx");
  Unpin("link_xsw_uplink_tx");
  ASSERT_TRUE(WaitFor([] { return HooksOf(kUplink).empty(); }));
  Recover();
}

}  // namespace
}  // namespace xsw::test
