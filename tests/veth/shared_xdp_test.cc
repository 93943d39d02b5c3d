// SPDX-License-Identifier: Apache-2.0
// `xdp shared`: xsw's program in libxdp's dispatcher on the uplink, beside programs of xdp-tools.
//
//     out ==wire== up0   up0sf1 === c1
//                  xdp-filter, xdpdump
//
// Some kernels do not load the dispatcher. On these xsw has to say so, leaving all as it was.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "tests/veth/packet.h"
#include "tests/veth/topology.h"

namespace xsw::test {
namespace {

const Mac kFiltered = {2, 0, 0, 0, 0, 0x66};  // what xdp-filter drops
constexpr char kRefusal[] = "this kernel does not load libxdp's dispatcher";

size_t CountEntries(const std::string& dir) {
  std::error_code none;
  const std::filesystem::directory_iterator entries(dir, none);
  return std::distance(begin(entries), end(entries));
}

class SharedXdp : public testing::Test {
 protected:
  SharedXdp() : t_({.eswitch = false, .xdp = "shared"}) {
    // Where libxdp's users keep their pins.
    setenv("LIBXDP_BPFFS", kTestBpffs, 1);
    wire_ = std::make_unique<PacketSocket>(kOutside, kContainerDev, kTestType);
  }
  ~SharedXdp() override {
    unsetenv("LIBXDP_SKIP_DISPATCHER");
    // A NIC goes back without programs.
    t_.Xsw("eswitch del up0");
    RunCommand("xdp-loader unload up0 --all");
  }

  void LoadFilter() {
    MustRun("xdp-filter load up0");
    MustRun("xdp-filter ether -m src " + Text(kFiltered));
  }
  static std::string Status() { return MustRun("xdp-loader status up0"); }
  static bool Runs(const std::string& program) {
    return Status().find(program) != std::string::npos;
  }
  // As libxdp itself does it; the filter that says so is gone again.
  static bool KernelHasDispatcher() {
    MustRun("xdp-filter load up0");
    const bool has = Runs("xdp_dispatcher");
    MustRun("xdp-filter unload up0");
    // The kernels of tests/vm do: there these tests must not be of refusals.
    EXPECT_TRUE(has || !getenv("XSW_OWN_MACHINE"));
    return has;
  }
  // xsw eswitch add up0 xdp shared, and a port. Whether this kernel can: else that it is refused
  // whole.
  bool AddShared() {
    const bool can = KernelHasDispatcher();
    return can ? Add() : Refused();
  }
  bool Add() {
    t_.XswOk("eswitch add up0 xdp shared");
    t_.AddPort(1);
    t_.ConfigureFunction(1);
    uplink_ = std::make_unique<PacketSocket>("", kUplink, ETH_P_ALL);
    port_ = std::make_unique<PacketSocket>(ContainerName(1), kContainerDev, kTestType);
    return true;
  }
  bool Refused() {
    const std::string before = Status();
    const Result result = t_.Xsw("eswitch add up0 xdp shared");
    EXPECT_EQ(result.status, 1);
    EXPECT_NE(result.err.find(kRefusal), std::string::npos) << result.err;
    EXPECT_NE(result.err.find("say xdp on"), std::string::npos) << result.err;
    EXPECT_EQ(Status(), before);
    EXPECT_FALSE(std::filesystem::exists(std::string(kTestBpffs) + "/xsw"));
    t_.XswOk("eswitch add up0 xdp off");
    const Result set = t_.Xsw("eswitch set up0 xdp shared");
    EXPECT_NE(set.err.find(kRefusal), std::string::npos) << set.err;
    EXPECT_EQ(Show()["xdp"], "off");
    return false;
  }
  Json Show() { return Json::parse(t_.XswOk("-j eswitch show up0"))["eswitch"]["up0"]; }

