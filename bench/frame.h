// SPDX-License-Identifier: Apache-2.0
// The frames that are sent.
#ifndef XSW_BENCH_FRAME_H_
#define XSW_BENCH_FRAME_H_

#include <cstdint>
#include <vector>

#include "bench/world.h"

namespace xsw::bench {

inline constexpr uint16_t kSinkPort = 9;

// IPv4/UDP from one place's address to another's kSinkPort. `size` bytes as the kernel counts them,
// without FCS; at least 64.
std::vector<uint8_t> MakeFrame(Place from, Place to, size_t size);

// The frame in a VXLAN (RFC 7348) from one place's address to another's.
std::vector<uint8_t> InVxlan(uint32_t vni, Place from, Place to, const std::vector<uint8_t>& frame);

// An 802.1Q tag in the data.
void AddTag(uint16_t vlan, std::vector<uint8_t>* frame);

}  // namespace xsw::bench

#endif  // XSW_BENCH_FRAME_H_
