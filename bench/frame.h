// SPDX-License-Identifier: Apache-2.0
// The frames that are sent.
#ifndef XSW_BENCH_FRAME_H_
#define XSW_BENCH_FRAME_H_

#include <cstdint>
#include <vector>

#include "bench/world.h"

namespace xsw::bench {

enum class Payload {
  kNobody,  // an ethertype that no stack takes: dropped as soon as a receiver's stack has the frame
  kUdp,     // IPv4/UDP to a port's address and kSinkPort
};
inline constexpr uint16_t kSinkPort = 9;

// `size` bytes as the kernel counts them, without FCS; at least 64.
std::vector<uint8_t> MakeFrame(Payload payload, Place from, Place to, size_t size);

}  // namespace xsw::bench

#endif  // XSW_BENCH_FRAME_H_
