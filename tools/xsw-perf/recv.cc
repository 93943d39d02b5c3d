// SPDX-License-Identifier: Apache-2.0
// recv and echo: what comes, over all queues.
#include <algorithm>
#include <cstring>

#include "tools/xsw-perf/frame.h"
#include "tools/xsw-perf/run.h"
#include "userspace/status.h"

namespace xsw::perf {
namespace {

constexpr int kCompletions = 256;

class Receiver {
 public:
  Receiver(Endpoint& endpoint, const Options& options)
      : endpoint_(endpoint), options_(options), begins_(endpoint.queues().size(), true) {}

  absl::StatusOr<Result> Run();

 private:
  absl::StatusOr<int> Serve(size_t at);
  void Count(const xswq_wc& wc, bool first);
  bool IsToUs(const xswq_wc& wc) const;
  absl::Status SendBack(Queue& queue);
  bool Over() const;

  Endpoint& endpoint_;
  const Options& options_;
  std::vector<bool> begins_;    // by queue: the next piece is the first of its frame
  std::vector<xswq_sge> back_;  // pieces to send
  std::vector<void*> done_;     // buffers to receive into again
  bool echoes_ = false;         // the frame at hand is sent back
  uint64_t lowest_ = UINT64_MAX, highest_ = 0, numbered_ = 0;
  Result result_;
  Clock::time_point start_ = Clock::now(), first_, last_;
};

void Receiver::Count(const xswq_wc& wc, bool first) {
  result_.bytes += wc.length;
  result_.frames += !(wc.flags & XSWQ_MORE);
  FrameHeader header;
  if (!first || !ReadHeader(wc.data, wc.length, &header)) return;
  lowest_ = std::min<uint64_t>(lowest_, header.number);
  highest_ = std::max<uint64_t>(highest_, header.number);
  numbered_++;
}

bool Receiver::IsToUs(const xswq_wc& wc) const {
  return wc.length >= 14 && !std::memcmp(wc.data, endpoint_.src().data(), 6);
}

absl::Status Receiver::SendBack(Queue& queue) {
  const int taken = xswq_post_send(queue.qp.get(), back_.data(), static_cast<int>(back_.size()));
  if (taken < 0) return QueueError(taken);
  // What there is no room for is lost, as in any echo server that is slower than its clients.
  for (size_t i = taken; i < back_.size(); i++) done_.push_back(back_[i].data);
  return absl::OkStatus();
}

absl::StatusOr<int> Receiver::Serve(size_t at) {
  Queue& queue = endpoint_.queues()[at];
  xswq_wc wc[kCompletions];
  const int count = xswq_poll_cq(queue.qp.get(), wc, kCompletions);
  if (count < 0) return QueueError(count);
  back_.clear();
  done_.clear();
  for (int i = 0; i < count; i++) {
    if (wc[i].opcode == XSWQ_SEND) {
      done_.push_back(wc[i].data);
      continue;
    }
    const bool first = begins_[at];
    begins_[at] = !(wc[i].flags & XSWQ_MORE);
    Count(wc[i], first);
    if (first) {
      echoes_ = options_.mode == Mode::kEcho && IsToUs(wc[i]);
      auto* bytes = static_cast<uint8_t*>(wc[i].data);
      if (echoes_) std::swap_ranges(bytes, bytes + 6, bytes + 6);
    }
    if (echoes_) {
      back_.push_back({wc[i].data, wc[i].length, wc[i].flags});
    } else {
      done_.push_back(wc[i].data);
    }
  }
  if (!back_.empty()) XSW_RETURN_IF_ERROR(SendBack(queue));
  if (!done_.empty())
    xswq_post_recv(queue.qp.get(), done_.data(), static_cast<int>(done_.size()));
  return count;
}

bool Receiver::Over() const {
  return Stopped() || (options_.count && result_.frames >= options_.count) ||
         (options_.seconds > 0 && Since(start_) >= options_.seconds);
}

absl::StatusOr<Result> Receiver::Run() {
  Progress progress;
  while (!Over()) {
    const uint64_t before = result_.frames;
    int any = 0;
    for (size_t at = 0; at < endpoint_.queues().size(); at++) {
      XSW_ASSIGN_OR_RETURN(int count, Serve(at));
      any += count;
    }
    if (result_.frames != before) {
      last_ = Clock::now();
      if (!before) first_ = last_;
    }
    if (!any) XSW_RETURN_IF_ERROR(endpoint_.Wait());
    progress.Show(result_);
  }
  result_.seconds = std::chrono::duration<double>(last_ - first_).count();
  const uint64_t sent = highest_ - lowest_ + 1;
  if (numbered_ && options_.mode == Mode::kRecv) result_.missing = sent - std::min(sent, numbered_);
  return result_;
}

}  // namespace

absl::StatusOr<Result> RunRecv(Endpoint& endpoint, const Options& options) {
  return Receiver(endpoint, options).Run();
}

absl::StatusOr<Result> RunEcho(Endpoint& endpoint, const Options& options) {
  return Receiver(endpoint, options).Run();
}

}  // namespace xsw::perf
