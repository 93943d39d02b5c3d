// SPDX-License-Identifier: Apache-2.0
// One measurement of frames on their way through a world.
#ifndef XSW_BENCH_DELIVERED_H_
#define XSW_BENCH_DELIVERED_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/generator.h"
#include "bench/workload.h"
#include "bench/world.h"

namespace xsw::bench {

// Mpps that arrive at `to`, by that netdev's own counter, of what the generator sends out of `from`
// for about so many seconds; what that costs, and what is lost.
absl::StatusOr<Measured> MeasureDelivered(Generator& generator, const World& world,
                                          const Netdev& from, const Netdev& to,
                                          const std::vector<uint8_t>& frame, double seconds);

}  // namespace xsw::bench

#endif  // XSW_BENCH_DELIVERED_H_
