// SPDX-License-Identifier: Apache-2.0
// Workloads: a container of this host and one of another host, whose bridges a VXLAN connects.
//
//   c1 -- up0sf1 or rep1 -- br0 -- vx0 -- up0, routed ---- wire ---- eth0, the other host
#ifndef XSW_BENCH_FABRIC_H_
#define XSW_BENCH_FABRIC_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/generator.h"
#include "bench/sink.h"
#include "bench/workload.h"
#include "bench/world.h"

namespace xsw::bench {

inline constexpr char kFabricXsw[] = "xsw, its ports in the bridge, xsw-bridge";
inline constexpr char kFabricVeths[] = "veths in the same bridge";

class Fabric {
 public:
  static absl::StatusOr<std::unique_ptr<Fabric>> Make();
  // What port 1 sends, up to the other host's netdev; what comes from there, up to port 1's. They
  // refer to this object.
  std::vector<Workload> Frames(int rounds, double seconds);

 private:
  // One way of them.
  struct Way {
    const char *id, *title;
    Place from, to;
    std::vector<uint8_t> frame;
  };
  struct Lane {
    std::string name;
    World world;
  };
  Fabric(Generator generator, Sink sink)
      : generator_(std::move(generator)), sink_(std::move(sink)) {}
  static std::vector<Way> Ways();
  absl::Status Add(const std::string& name, absl::StatusOr<World> world);
  absl::Status Check(const Lane& lane, const Way& way);

  Generator generator_;
  Sink sink_;
  std::vector<std::unique_ptr<Lane>> lanes_;
};

}  // namespace xsw::bench

#endif  // XSW_BENCH_FABRIC_H_
