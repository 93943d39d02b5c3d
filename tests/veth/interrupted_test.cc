// SPDX-License-Identifier: Apache-2.0
// xsw killed (-9) in the middle of its work: the next commands get over it, and nothing is left.
//
//    out ==wire== up0   up0sf1 === eth0 in c1
#include <gtest/gtest.h>

#include <chrono>
#include <functional>

#include "tests/veth/snapshot.h"
#include "tests/veth/stream.h"

namespace xsw::test {
namespace {

constexpr int kKills = 8;

// Runs the command kKills times, killed after a growing part of the time that it takes undisturbed:
// from its start to past its end. prepare before and recover after each.
void KillAtManyMoments(const Topology& t, const std::string& command,
                       const std::function<void()>& prepare, const std::function<void()>& recover) {
  using Clock = std::chrono::steady_clock;
  prepare();
  const auto start = Clock::now();
  t.XswOk(command);
  const double all_ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  recover();
  for (int kill = 0; kill <= kKills; kill++) {
    SCOPED_TRACE("killed after " + std::to_string(kill) + "/" + std::to_string(kKills) + " of " +
                 std::to_string(all_ms) + " ms");
    prepare();
    Process process(t.XswArgv(command));
    WaitFor([&] { return process.Done(); }, static_cast<int>(all_ms * kill / kKills));
    process.Kill();
    recover();
    if (testing::Test::HasFailure()) return;
  }
}

class Interrupted : public testing::Test {
 protected:
  Interrupted() : t({.eswitch = false}) {
    t.sandbox().AddNetns("c1");
    t.sandbox().AddNetns("c2");
    // The top directory of all eswitches stays.
    t.XswOk("eswitch add up0");
    t.XswOk("eswitch del up0");
    before = TakeSnapshot(t, {.netns_ids = false});
  }
  // What a user would do who finds that a command was interrupted.
  void DelEswitch() {
    const Result result = t.Xsw("eswitch del up0");
    EXPECT_TRUE(result.status == 0 || result.err.find("does not exist") != std::string::npos)
        << result.err;
    EXPECT_EQ(Changes(before, TakeSnapshot(t, {.netns_ids = false})), "");
  }
  Topology t;
  Snapshot before;
};

TEST_F(Interrupted, EswitchAdd) {
  KillAtManyMoments(
      t, "eswitch add up0", [] {},
      [this] {
        if (t.Xsw("eswitch add up0").status != 0 && t.Xsw("port add up0").status != 0) {
          t.XswOk("eswitch del up0");
          t.XswOk("eswitch add up0");
        }
        DelEswitch();
      });
}

TEST_F(Interrupted, EswitchDel) {
  KillAtManyMoments(
      t, "eswitch del up0",
      [this] {
        t.XswOk("eswitch add up0");
        t.XswOk("port add up0 netns c1 state active");
      },
      [this] { DelEswitch(); });
}

TEST_F(Interrupted, PortAdd) {
  t.XswOk("eswitch add up0");
  t.XswOk("port add up0");
  t.XswOk("port del up0/1");
  const Snapshot empty = TakeSnapshot(t, {.netns_ids = false});
  KillAtManyMoments(
      t, "port add up0 netns c1 ifname eth0 state active", [] {},
      [&] {
        t.Xsw("port del up0/1");
        EXPECT_EQ(t.Xsw("port add up0 netns c1 ifname eth0 state active").err, "");
        EXPECT_EQ(t.Xsw("port del up0/1").err, "");
        EXPECT_EQ(Changes(empty, TakeSnapshot(t, {.netns_ids = false})), "");
      });
}

TEST_F(Interrupted, PortDel) {
  t.XswOk("eswitch add up0");
  t.XswOk("port add up0");
  t.XswOk("port del up0/1");
  const Snapshot empty = TakeSnapshot(t, {.netns_ids = false});
  KillAtManyMoments(
      t, "port del up0/1", [this] { t.XswOk("port add up0 netns c1 ifname eth0 state active"); },
      [&] {
        const Result result = t.Xsw("port del up0/1");
        EXPECT_TRUE(result.status == 0 || result.err.find("does not exist") != std::string::npos)
            << result.err;
        t.XswOk("eswitch set up0 host on");
        EXPECT_EQ(Changes(empty, TakeSnapshot(t, {.netns_ids = false})), "");
      });
}

TEST_F(Interrupted, FunctionSet) {
  t.XswOk("eswitch add up0");
  t.XswOk("port add up0 hw_addr 02:00:00:00:00:01 netns c1 ifname eth0 state active");
  const std::string move =
      "port function set up0/1 mtu 1400 hw_addr 02:00:00:00:00:77 netns c2 ifname wan0";
  KillAtManyMoments(
      t, move,
      [this] {
        t.XswOk(
            "port function set up0/1 mtu 1500 hw_addr 02:00:00:00:00:01 netns c1 ifname eth0 "
            "state active");
      },
      [&] {
        EXPECT_EQ(t.Xsw(move).err, "");
        EXPECT_EQ(LinkOf("c2", "wan0").value("mtu", 0), 1400);
        EXPECT_EQ(LinkOf("c2", "wan0").value("address", ""), "02:00:00:00:00:77");
        EXPECT_EQ(UnicastList(kUplink), std::set<std::string>{"02:00:00:00:00:77"});
        MustRun("ip -n c2 link set wan0 up");
        MustRun("ip -n c2 addr replace " + IpOf(1) + "/24 dev wan0");
        FlushNeighbours(kOutside);
        EXPECT_TRUE(Ping({"c2", IpOf(1)}, {kOutside, kOutsideIp}));
      });
}

}  // namespace
}  // namespace xsw::test
