// SPDX-License-Identifier: Apache-2.0
// Of `xsw health`: which frames are lost, and are news; and when `xsw monitor` says that a reporter
// has changed.
//
//    out ==wire== up0   up0sf1 === eth0 in c1
//                       up0sf2 === eth0 in c2
#include <gtest/gtest.h>

#include "tests/veth/pins.h"
#include "tests/veth/reporters.h"
#include "tests/veth/stream.h"
#include "tests/veth/watcher.h"

namespace xsw::test {
namespace {

TEST(LostFrames, AreNewsUntilTheirUserHasTakenNote) {
  Topology t({.ports = 2});
  Lose(t, 1, 7);
  EXPECT_EQ(Brief(Reporter(t, "lost_frames")), "error 7/0");
  t.XswOk("eswitch set up0 host on");
  EXPECT_EQ(Brief(Reporter(t, "lost_frames")), "error 7/0") << "no other command takes note of it";
  t.XswOk("health recover up0 reporter lost_frames");
  EXPECT_EQ(t.ShowPort(1)["statistics"]["lost_at_function"], 7) << "no counter changes";
  Lose(t, 1, 9);  // in all
  Lose(t, 2, 3);
  const Json reporter = Reporter(t, "lost_frames");
  EXPECT_EQ(reporter["problems"].size(), 2u) << reporter;
  EXPECT_TRUE(reporter["error"] >= 7 + 2 + 3) << reporter;
  EXPECT_EQ(reporter["recover"], 7);
  t.XswOk("health recover up0 reporter lost_frames");
  EXPECT_EQ(StateOf(t, "lost_frames"), "healthy");
}

TEST(LostFrames, OfANetdevThatWasMadeAnewBeginAtNothing) {
  Topology t({.ports = 1});
  Lose(t, 1, 50);
  t.XswOk("health recover up0 reporter lost_frames");
  EndNamespace(t);
  t.sandbox().AddNetns("c1");
  t.XswOk("eswitch set up0 host on");
  t.ConfigureFunction(1);
  Lose(t, 1, 7);
  EXPECT_EQ(Reporter(t, "lost_frames")["problems"][0]["text"], "7 frames lost at its function");
}

TEST(LostFrames, AreNotThoseThatAreOnTheirWay) {
  Topology t({.ports = 2, .any_cpu = true});
  // A window, so that no queue overflows.
  TcpStream stream({"c1", IpOf(1)}, {"c2", IpOf(2)}, 64 * 1024);
  ASSERT_TRUE(stream.connected());
  for (int look = 0; look < 10; look++) {
    Process show(t.XswArgv("-j health show up0 reporter lost_frames"));
    while (!show.Done()) stream.Pump();
    const Json health = Json::parse(show.OutSoFar())["health"]["up0"][0];
    EXPECT_EQ(health["state"], "healthy") << health;
  }
  EXPECT_GT(stream.received(), 1000000u) << "and many were";
}

// The changes of a reporter that a monitor has told: "error 1/0".
std::vector<std::string> Told(Watcher& watcher, const std::string& reporter) {
  std::vector<std::string> told;
  for (const Json& event : watcher.Events())
    if (event["object"] == "health" && event["health"]["reporter"] == reporter)
      told.push_back(event["handle"].get<std::string>() + " " + Brief(event["health"]));
  return told;
}

TEST(HealthMonitor, SaysWhenAReporterChanges) {
  Topology t({.ports = 2});
  Watcher watcher(t), text(t, "");
  auto expect = [&](const char* reporter, const std::vector<std::string>& told) {
    EXPECT_TRUE(WaitFor([&] { return Told(watcher, reporter) == told; }, Watcher::kPatienceMs))
        << testing::PrintToString(watcher.Lines());
  };
  TakeOff("up0sf1", "ports/1_xsw_port_rx");
  expect("programs", {"up0 error 1/0"});
  ASSERT_TRUE(text.WaitForLines(2));
  EXPECT_NE(text.Lines()[1].find(
                " [health,set] up0: reporter programs state error error 1 recover 0 grace_period 0 "
                "auto_recover true; up0/1: xsw's programs are not on its representor up0sf1"),
            std::string::npos)
      << text.Lines()[1];
  t.XswOk("eswitch set up0 host on");
  expect("programs", {"up0 error 1/0", "up0 healthy 1/1"});
  Lose(t, 2, 7);
  expect("lost_frames", {"up0 error 7/0"});
  t.XswOk("health recover up0 reporter lost_frames");
  expect("lost_frames", {"up0 error 7/0", "up0 healthy 7/7"});
  EXPECT_EQ(Told(watcher, "tables"), std::vector<std::string>{});
}

TEST(HealthMonitor, SaysNothingOfHowItWasBefore) {
  Topology t({.ports = 1});
  TakeOff("up0sf1", "ports/1_xsw_port_rx");
  Watcher watcher(t);
  t.XswOk("eswitch set up0 host on");
  ASSERT_TRUE(WaitFor([&] { return !Told(watcher, "programs").empty(); }, Watcher::kPatienceMs));
  EXPECT_EQ(Told(watcher, "programs"), std::vector<std::string>{"up0 healthy 1/1"});
}

}  // namespace
}  // namespace xsw::test
