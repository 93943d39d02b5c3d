// SPDX-License-Identifier: Apache-2.0
// Workload: kernel memory of an eswitch, as the kernel accounts it to maps and programs (memlock in
// fdinfo), and of a port: what its netdevs cost is not in there.
#ifndef XSW_BENCH_MEMORY_H_
#define XSW_BENCH_MEMORY_H_

#include <memory>

#include "absl/status/statusor.h"
#include "bench/workload.h"
#include "bench/world.h"

namespace xsw::bench {

class Memory {
 public:
  static absl::StatusOr<std::unique_ptr<Memory>> Make();
  Workload Accounted() const;

 private:
  explicit Memory(World world) : world_(std::move(world)) {}
  World world_;
};

}  // namespace xsw::bench

#endif  // XSW_BENCH_MEMORY_H_
