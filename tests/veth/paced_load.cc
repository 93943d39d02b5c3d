// SPDX-License-Identifier: Apache-2.0
#include "tests/veth/paced_load.h"

#include <ifaddrs.h>
#include <linux/if_link.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <deque>

#include "tests/veth/topology.h"

namespace xsw::test {
namespace {

using Clock = std::chrono::steady_clock;
double SecondsSince(Clock::time_point then) {
  return std::chrono::duration<double>(Clock::now() - then).count();
}

void PumpFor(PacedLoad& load, double seconds) {
  const auto then = Clock::now();
  while (SecondsSince(then) < seconds) load.Pump();
}

// Until the last 1.5 s have each been full of load, so that no bucket has anything left.
bool Exhaust(PacedLoad& load, double limit_bits) {
  constexpr double kLimitSeconds = 10;
  const double enough = 1.4 * limit_bits / 8 / static_cast<double>(load.frame()) / 10;
  const auto begin = Clock::now();
  std::deque<uint64_t> windows;
  while (SecondsSince(begin) < kLimitSeconds) {
    const uint64_t before = load.sent();
    PumpFor(load, 0.1);
    windows.push_back(load.sent() - before);
    if (windows.size() > 15) windows.pop_front();
    if (windows.size() == 15 && std::all_of(windows.begin(), windows.end(), [&](uint64_t n) {
          return static_cast<double>(n) >= enough;
        }))
      return true;
  }
  return false;
}

std::optional<Measured> MeasureOnce(PacedLoad& load, double limit_bits,
                                    const std::function<uint64_t()>& received) {
  constexpr double kSeconds = 5, kWindow = 0.25;
  if (!Exhaust(load, limit_bits)) return std::nullopt;
  const double bits = static_cast<double>(load.frame()) * 8;
  const uint64_t frames = received();
  const uint64_t sent = load.sent();
  const auto then = Clock::now();
  while (SecondsSince(then) < kSeconds) {
    const uint64_t before = load.sent();
    const auto window = Clock::now();
    PumpFor(load, kWindow);
    const double offered = bits * static_cast<double>(load.sent() - before) / SecondsSince(window);
    if (offered < 1.2 * limit_bits) return std::nullopt;
  }
  const double seconds = SecondsSince(then);
  return Measured{bits * static_cast<double>(load.sent() - sent) / seconds,
                  bits * static_cast<double>(received() - frames) / seconds};
}

}  // namespace

PacedLoad::PacedLoad(size_t frame, double bits, std::function<uint64_t(uint64_t)> send)
    : frame_(frame), per_second_(bits / 8 / static_cast<double>(frame)), send_(std::move(send)) {}

void PacedLoad::Pump() {
  const double now = SecondsSince(start_);
  due_ = std::max(due_, now * per_second_ - per_second_ / 10);
  const double missing = now * per_second_ - due_;
  if (missing < 1) return;
  const uint64_t due = static_cast<uint64_t>(missing);
  due_ += static_cast<double>(due);
  sent_ += send_(due);
}

std::optional<Measured> MeasureRate(PacedLoad& load, double limit_bits,
                                    const std::function<uint64_t()>& received) {
  std::optional<Measured> m;
  const auto begin = Clock::now();
  while (!m && SecondsSince(begin) < 30) m = MeasureOnce(load, limit_bits, received);
  return m;
}

uint32_t FramesIn(const std::string& netns) {
  InNetns in(netns);
  ifaddrs* all = nullptr;
  Must(getifaddrs(&all) == 0, "getifaddrs");
  uint32_t frames = 0;
  for (const ifaddrs* a = all; a; a = a->ifa_next) {
    if (a->ifa_addr && a->ifa_addr->sa_family == AF_PACKET && a->ifa_data &&
        !std::strcmp(a->ifa_name, kContainerDev))
      frames = static_cast<const rtnl_link_stats*>(a->ifa_data)->rx_packets;
  }
  freeifaddrs(all);
  return frames;
}

}  // namespace xsw::test
