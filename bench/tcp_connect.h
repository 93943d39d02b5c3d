// SPDX-License-Identifier: Apache-2.0
// A TCP connection between two places of a world.
#ifndef XSW_BENCH_TCP_CONNECT_H_
#define XSW_BENCH_TCP_CONNECT_H_

#include "absl/status/statusor.h"
#include "bench/world.h"

namespace xsw::bench {

// No call on either end waits for longer than some seconds.
struct Connection {
  Fd sender;
  Fd receiver;
};
absl::StatusOr<Connection> Connect(const World& world, Place from, Place to);

}  // namespace xsw::bench

#endif  // XSW_BENCH_TCP_CONNECT_H_
