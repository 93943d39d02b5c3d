// SPDX-License-Identifier: Apache-2.0
// Workloads: one TCP flow, every offload as the kernel sets it.
#ifndef XSW_BENCH_TCP_BULK_H_
#define XSW_BENCH_TCP_BULK_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/contender.h"
#include "bench/workload.h"

namespace xsw::bench {

class TcpBulk {
 public:
  static absl::StatusOr<std::unique_ptr<TcpBulk>> Make();

  // One per pair of places. They refer to this object.
  std::vector<Workload> Flows(int rounds, double seconds);

 private:
  struct Lane {
    const Contender* contender;
    World world;
  };
  std::vector<Lane> lanes_;
};

}  // namespace xsw::bench

#endif  // XSW_BENCH_TCP_BULK_H_
