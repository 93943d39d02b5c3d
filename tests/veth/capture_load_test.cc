// SPDX-License-Identifier: Apache-2.0
// More frames than a capture can write: what is lost of them is counted, and no frame on its way
// is.
//
//     out ==wire== up0   up0sf1 === c1
#include <bpf/bpf.h>
#include <gtest/gtest.h>
#include <net/if.h>

#include <chrono>
#include <csignal>
#include <cstdio>

#include "tests/veth/captured.h"
#include "tests/veth/packet.h"
#include "tests/veth/snapshot.h"

namespace xsw::test {
namespace {

using Seconds = std::chrono::duration<double>;

uint64_t SteeredTo1(const Topology& t) {
  return t.ShowPort(1)["statistics"]["tx"]["unicast"]["frames"].get<uint64_t>();
}

TEST(CaptureLoad, CountsWhatItLosesOfAMillionFramesASecond) {
  constexpr uint32_t kFrames = 3'000'000;
  Topology t({.ports = 1, .any_cpu = true});
  // Else its other end takes no XDP frames.
  MustRun("ethtool -K up0 gro on");
  const XdpSender wire(kOutside, kContainerDev);
  const Bytes frame = (Eth{.dst = kMac1, .src = kOutsideMac} / Payload(46)).bytes;
  const uint64_t before = SteeredTo1(t);
  const std::string switching = ProgramsOn("up0");
  Process capture(t.XswArgv("capture up0/1 out -w /dev/null"));
  ASSERT_TRUE(WaitFor([&] { return ProgramsOn("up0") != switching; }));
  const auto start = std::chrono::steady_clock::now();
  wire.Send(frame, kFrames);
  const Seconds took = std::chrono::steady_clock::now() - start;
  uint64_t steered = 0;
  EXPECT_TRUE(WaitFor([&] {
    const uint64_t last = std::exchange(steered, SteeredTo1(t) - before);
    return steered > 0 && steered == last;
  }));
  kill(capture.pid(), SIGINT);
  const Result result = capture.Wait();
  const CaptureSaid said = SaidOf(result);
  std::printf("%.2f Mpps sent, %.2f steered; %s", kFrames / took.count() / 1e6,
              static_cast<double>(steered) / took.count() / 1e6, result.err.c_str());
  EXPECT_EQ(result.status, 0);
  EXPECT_GT(said.captured, 0u);
  EXPECT_EQ(said.captured + said.lost, steered);
}

}  // namespace
}  // namespace xsw::test
