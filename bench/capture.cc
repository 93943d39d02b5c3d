// SPDX-License-Identifier: Apache-2.0
#include "bench/capture.h"

#include <signal.h>
#include <unistd.h>

#include "bench/command.h"
#include "bench/contender.h"
#include "bench/cpu.h"
#include "bench/delivered.h"
#include "bench/frame.h"
#include "bench/patience.h"
#include "bench/pin.h"
#include "bench/sandbox.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

constexpr double kLimit = 10;

const Netdev kWire = {kOut, "eth0"}, kPort = {kPort1, "eth0"};

// Its directory (userspace/version_dir.h) is there from before its programs are attached until they
// are off.
absl::StatusOr<std::string> CapturePin(const World& world) {
  XSW_ASSIGN_OR_RETURN(const std::string state, PinsOf(world));
  return state.substr(0, state.rfind('/')) + "/capture/xsw_queue_rx";
}

}  // namespace

absl::StatusOr<std::unique_ptr<Capture>> Capture::Make() {
  XSW_ASSIGN_OR_RETURN(Generator generator, Generator::Load());
  XSW_ASSIGN_OR_RETURN(Sink sink, Sink::Load());
  XSW_ASSIGN_OR_RETURN(World never, Build(*FindContender(kXswStack), "ca", /*raw=*/true));
  XSW_ASSIGN_OR_RETURN(World sometimes, Build(*FindContender(kXswStack), "cb", /*raw=*/true));
  for (const World* world : {&never, &sometimes}) XSW_RETURN_IF_ERROR(sink.Attach(*world, kPort));
  sink.SetDrops(true);
  return std::unique_ptr<Capture>(
      new Capture(std::move(generator), std::move(sink), std::move(never), std::move(sometimes)));
}

absl::StatusOr<Measured> Capture::Measure(const World& world, double seconds) {
  return MeasureDelivered(generator_, world, kWire, kPort, MakeFrame(kOut, kPort1, 64), seconds);
}

absl::StatusOr<Measured> Capture::WhileCapturing(const std::vector<std::string>& words,
                                                 double seconds) {
  std::vector<std::string> command = {BuiltProgram("xsw"), "-n",   sometimes_.NetnsName(kHost),
                                      "--bpffs",           kBpffs, "capture"};
  command.insert(command.end(), words.begin(), words.end());
  command.insert(command.end(), {"-w", "/dev/null"});
  XSW_ASSIGN_OR_RETURN(const std::string pin, CapturePin(sometimes_));
  XSW_ASSIGN_OR_RETURN(const std::unique_ptr<Child> capture,
                       Child::Start(command, {SenderCpu()}, Child::Says::kNothing));
  if (!WaitUntil(kLimit, [&] { return access(pin.c_str(), F_OK) == 0; }))
    return absl::DeadlineExceededError("xsw capture does not start");
  LetFramesArrive();
  const absl::StatusOr<Measured> measured = Measure(sometimes_, seconds);
  capture->Signal(SIGINT);
  if (!WaitUntil(kLimit, [&] { return access(pin.c_str(), F_OK) != 0; }))
    return absl::DeadlineExceededError("xsw capture does not end");
  return measured;
}

Workload Capture::Frames(int rounds, double seconds) {
  const auto capturing = [this, seconds](std::vector<std::string> words) {
    return [this, seconds, words] { return WhileCapturing(words, seconds); };
  };
  return {.id = "capture_64",
          .title = "wire -> netdev port, 64 B, xsw capture",
          .unit = "Mpps",
          .rounds = rounds,
          .seconds = seconds + 0.5,
          .baselines = {kNeverCaptured},
          .cells = {{kNeverCaptured, [this, seconds] { return Measure(never_, seconds); }},
                    {kBetweenCaptures, [this, seconds] { return Measure(sometimes_, seconds); }},
                    {"another port is captured", capturing({"up0/2"})},
                    {"one record a frame", capturing({"up0/1", "out"})},
                    {"two records a frame", capturing({"up0"})}}};
}

}  // namespace xsw::bench
