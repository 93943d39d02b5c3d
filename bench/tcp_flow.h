// SPDX-License-Identifier: Apache-2.0
// TCP flows between two places of a world.
#ifndef XSW_BENCH_TCP_FLOW_H_
#define XSW_BENCH_TCP_FLOW_H_

#include "absl/status/statusor.h"
#include "bench/workload.h"
#include "bench/world.h"

namespace xsw::bench {

// Each sends as fast as it goes, by plain send(). Returns the Gb/s of payload that the receivers
// read in `seconds`, after a start that is not counted. Senders and receivers stay on CPUs of their
// own.
absl::StatusOr<Measured> TcpFlows(const World& world, Place from, Place to, int count,
                                  double seconds);

}  // namespace xsw::bench

#endif  // XSW_BENCH_TCP_FLOW_H_
