// SPDX-License-Identifier: Apache-2.0
#include "bench/wire_to_queue.h"

#include <functional>

#include "bench/contender.h"
#include "bench/cpu.h"
#include "bench/frame.h"
#include "bench/patience.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

constexpr uint64_t kCheckFrames = 1000, kChatter = 10;
constexpr int kManyBlocks = 64;

const Netdev& WireEnd() {
  static const Netdev netdev = {kOut, "eth0"};
  return netdev;
}

// Frames that port 1's application, or what is in its place, received while `send` ran.
absl::StatusOr<uint64_t> Receive(const QueueLane& lane, const std::function<absl::Status()>& send) {
  if (lane.sink) {
    XSW_RETURN_IF_ERROR(lane.sink->Begin());
    XSW_RETURN_IF_ERROR(send());
    LetFramesArrive();
    return lane.sink->End();
  }
  XSW_ASSIGN_OR_RETURN(auto application, Application::Start(lane.queues[0], {"recv"}, SenderCpu()));
  XSW_RETURN_IF_ERROR(send());
  LetFramesArrive();
  XSW_ASSIGN_OR_RETURN(nlohmann::json result, application->Stop());
  return result["frames"].get<uint64_t>();
}

}  // namespace

absl::StatusOr<std::unique_ptr<WireToQueue>> WireToQueue::Make() {
  XSW_ASSIGN_OR_RETURN(Generator generator, Generator::Load());
  std::unique_ptr<WireToQueue> self(new WireToQueue(std::move(generator)));
  XSW_RETURN_IF_ERROR(self->Add(BuildXswQueues(kXswQueues, "xswq", /*xdp=*/true, 2)));
  XSW_RETURN_IF_ERROR(
      self->Add(BuildXswQueues(kXswManyQueues, "xswq64", /*xdp=*/true, kManyBlocks)));
  XSW_RETURN_IF_ERROR(self->Add(BuildXswQueues(kXswQueuesTc, "xswqtc", /*xdp=*/false, 2)));
  XSW_RETURN_IF_ERROR(self->Add(BuildQueuesBridge(/*threaded=*/false, "w")));
  XSW_RETURN_IF_ERROR(self->Add(BuildQueuesOvs()));
  XSW_RETURN_IF_ERROR(self->Add(BuildTestpmdBare()));
  XSW_RETURN_IF_ERROR(self->Add(BuildXskLimit()));
  XSW_RETURN_IF_ERROR(self->Add(BuildXskDevmapLimit()));
  return self;
}

absl::Status WireToQueue::Add(absl::StatusOr<QueueLane> lane) {
  if (!lane.ok()) return lane.status();
  lanes_.push_back(std::make_unique<QueueLane>(*std::move(lane)));
  return Patiently([&] { return Check(*lanes_.back()); });
}

absl::Status WireToQueue::Check(const QueueLane& lane) {
  const Awake awake(lane.world);
  const Netdev others[] = {{kHost, "up0"}, {kPort2, "eth0"}};
  uint64_t elsewhere = 0;
  for (const Netdev& other : others) {
    XSW_ASSIGN_OR_RETURN(auto received, CountReceived(lane.world, other));
    elsewhere -= received.at_stack;
  }
  const std::vector<uint8_t> frame = MakeFrame(kOut, kPort1, 64);
  XSW_ASSIGN_OR_RETURN(
      uint64_t came, Receive(lane, [&]() -> absl::Status {
        for (uint64_t sent = 0; sent < kCheckFrames; sent += 50)
          XSW_RETURN_IF_ERROR(generator_.Send(lane.world, WireEnd(), frame, 50).status());
        return absl::OkStatus();
      }));
  for (const Netdev& other : others) {
    XSW_ASSIGN_OR_RETURN(auto received, CountReceived(lane.world, other));
    elsewhere += received.at_stack;
  }
  if (came >= kCheckFrames && came <= kCheckFrames + kChatter && elsewhere <= kChatter)
    return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("self-check of ", lane.name, ", wire -> queue: of ", kCheckFrames, " frames ",
                   came, " came to the application, and ", elsewhere, " to other stacks"));
}

absl::StatusOr<Measured> WireToQueue::Measure(const QueueLane& lane,
                                              const std::vector<uint8_t>& frame, double seconds) {
  const Awake awake(lane.world);
  Sent sent;
  XSW_ASSIGN_OR_RETURN(uint64_t came, Receive(lane, [&]() -> absl::Status {
                         XSW_ASSIGN_OR_RETURN(
                             sent, generator_.SendFor(lane.world, WireEnd(), frame, seconds));
                         return absl::OkStatus();
                       }));
  const auto delivered = static_cast<double>(came);
  return Measured{.value = delivered / sent.seconds / 1e6,
                  .lost = 1 - delivered / static_cast<double>(sent.frames)};
}

Workload WireToQueue::Frames(size_t size, int rounds, double seconds) {
  const std::vector<uint8_t> frame = MakeFrame(kOut, kPort1, size);
  Workload workload{.id = absl::StrCat("wire_queue_", size),
                    .title = absl::StrCat("wire -> queue block, ", size, " B"),
                    .unit = "Mpps",
                    .rounds = rounds,
                    .seconds = seconds + 0.2,
                    .baselines = {kXskLimit, kTestpmdBare, kOvs}};
  for (const auto& lane : lanes_)
    workload.cells.push_back({lane->name, [this, &lane = *lane, frame, seconds] {
                                return Measure(lane, frame, seconds);
                              }});
  return workload;
}

}  // namespace xsw::bench
