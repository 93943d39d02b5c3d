// SPDX-License-Identifier: Apache-2.0
// The programs of `xsw capture` come and go, and whatever happens to it, and to the eswitch
// meanwhile, no frame is lost and the programs that switch are back.
//
//     out ==wire== up0   up0sf1 === c1
//                        up0sf2 === c2
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <fstream>

#include "tests/sweep/flows.h"
#include "tests/veth/captured.h"
#include "tests/veth/observers.h"
#include "tests/veth/offloaded.h"
#include "tests/veth/pins.h"
#include "tests/veth/snapshot.h"

namespace xsw::test {
namespace {

class CaptureLifetime : public testing::TestWithParam<std::string> {
 protected:
  CaptureLifetime() : t({.xdp = GetParam(), .ports = 2}) {}
  // All that xsw has on the netdevs, by id.
  static std::string Attached() {
    std::string all;
    for (const char* dev : {"up0", "up0sf1", "up0sf2"}) all += ProgramsOn(dev) + "\n";
    return all;
  }
  static bool HasCaptureDir() {
    const std::string dir = EswitchPath() + "/capture";
    return access(dir.c_str(), F_OK) == 0;
  }
  Topology t;
};

TEST_P(CaptureLifetime, NoFrameIsLostWhenItStartsAndStops) {
  const std::string before = Attached();
  Flows flows;
  flows.Let(kAllFlows);
  for (int round = 0; round < 5; round++) {
    Capturing capture(t, "up0");
    EXPECT_NE(Attached(), before);
    EXPECT_EQ(capture.End().status, 0);
    EXPECT_EQ(Attached(), before) << "round " << round;
    EXPECT_FALSE(HasCaptureDir());
  }
  EXPECT_EQ(flows.Losses(), "");
}

TEST_P(CaptureLifetime, OneThatIsKilledFallsSilentAndTheNextCommandPutsTheProgramsBack) {
  const std::string before = Attached();
  Flows flows;
  flows.Let(kAllFlows);
  Capturing capture(t, "up0");
  EXPECT_EQ(t.Xsw("check").status, 0) << "a capture that lives is nothing to mend";
  capture.process().Kill();
  EXPECT_NE(Attached(), before);
  Result check;
  EXPECT_TRUE(WaitFor([&] { return (check = t.Xsw("check")).status != 0; }, 20000));
  EXPECT_NE(check.out.find("up0: a capture was cut off"), std::string::npos) << check.out;
  t.XswOk("fdb add up0 02:00:00:00:0a:01 port up0/1");
  EXPECT_EQ(Attached(), before);
  EXPECT_FALSE(HasCaptureDir());
  EXPECT_EQ(t.Xsw("check").status, 0);
  EXPECT_EQ(flows.Losses(), "");
}

TEST_P(CaptureLifetime, AnotherOneTakesThePlaceOfOneThatWasKilled) {
  const std::string before = Attached();
  { Capturing(t, "up0").process().Kill(); }
  Capturing capture(t, "up0/1 in -c 1");
  Observers(t).Send(kFunction1, Numbered(Eth{.dst = kMac2, .src = kMac1} / Payload(60), 1));
  EXPECT_EQ(capture.process().Wait().err, "1 frames captured, 0 lost\n");
  EXPECT_EQ(Attached(), before);
}

TEST_P(CaptureLifetime, ASecondOneIsRefusedByNameAndChangesNothing) {
  Capturing capture(t, "up0");
  const std::string attached = Attached();
  std::ofstream("/run/kept") << "kept";
  const Result second = t.Xsw("capture up0 -w /run/kept");
  EXPECT_EQ(second.status, 1);
  EXPECT_NE(second.err.find("eswitch up0: PID " + std::to_string(capture.process().pid()) + " ("),
            std::string::npos)
      << second.err;
  EXPECT_NE(second.err.find("captures there already: end that first"), std::string::npos);
  EXPECT_EQ(ReadFile("/run/kept"), "kept");
  EXPECT_EQ(Attached(), attached);
  EXPECT_EQ(capture.End().status, 0);
}

TEST_P(CaptureLifetime, SeesAPortThatComesMeanwhileAndLeavesItTheOthersPrograms) {
  Capturing capture(t, "up0");
  t.AddPort(3);
  t.ConfigureFunction(3);
  t.XswOk("port del up0/2");
  const PacketSocket c3("c3", kContainerDev, kTestType), c1("c1", kContainerDev, kTestType);
  ASSERT_TRUE(c3.Send(Numbered(Eth{.dst = kMac1, .src = kMac3} / Payload(60), 7)));
  EXPECT_TRUE(c1.Receive(5000));
  EXPECT_EQ(capture.End().status, 0);
  std::string got;
  for (const CapturedRecord& record : capture.Read())
    if (record.id == 7) got += record.interface + " " + record.description + " ";
  EXPECT_EQ(got, "up0/3 up0sf3 up0/1 up0sf1 ");
  const Result check = t.Xsw("check");
  EXPECT_EQ(check.status, 0) << check.out;
  EXPECT_EQ(ProgramsOn("up0sf3"), ProgramsOn("up0sf1")) << "those that switch";
  EXPECT_TRUE(Ping({"c3", IpOf(3)}, {"c1", IpOf(1)}));
}

TEST_P(CaptureLifetime, ChangesOfSettingsLoseNothingAndKeepIt) {
  Capturing capture(t, "up0");
  for (const char* line :
       {"eswitch set up0 miss drop", "eswitch set up0 miss auto", "eswitch set up0 xdp on",
        "eswitch set up0 xdp off", "port function set up0/1 mtu 1400"})
    t.XswOk(line);
  EXPECT_TRUE(HasCaptureDir());
  EXPECT_TRUE(Ping({"c1", IpOf(1)}, {"c2", IpOf(2)}));
  EXPECT_EQ(capture.End().status, 0);
  EXPECT_EQ(t.Xsw("check").status, 0);
  EXPECT_TRUE(Ping({"c1", IpOf(1)}, {kOutside, kOutsideIp}));
}

TEST_P(CaptureLifetime, EndsWithItsEswitchAndLeavesNothing) {
  Capturing capture(t, "up0");
  t.XswOk("eswitch del up0");
  const Result result = capture.process().Wait();
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.err.find("another command (eswitch del, eswitch upgrade) has ended the capture"),
            std::string::npos)
      << result.err;
  EXPECT_EQ(ProgramsOn("up0"), "");
  EXPECT_TRUE(Tree(std::string(kTestBpffs) + "/xsw").empty());
}

TEST_P(CaptureLifetime, EndsWithAnUpgradeOfItsEswitch) {
  const std::string before = Attached();
  Capturing capture(t, "up0");
  t.XswOk("eswitch upgrade up0");
  EXPECT_EQ(Attached(), before);
  EXPECT_EQ(capture.process().Wait().status, 1);
  EXPECT_EQ(t.Xsw("check").status, 0);
}

TEST_P(CaptureLifetime, AFullDiskEndsItWithOneLineAndWholeFrames) {
  const std::string before = Attached();
  MustRun("mkdir /run/small");
  MustRun("mount -t tmpfs -o size=64k small /run/small");
  Flows flows;
  Capturing capture(t, "up0", "/run/small/captured");
  flows.Let(kAllFlows);
  const Result result = capture.process().Wait();
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.err.find("write /run/small/captured: No space left on device"),
            std::string::npos)
      << result.err;
  EXPECT_EQ(Attached(), before);
  EXPECT_EQ(flows.Losses(), "");
  EXPECT_EQ(RunCommand("tshark -n -r " + capture.file() + " -c 1000000").status, 0)
      << "no frame is cut";
}

