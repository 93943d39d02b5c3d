// SPDX-License-Identifier: Apache-2.0
// One TCP flow between two places of a world.
#ifndef XSW_BENCH_TCP_FLOW_H_
#define XSW_BENCH_TCP_FLOW_H_

#include "absl/status/statusor.h"
#include "bench/world.h"

namespace xsw::bench {

// Sends as fast as it goes, by plain send(), and returns the Gb/s of payload that the receiver read
// in `seconds`, after a start that is not counted. Sender and receiver stay on CPUs of their own.
absl::StatusOr<double> TcpFlow(const World& world, Place from, Place to, double seconds);

}  // namespace xsw::bench

#endif  // XSW_BENCH_TCP_FLOW_H_