  // Whether a frame from there comes to port 1.
  bool Arrives(const Mac& src) {
    const Bytes frame = Numbered(Eth{.dst = kMac1, .src = src} / Payload(46), ++id_);
    const Bytes after = Numbered(Eth{.dst = kMac1, .src = kOutsideMac} / Payload(46), ++id_);
    wire_->Send(frame);
    wire_->Send(after);
    bool arrived = false;
    while (std::optional<Received> got = port_->Receive(5000)) {
      arrived = arrived || got->frame == frame;
      if (got->frame == after) return arrived;
    }
    ADD_FAILURE() << "nothing passes";
    return false;
  }
  // A frame that XDP redirects is never seen on the uplink.
  bool IsSteeredByXdp() {
    while (uplink_->Receive(0)) {
    }
    EXPECT_TRUE(Arrives(kOutsideMac));
    while (std::optional<Received> got = uplink_->Receive(0))
      if (IsTestFrame(got->frame)) return false;
    return true;
  }

  Topology t_;
  std::unique_ptr<PacketSocket> wire_, uplink_, port_;
  uint32_t id_ = 0;
};

TEST_F(SharedXdp, AloneSteersAndIsGoneWithTheEswitch) {
  if (!AddShared()) return;
  EXPECT_EQ(Show()["xdp"], "shared");
  EXPECT_EQ(Show()["xdp_attached"], true);
  EXPECT_TRUE(Runs("xsw_uplink_xdp"));
  EXPECT_TRUE(IsSteeredByXdp());
  t_.XswOk("eswitch del up0");
  EXPECT_FALSE(Runs("xsw_uplink_xdp") || Runs("xdp_dispatcher")) << Status();
  EXPECT_TRUE(std::filesystem::is_empty(std::string(kTestBpffs) + "/xdp"));
}

TEST_F(SharedXdp, RunsBesideAFilterThatWasThereBefore) {
  if (!KernelHasDispatcher()) {
    Refused();
    return;
  }
  LoadFilter();
  Add();
  EXPECT_TRUE(IsSteeredByXdp());
  EXPECT_FALSE(Arrives(kFiltered));
  t_.XswOk("eswitch del up0");
  EXPECT_TRUE(Runs("xdpfilt_") && !Runs("xsw_uplink_xdp")) << Status();
}

TEST_F(SharedXdp, RunsBesideAFilterThatComesLaterAndGoes) {
  if (!AddShared()) return;
  EXPECT_TRUE(Arrives(kFiltered));
  LoadFilter();
  EXPECT_TRUE(Runs("xdpfilt_") && Runs("xsw_uplink_xdp")) << Status();
  EXPECT_TRUE(IsSteeredByXdp());
  EXPECT_FALSE(Arrives(kFiltered));
  // Ports that come while both are there.
  t_.XswOk("port add up0 sfnum 7");
  t_.XswOk("port del up0/2");
  MustRun("xdp-filter unload up0");
  EXPECT_EQ(Show()["xdp_attached"], true);
  EXPECT_TRUE(Arrives(kFiltered));
  EXPECT_TRUE(IsSteeredByXdp());
}

TEST_F(SharedXdp, ShowsItsFramesToXdpdump) {
  if (!AddShared()) return;
  Process dump({"xdpdump", "-i", "up0", "-p", "xsw_uplink_xdp", "-x"});
  EXPECT_TRUE(WaitFor(
      [&] {
        EXPECT_FALSE(dump.Done());
        Arrives(kOutsideMac);
        return dump.OutSoFar().find("88 b5") != std::string::npos;
      },
      20000))
      << dump.OutSoFar();
  EXPECT_TRUE(IsSteeredByXdp());
}

TEST_F(SharedXdp, ChangesLiveToTheOtherSettingsAndBack) {
  if (!AddShared()) return;
  t_.XswOk("eswitch set up0 xdp on");
  EXPECT_FALSE(Runs("xdp_dispatcher"));
  EXPECT_TRUE(IsSteeredByXdp());
  t_.XswOk("eswitch set up0 xdp shared");
  EXPECT_TRUE(Runs("xdp_dispatcher") && IsSteeredByXdp()) << Status();
  t_.XswOk("eswitch set up0 xdp off");
  EXPECT_FALSE(Runs("xsw_uplink_xdp"));
  EXPECT_TRUE(Arrives(kOutsideMac));
  t_.XswOk("eswitch set up0 xdp shared");
  LoadFilter();
  const Result on = t_.Xsw("eswitch set up0 xdp on");
  EXPECT_EQ(on.status, 1);
  EXPECT_NE(on.err.find("xdp shared"), std::string::npos) << on.err;
  EXPECT_TRUE(Runs("xdpfilt_") && Runs("xsw_uplink_xdp")) << Status();
  EXPECT_TRUE(IsSteeredByXdp());
}

TEST_F(SharedXdp, SaysWhenSomebodyHasTakenItOutAndJoinsAgain) {
  if (!AddShared()) return;
  MustRun("xdp-loader unload up0 --all");
  EXPECT_EQ(Show()["xdp_attached"], false);
  EXPECT_NE(Show()["note"].get<std::string>().find("xdp shared"), std::string::npos);
  EXPECT_TRUE(Arrives(kOutsideMac)) << "tc does it";
  t_.XswOk("port function set up0/1 isolated on");
  EXPECT_EQ(Show()["steers"], "stack");
  t_.XswOk("eswitch set up0 xdp shared");
  EXPECT_EQ(Show()["xdp_attached"], true);
  EXPECT_TRUE(IsSteeredByXdp());
}

TEST_F(SharedXdp, LeavesNothingOfItsOwnWhenTheUplinkIsGone) {
  if (!AddShared()) return;
  uplink_.reset();
  MustRun("ip link del up0");
  t_.XswOk("eswitch del up0");
  EXPECT_TRUE(std::filesystem::is_empty(std::string(kTestBpffs) + "/xdp"));
}

// Programs that are there alone: on any kernel.
TEST_F(SharedXdp, IsWhatTheErrorNamesWhereAnotherProgramIs) {
  LoadFilter();
  const std::string before = Status();
  for (const char* xdp : {"on", "auto"}) {
    // On a veth it leaves XDP alone.
    if (!OnNics() && xdp == std::string("auto")) continue;
    const Result result = t_.Xsw(std::string("eswitch add up0 xdp ") + xdp);
    EXPECT_EQ(result.status, 1);
    EXPECT_NE(result.err.find("another XDP program is on it"), std::string::npos) << result.err;
    EXPECT_NE(result.err.find("say xdp shared"), std::string::npos) << result.err;
    EXPECT_EQ(Status(), before);
    EXPECT_EQ(CountEntries(std::string(kTestBpffs) + "/xsw"), 0u);
    EXPECT_EQ(CountEntries("/run/xsw"), 0u);
  }
}

TEST_F(SharedXdp, IsRefusedBesideAProgramOutsideOfADispatcher) {
  const bool can = KernelHasDispatcher();
  setenv("LIBXDP_SKIP_DISPATCHER", "1", 1);
  MustRun("xdp-filter load up0");
  unsetenv("LIBXDP_SKIP_DISPATCHER");
  const std::string before = Status();
  const Result shared = t_.Xsw("eswitch add up0 xdp shared");
  EXPECT_EQ(shared.status, 1);
  EXPECT_NE(shared.err.find(can ? "is not in a dispatcher of libxdp's" : kRefusal),
            std::string::npos)
      << shared.err;
  EXPECT_EQ(Status(), before);
}

// libxdp would say nothing and put the program there alone.
TEST_F(SharedXdp, IsRefusedWhereLibxdpMakesNoDispatcher) {
  const bool can = KernelHasDispatcher();
  setenv("LIBXDP_SKIP_DISPATCHER", "1", 1);
  const Result shared = t_.Xsw("eswitch add up0 xdp shared");
  EXPECT_EQ(shared.status, 1);
  EXPECT_NE(shared.err.find(can ? "libxdp has made no dispatcher" : kRefusal), std::string::npos)
      << shared.err;
  EXPECT_FALSE(Runs("xsw_uplink_xdp")) << Status();
  EXPECT_NE(t_.Xsw("eswitch show up0").err.find("does not exist"), std::string::npos);
}

}  // namespace
}  // namespace xsw::test
