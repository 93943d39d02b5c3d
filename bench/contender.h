// SPDX-License-Identifier: Apache-2.0
// What is compared: each is a way to connect a world's uplink, host and two ports.
#ifndef XSW_BENCH_CONTENDER_H_
#define XSW_BENCH_CONTENDER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/world.h"

namespace xsw::bench {

struct Contender {
  std::string name;  // in tables
  std::string slug;  // in names of network namespaces
  // Connects the places of a world that has the wire only. Both ports are named eth0 and have their
  // place's address afterwards.
  absl::Status (*build)(const World&);
  Netdev sink;  // where a frame from the wire to port 1 must arrive
  bool host_reaches_ports;
  bool limit;  // not a switch: a bound on what one can reach
};

inline constexpr char kXswStack[] = "xsw, rx_path stack";
inline constexpr char kXswXdp[] = "xsw, rx_path xdp";
inline constexpr char kBridge[] = "kernel bridge";
inline constexpr char kBridgeNetfilter[] = "kernel bridge, br_netfilter on";
inline constexpr char kMacvlan[] = "macvlan, mode bridge";

// All, in the order of the tables.
const std::vector<Contender>& Contenders();

// A contender in namespaces of its own. NAPI on the uplink, which the generator's frames need, when
// raw; otherwise every offload is as the kernel sets it.
absl::StatusOr<World> Build(const Contender& contender, const std::string& suffix, bool raw);

// A veth per port: repN on the host, eth0 in the port's place, up.
absl::Status MakePlainPorts(const World& world);

// limits.cc
absl::Status BuildDropLimit(const World& world);
absl::Status BuildPeerLimit(const World& world);
absl::Status BuildDevmapLimit(const World& world);

}  // namespace xsw::bench

#endif  // XSW_BENCH_CONTENDER_H_
