// SPDX-License-Identifier: Apache-2.0
// One frame at a time, there and back.
#include <algorithm>

#include "tools/xsw-perf/frame.h"
#include "tools/xsw-perf/run.h"
#include "userspace/status.h"

namespace xsw::perf {
namespace {

constexpr double kAnswerSeconds = 1;  // then it is lost
constexpr int kCompletions = 64;

class Pinger {
 public:
  Pinger(Endpoint& endpoint, const Options& options) : endpoint_(endpoint), options_(options) {}
  absl::StatusOr<Result> Run();

 private:
  absl::Status Send(uint64_t number);
  // Whether the answer to this one has come.
  absl::StatusOr<bool> Poll(uint64_t number);
  absl::Status Exchange(uint64_t number);

  Endpoint& endpoint_;
  const Options& options_;
  Result result_;
};

absl::Status Pinger::Send(uint64_t number) {
  Queue& queue = endpoint_.first();
  if (options_.size > queue.info.buffer_size)
    return absl::InvalidArgumentError("lat sends no frames longer than a buffer: see --buffer");
  if (queue.free.empty()) return absl::InternalError("sends do not complete");
  void* buffer = queue.free.back();
  WriteHeader(buffer, *options_.dst, endpoint_.src(), number);
  const xswq_sge sge = {buffer, options_.size, 0};
  const int taken = xswq_post_send(queue.qp.get(), &sge, 1);
  if (taken < 0) return QueueError(taken);
  if (taken == 1) queue.free.pop_back();
  return absl::OkStatus();
}

absl::StatusOr<bool> Pinger::Poll(uint64_t number) {
  bool answered = false;
  for (Queue& queue : endpoint_.queues()) {
    xswq_wc wc[kCompletions];
    const int count = xswq_poll_cq(queue.qp.get(), wc, kCompletions);
    if (count < 0) return QueueError(count);
    for (int i = 0; i < count; i++) {
      FrameHeader header;
      if (wc[i].opcode == XSWQ_SEND) {
        queue.free.push_back(wc[i].data);
        continue;
      }
      if (ReadHeader(wc[i].data, wc[i].length, &header) && header.number == number) answered = true;
      xswq_post_recv(queue.qp.get(), &wc[i].data, 1);
    }
  }
  return answered;
}

absl::Status Pinger::Exchange(uint64_t number) {
  const Clock::time_point start = Clock::now();
  XSW_RETURN_IF_ERROR(Send(number));
  while (Since(start) < kAnswerSeconds && !Stopped()) {
    XSW_ASSIGN_OR_RETURN(bool answered, Poll(number));
    if (answered) {
      const auto ns = std::chrono::nanoseconds(Clock::now() - start).count();
      result_.round_trips.push_back(static_cast<uint32_t>(ns));
      result_.frames++;
      result_.bytes += options_.size;
      return absl::OkStatus();
    }
    XSW_RETURN_IF_ERROR(endpoint_.Wait());
  }
  // An answer that nobody waits for any more is not lost.
  if (!Stopped()) result_.lost++;
  return absl::OkStatus();
}

absl::StatusOr<Result> Pinger::Run() {
  Progress progress;
  const Clock::time_point start = Clock::now();
  for (uint64_t number = 0; number < options_.count && !Stopped(); number++) {
    if (options_.seconds > 0 && Since(start) >= options_.seconds) break;
    XSW_RETURN_IF_ERROR(Exchange(number));
    progress.Show(result_);
  }
  result_.seconds = Since(start);
  return result_;
}

}  // namespace

absl::StatusOr<Result> RunLat(Endpoint& endpoint, const Options& options) {
  return Pinger(endpoint, options).Run();
}

}  // namespace xsw::perf
