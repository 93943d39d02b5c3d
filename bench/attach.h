// SPDX-License-Identifier: Apache-2.0
// Workload: a container is attached to a network by a plugin of CNI, from the call to its first
// answer from the gateway.
#ifndef XSW_BENCH_ATTACH_H_
#define XSW_BENCH_ATTACH_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "bench/workload.h"
#include "bench/world.h"

namespace xsw::bench {

inline constexpr char kXswCni[] = "xsw-cni";
inline constexpr char kBridgeCni[] = "plugin bridge";

class Attach {
 public:
  // Both plugins in one host, with addresses of host-local.
  static absl::StatusOr<std::unique_ptr<Attach>> Make();
  // In ms; each of so many attachments ends before the next. It refers to this object.
  Workload Times(int rounds, int attachments);

 private:
  // A plugin with its configuration, and the address that it makes the container's gateway.
  struct Plugin {
    std::string program, file, gateway;
  };
  explicit Attach(World world) : world_(std::move(world)) {}
  absl::Status Call(const Plugin& plugin, const char* command);
  absl::StatusOr<double> Once(const Plugin& plugin);
  absl::StatusOr<Measured> Many(const Plugin& plugin, int count);

  World world_;
  Plugin xsw_, bridge_;
};

}  // namespace xsw::bench

#endif  // XSW_BENCH_ATTACH_H_