INSTANTIATE_TEST_SUITE_P(Xdp, CaptureLifetime, testing::Values("off", "on"),
                         [](const auto& info) { return info.param; });

// As before Linux 6.6: filters of clsact in the place of links.
TEST(CaptureClsact, TakesThePlaceOfFiltersAndGivesItBack) {
  Topology t({.ports = 2});
  xsw_eswitch eswitch = Peek<xsw_eswitch>("xsw_eswitch", 0u);
  if (eswitch.tc == XSW_TC_TCX) {
    for (const std::string& path : Tree(EswitchPath())) {
      const bool is_link = path.find("/link_") != path.npos || path.find("/ports/") != path.npos;
      const Fd link(is_link ? bpf_obj_get(path.c_str()) : -1);
      if (!link) continue;
      Must(bpf_link_detach(link.get()) == 0 && unlink(path.c_str()) == 0, "detach " + path);
    }
    eswitch.tc = XSW_TC_CLSACT;
    Poke("xsw_eswitch", 0u, eswitch);
    t.XswOk("check --repair");
  }
  const auto filters = [] {
    return MustRun("tc filter show dev up0 ingress") + MustRun("tc filter show dev up0sf1 egress");
  };
  const std::string before = filters();
  ASSERT_NE(before.find("xsw_uplink_rx"), std::string::npos);
  Observers see(t);
  Capturing capture(t, "up0");
  EXPECT_NE(filters(), before);
  ASSERT_TRUE(see.Send(kFunction1, Numbered(Eth{.dst = kMac2, .src = kMac1} / Payload(60), 1)));
  see.Arrived();
  EXPECT_EQ(capture.End().status, 0);
  EXPECT_EQ(capture.Read().size(), 2u);
  EXPECT_EQ(filters(), before);
}

// Its member of libxdp's dispatcher is a build of its own.
TEST(CaptureShared, IsRefusedInADispatcher) {
  Topology t({.ports = 0});
  xsw_eswitch eswitch = Peek<xsw_eswitch>("xsw_eswitch", 0u);
  eswitch.xdp = XSW_XDP_SHARED;
  Poke("xsw_eswitch", 0u, eswitch);
  const Result result = t.Xsw("capture up0 -c 1");
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.err.find("(xdp shared), where none that captures can take its place"),
            std::string::npos)
      << result.err;
}

// Permits are of frames, whichever programs look at them.
using CaptureOffloaded = Offloaded;
TEST_F(CaptureOffloaded, TakesNoPermitAway) {
  Learn();
  for (int round = 0; round < 3; round++) {
    Capturing capture(t, "up0");
    EXPECT_LT(RisenOf([&] { Stream("c2", IpOf(2)); }), 100u);
    EXPECT_EQ(capture.End().status, 0);
    EXPECT_LT(RisenOf([&] { Stream("c2", IpOf(2)); }), 100u);
  }
}

}  // namespace
}  // namespace xsw::test
