// SPDX-License-Identifier: Apache-2.0
// What is compared: each is a way to connect a world's uplink, host and two ports.
#ifndef XSW_BENCH_CONTENDER_H_
#define XSW_BENCH_CONTENDER_H_

#include <array>
#include <functional>
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
  std::function<absl::Status(World&)> build;
  Netdev sink;  // where a frame from the wire to port 1 must arrive
  bool host_reaches_ports;
  bool limit;           // not a switch: a bound on what one can reach
  bool aside = false;   // measured with the shortest frames only
  bool floods = false;  // frames to port 1 arrive at port 2 as well
};

inline constexpr char kXswStack[] = "xsw, rx_path stack";
inline constexpr char kXswXdp[] = "xsw, rx_path xdp";
inline constexpr char kXswBridged[] = "xsw, mode switchdev, a bridge, xsw-bridge";
inline constexpr char kBridge[] = "kernel bridge";
inline constexpr char kBridgeNetfilter[] = "kernel bridge, br_netfilter on";
inline constexpr char kBridgeFlooding[] = "kernel bridge, flooding (MAC not learnt)";
inline constexpr char kOvs[] = "Open vSwitch, afxdp ports";
inline constexpr char kPeerLimit[] = "limit: fixed redirect_peer";
inline constexpr char kWireLimit[] = "limit: fixed redirect to the wire";
inline constexpr char kBroadcastLimit[] = "limit: devmap broadcast";
inline constexpr char kBroadcastVethLimit[] = "limit: devmap broadcast behind a veth";
inline constexpr char kDevmapLimit[] = "limit: fixed devmap redirect";
inline constexpr char kMacvlan[] = "macvlan, mode bridge";

// All, in the order of the tables.
const std::vector<Contender>& Contenders();

// Null if there is none of this name.
const Contender* FindContender(const std::string& name);

// A contender in namespaces of its own. NAPI on the uplink, which the generator's frames need, when
// raw; otherwise every offload is as the kernel sets it.
absl::StatusOr<World> Build(const Contender& contender, const std::string& suffix, bool raw);

// The far end sends finished frames, as the manual asks of an uplink with XDP.
absl::Status FinishFramesOutside(const World& world);

// A kernel that has br_netfilter calls it for every IP frame on a bridge, rules or not; a Debian
// without the module loaded does not. Turning it off is what bridge users are advised to do.
absl::Status TurnBridgeNetfilterOff(const World& world);

// A veth per port: repN on the host, eth0 in the port's place, up.
absl::Status MakePlainPorts(const World& world);

// With their IPv4 addresses; representors up0sf1 and up0sf2.
absl::Status AddXswPorts(const World& world);
// br0 over these netdevs of the host, with the addresses of the ports and of the far end in its
// FDB.
absl::Status MakeBridge(const World& world, const std::array<std::string, 2>& ports);

// bridged.cc: the kernel's bridge over representors and uplink, and xsw-bridge.
absl::Status BuildXswBridged(World& world);
// On the world's host, as long as there is the world.
absl::Status StartXswBridge(World& world);

// ovs.cc: up0, rep1 and rep2 are ports of a userspace datapath.
absl::Status BuildOvs(World& world);

// limits.cc: an XDP program on one netdev of the host that redirects all to another.
absl::Status AttachFixedDevmap(const World& world, const std::string& from, const std::string& to);
// The same by a tc program; to_peer: to what is at the other end of it, by bpf_redirect_peer.
absl::Status AttachFixedTc(const World& world, const std::string& from, const std::string& to,
                           bool to_peer);
// Ports, with GRO on as xsw's function ends have it.
absl::Status MakeGroPorts(const World& world);
// Everything that comes to up0 to all of the host's netdevs r1 to rN, by devmap: from an XDP
// program on up0, or behind an internal veth of which tc gives it a copy.
absl::Status AttachBroadcast(const World& world, int ports, bool behind_veth);
absl::Status BuildDropLimit(const World& world);
absl::Status BuildPeerLimit(const World& world);
absl::Status BuildDevmapLimit(const World& world);

}  // namespace xsw::bench

#endif  // XSW_BENCH_CONTENDER_H_
