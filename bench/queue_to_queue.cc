// SPDX-License-Identifier: Apache-2.0
#include "bench/queue_to_queue.h"

#include <unistd.h>

#include "bench/clock.h"
#include "bench/cpu.h"
#include "bench/patience.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

using Json = nlohmann::json;

constexpr uint64_t kCheckFrames = 1000;
constexpr double kEndSeconds = 10;

std::vector<std::string> SendWords(Place to, size_t size, const std::vector<std::string>& more) {
  std::vector<std::string> words = {"send", "--dst", FormatMac(MacOf(to)), "--size",
                                    absl::StrCat(size)};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

struct Both {
  Json sent, received;
};

absl::StatusOr<Both> SendAndReceive(const QueueLane& lane, const std::vector<std::string>& words) {
  const Awake awake(lane.world);
  XSW_ASSIGN_OR_RETURN(auto receiver, Application::Start(lane.queues[1], {"recv"}, LoadCpu()));
  XSW_ASSIGN_OR_RETURN(auto sender, Application::Start(lane.queues[0], words, SenderCpu()));
  Both both;
  XSW_ASSIGN_OR_RETURN(both.sent, sender->Finish(kEndSeconds));
  LetFramesArrive();
  XSW_ASSIGN_OR_RETURN(both.received, receiver->Stop());
  return both;
}

// What the sender sent is counted by its own clock; the receiver may go on for some milliseconds.
absl::StatusOr<Measured> MeasureApplications(const QueueLane& lane, size_t size, double seconds) {
  XSW_ASSIGN_OR_RETURN(
      Both both, SendAndReceive(lane, SendWords(kPort2, size, {"--time", absl::StrCat(seconds)})));
  const double received = both.received["frames"], sent = both.sent["frames"];
  return Measured{.value = received / both.sent["seconds"].get<double>() / 1e6,
                  .lost = 1 - received / sent};
}

// testpmd's own figures: its sender has none of what was sent but not taken.
absl::StatusOr<Measured> MeasureTestpmd(const QueueLane& lane, double seconds) {
  XSW_RETURN_IF_ERROR(lane.sink->Begin());
  XSW_RETURN_IF_ERROR(lane.source->Begin());
  const double start = Now();
  usleep(static_cast<useconds_t>(seconds * 1e6));  // the time that is measured
  const double took = Now() - start;
  XSW_ASSIGN_OR_RETURN(uint64_t received, lane.sink->End());
  XSW_RETURN_IF_ERROR(lane.source->End().status());
  return Measured{.value = static_cast<double>(received) / took / 1e6};
}

absl::StatusOr<Measured> MeasureToWire(const QueueLane& lane, size_t size, double seconds) {
  const Awake awake(lane.world);
  XSW_ASSIGN_OR_RETURN(Received before, CountReceived(lane.world, {kOut, "eth0"}));
  XSW_ASSIGN_OR_RETURN(
      auto sender,
      Application::Start(lane.queues[0], SendWords(kOut, size, {"--time", absl::StrCat(seconds)}),
                         SenderCpu()));
  XSW_ASSIGN_OR_RETURN(Json sent, sender->Finish(kEndSeconds));
  XSW_ASSIGN_OR_RETURN(Received after, CountReceived(lane.world, {kOut, "eth0"}));
  const auto received = static_cast<double>(after.frames - before.frames);
  return Measured{.value = received / sent["seconds"].get<double>() / 1e6,
                  .lost = 1 - received / sent["frames"].get<double>()};
}

absl::StatusOr<Measured> MeasureRoundTrips(const QueueLane& lane, double seconds) {
  const Awake awake(lane.world);
  XSW_ASSIGN_OR_RETURN(auto echo, Application::Start(lane.queues[1], {"echo"}, LoadCpu()));
  XSW_ASSIGN_OR_RETURN(auto lat,
                       Application::Start(lane.queues[0],
                                          {"lat", "--dst", FormatMac(MacOf(kPort2)), "--size", "64",
                                           "--count", "1000000", "--time", absl::StrCat(seconds)},
                                          SenderCpu()));
  XSW_ASSIGN_OR_RETURN(Json result, lat->Finish(kEndSeconds));
  XSW_RETURN_IF_ERROR(echo->Stop().status());
  const Json& us = result["round_trip_us"];
  const double lost = result["lost"], answered = result["frames"];
  if (answered == 0) return absl::InternalError("no frame came back");
  return Measured{.value = us["p50"], .lost = lost / (lost + answered), .p99 = us["p99"]};
}

absl::Status Check(const QueueLane& lane) {
  XSW_ASSIGN_OR_RETURN(Received out_before, CountReceived(lane.world, {kOut, "eth0"}));
  XSW_ASSIGN_OR_RETURN(
      Both both,
      SendAndReceive(
          lane, SendWords(kPort2, 64, {"--count", absl::StrCat(kCheckFrames), "--rate", "20000"})));
  XSW_ASSIGN_OR_RETURN(Received out_after, CountReceived(lane.world, {kOut, "eth0"}));
  const uint64_t came = both.received["frames"], leaked = out_after.frames - out_before.frames;
  const uint64_t missing = both.received.value("missing", kCheckFrames);
  if (came >= kCheckFrames && came < kCheckFrames + 10 && missing == 0 && leaked < 10)
    return absl::OkStatus();
  return absl::InternalError(absl::StrCat("self-check of ", lane.name, ", queue -> queue: of ",
                                          kCheckFrames, " frames ", came, " came, ", missing,
                                          " are missing, ", leaked, " went to the wire"));
}

// Nobody numbers its frames.
absl::Status CheckTestpmd(const QueueLane& lane) {
  XSW_ASSIGN_OR_RETURN(Received out_before, CountReceived(lane.world, {kOut, "eth0"}));
  XSW_ASSIGN_OR_RETURN(Measured measured, MeasureTestpmd(lane, 0.1));
  XSW_ASSIGN_OR_RETURN(Received out_after, CountReceived(lane.world, {kOut, "eth0"}));
  const uint64_t leaked = out_after.frames - out_before.frames;
  if (measured.value > 0 && leaked < 10) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("self-check of ", lane.name, ": ", measured.value,
                                          " Mpps, and ", leaked, " frames went to the wire"));
}

