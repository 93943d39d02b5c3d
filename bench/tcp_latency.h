// SPDX-License-Identifier: Apache-2.0
// Request and response over TCP.
#ifndef XSW_BENCH_TCP_LATENCY_H_
#define XSW_BENCH_TCP_LATENCY_H_

#include "absl/status/statusor.h"
#include "bench/workload.h"
#include "bench/world.h"

namespace xsw::bench {

// A byte there and a byte back, one after the other, for that long: microseconds of the median
// round trip, and of the 99th percentile. Both ends sleep in between, on CPUs of their own.
absl::StatusOr<Measured> TcpRoundTrips(const World& world, Place from, Place to, double seconds);

}  // namespace xsw::bench

#endif  // XSW_BENCH_TCP_LATENCY_H_
