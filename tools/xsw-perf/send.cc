// SPDX-License-Identifier: Apache-2.0
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "tools/xsw-perf/frame.h"
#include "tools/xsw-perf/run.h"
#include "userspace/status.h"

namespace xsw::perf {
namespace {

constexpr int kCompletions = 256;
constexpr double kDrainSeconds = 1;

class Sender {
 public:
  Sender(Endpoint& endpoint, const Options& options)
      : endpoint_(endpoint), options_(options), queue_(endpoint.first()) {
    pieces_ = (options.size + queue_.info.buffer_size - 1) / queue_.info.buffer_size;
    // Payload of zeros; the headers are written for each frame.
    for (void* buffer : queue_.free) std::memset(buffer, 0, queue_.info.buffer_size);
  }

  absl::StatusOr<Result> Run();

 private:
  uint64_t Due() const;
  // Frames that were taken.
  absl::StatusOr<uint64_t> SendSome(uint64_t frames);
  void AppendFrame();
  absl::StatusOr<int> TakeCompletions();
  absl::Status Drain();

  Endpoint& endpoint_;
  const Options& options_;
  Queue& queue_;
  uint32_t pieces_;
  std::vector<xswq_sge> batch_;
  uint64_t outstanding_ = 0;  // buffers
  Result result_;
  Clock::time_point start_ = Clock::now();
};

// How many frames are to be sent now.
uint64_t Sender::Due() const {
  uint64_t due = options_.batch;
  if (options_.count) due = std::min(due, options_.count - result_.frames);
  if (!options_.rate) return due;
  const auto scheduled = static_cast<uint64_t>(Since(start_) * static_cast<double>(options_.rate));
  return std::min(due, scheduled > result_.frames ? scheduled - result_.frames : 0);
}

void Sender::AppendFrame() {
  uint32_t left = options_.size;
  for (uint32_t piece = 0; piece < pieces_; piece++) {
    void* buffer = queue_.free.back();
    queue_.free.pop_back();
    const uint32_t length = std::min(left, queue_.info.buffer_size);
    left -= length;
    if (piece == 0)
      WriteHeader(buffer, *options_.dst, endpoint_.src(),
                  result_.frames + batch_.size() / pieces_);
    batch_.push_back({buffer, length, left ? XSWQ_MORE : 0});
  }
}

absl::StatusOr<uint64_t> Sender::SendSome(uint64_t frames) {
  batch_.clear();
  for (uint64_t i = 0; i < frames && queue_.free.size() >= pieces_; i++) AppendFrame();
  const int taken =
      xswq_post_send(queue_.qp.get(), batch_.data(), static_cast<int>(batch_.size()));
  if (taken < 0) return QueueError(taken);
  for (size_t i = taken; i < batch_.size(); i++) queue_.free.push_back(batch_[i].data);
  outstanding_ += taken;
  return taken / pieces_;
}

absl::StatusOr<int> Sender::TakeCompletions() {
  xswq_wc wc[kCompletions];
  const int count = xswq_poll_cq(queue_.qp.get(), wc, kCompletions);
  if (count < 0) return QueueError(count);
  for (int i = 0; i < count; i++) {
    if (wc[i].opcode == XSWQ_SEND) {
      queue_.free.push_back(wc[i].data);
      outstanding_--;
    } else {
      xswq_post_recv(queue_.qp.get(), &wc[i].data, 1);
    }
  }
  return count;
}

absl::Status Sender::Drain() {
  const Clock::time_point start = Clock::now();
  while (outstanding_ && Since(start) < kDrainSeconds) {
    XSW_ASSIGN_OR_RETURN(int count, TakeCompletions());
    if (!count) sched_yield();
  }
  return absl::OkStatus();
}

absl::StatusOr<Result> Sender::Run() {
  Progress progress;
  while (!Stopped() && (!options_.count || result_.frames < options_.count) &&
         (options_.seconds == 0 || Since(start_) < options_.seconds)) {
    const uint64_t due = Due();
    if (!due && !options_.busy) usleep(50);
    XSW_ASSIGN_OR_RETURN(uint64_t sent, SendSome(due));
    result_.frames += sent;
    result_.bytes += sent * options_.size;
    XSW_ASSIGN_OR_RETURN(int completed, TakeCompletions());
    // The switch must have the CPU to take what waits for it.
    if (due && !sent && !completed) sched_yield();
    progress.Show(result_);
  }
  XSW_RETURN_IF_ERROR(Drain());
  result_.seconds = Since(start_);
  return result_;
}

}  // namespace

absl::StatusOr<Result> RunSend(Endpoint& endpoint, const Options& options) {
  return Sender(endpoint, options).Run();
}

}  // namespace xsw::perf
