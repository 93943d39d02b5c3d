// SPDX-License-Identifier: Apache-2.0
// More than a rate limit lets through, and how much of it arrives.
//
//   PacedLoad load(1514, 2 * 100e6, [&](uint64_t due) { ... return sent; });
//   std::optional<Measured> m = MeasureRate(load, 100e6, [] { return FramesIn("c2"); });
#ifndef XSW_TESTS_VETH_PACED_LOAD_H_
#define XSW_TESTS_VETH_PACED_LOAD_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace xsw::test {

// Frames of one size at this many bits a second, as evenly as the machine lets it.
class PacedLoad {
 public:
  // send: up to so many frames that are due; how many it could send.
  PacedLoad(size_t frame, double bits, std::function<uint64_t(uint64_t due)> send);

  // What is due; how much it was behind is forgotten after 100 ms, less than a bucket holds.
  void Pump();

  size_t frame() const { return frame_; }
  uint64_t sent() const { return sent_; }

 private:
  size_t frame_;
  double per_second_;
  std::function<uint64_t(uint64_t)> send_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double due_ = 0;
  uint64_t sent_ = 0;
};

struct Measured {
  double offered, got;  // bit/s
};

// Over 5 s, with empty buckets at both ends, and never without load for so long that one gets full
// and what comes in then is lost. received: frames at the other end so far. Nothing: the machine
// was too busy for that, for 30 s.
std::optional<Measured> MeasureRate(PacedLoad& load, double limit_bits,
                                    const std::function<uint64_t()>& received);

// Frames that the netdev of a namespace (kContainerDev) has received.
uint32_t FramesIn(const std::string& netns);

}  // namespace xsw::test

#endif  // XSW_TESTS_VETH_PACED_LOAD_H_