bool HasApplications(const QueueLane& lane) { return !lane.source; }
bool IsSwitch(const QueueLane& lane) {
  return lane.name == kXswQueues || lane.name == kQueuesBridge ||
         lane.name == kQueuesBridgeThreaded;
}

}  // namespace

absl::StatusOr<std::unique_ptr<QueueToQueue>> QueueToQueue::Make() {
  auto self = std::make_unique<QueueToQueue>();
  XSW_RETURN_IF_ERROR(self->Add(BuildXswQueues(kXswQueues, "qq", /*xdp=*/true, 2)));
  XSW_RETURN_IF_ERROR(self->Add(BuildQueuesBridge(/*threaded=*/false, "q")));
  XSW_RETURN_IF_ERROR(self->Add(BuildQueuesBridge(/*threaded=*/true, "q")));
  XSW_RETURN_IF_ERROR(self->Add(BuildTestpmdBridge()));
  XSW_RETURN_IF_ERROR(self->Add(BuildTestpmdSwitch()));
  XSW_RETURN_IF_ERROR(self->Add(BuildPairLimit()));
  return self;
}

absl::Status QueueToQueue::Add(absl::StatusOr<QueueLane> lane) {
  if (!lane.ok()) return lane.status();
  lanes_.push_back(std::make_unique<QueueLane>(*std::move(lane)));
  if (HasApplications(*lanes_.back())) return Patiently([&] { return Check(*lanes_.back()); });
  return Patiently([&] { return CheckTestpmd(*lanes_.back()); });
}

Workload QueueToQueue::Frames(size_t size, int rounds, double seconds) {
  Workload workload{.id = absl::StrCat("queue_queue_", size),
                    .title = absl::StrCat("queue block -> queue block, ", size, " B"),
                    .unit = "Mpps",
                    .rounds = rounds,
                    .seconds = seconds + 0.3,
                    .baselines = {kQueuesBridge, kTestpmdBridge, kPairLimit}};
  for (const auto& lane : lanes_) {
    if (!HasApplications(*lane) && size != kTestpmdSize) continue;
    workload.cells.push_back({lane->name, [&lane = *lane, size, seconds] {
                                return HasApplications(lane)
                                           ? MeasureApplications(lane, size, seconds)
                                           : MeasureTestpmd(lane, seconds);
                              }});
  }
  return workload;
}

Workload QueueToQueue::ToWire(size_t size, int rounds, double seconds) {
  Workload workload{.id = absl::StrCat("queue_wire_", size),
                    .title = absl::StrCat("queue block -> wire, ", size, " B"),
                    .unit = "Mpps",
                    .rounds = rounds,
                    .seconds = seconds + 0.2,
                    .baselines = {kQueuesBridge}};
  for (const auto& lane : lanes_)
    if (IsSwitch(*lane))
      workload.cells.push_back({lane->name, [&lane = *lane, size, seconds] {
                                  return MeasureToWire(lane, size, seconds);
                                }});
  return workload;
}

Workload QueueToQueue::RoundTrips(int rounds, double seconds) {
  Workload workload{.id = "queue_latency",
                    .title = "queue block <-> queue block, round trip",
                    .unit = "us",
                    .rounds = rounds,
                    .seconds = seconds + 0.3,
                    .baselines = {kQueuesBridge, kPairLimit}};
  for (const auto& lane : lanes_)
    if (HasApplications(*lane))
      workload.cells.push_back(
          {lane->name, [&lane = *lane, seconds] { return MeasureRoundTrips(lane, seconds); }});
  return workload;
}

}  // namespace xsw::bench
