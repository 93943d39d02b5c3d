// SPDX-License-Identifier: Apache-2.0
#include "bench/tcp.h"

#include "bench/tcp_flow.h"
#include "bench/tcp_latency.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

struct Path {
  const char* id;
  const char* title;
  Place from, to;
};

constexpr Path kPaths[] = {
    {"tcp_port_port", "TCP, port -> port", kPort1, kPort2},
    {"tcp_out_port", "TCP, outside -> port", kOut, kPort1},
    {"tcp_port_out", "TCP, port -> outside", kPort1, kOut},
    {"tcp_host_port", "TCP, host -> port", kHost, kPort1},
    {"tcp_port_host", "TCP, port -> host", kPort1, kHost},
};
constexpr double kConnectSeconds = 0.17;

// XDP on a virtual uplink takes GSO away from the far end, netfilter costs a bridge: nobody's
// choices for bulk TCP.
bool TakesPart(const Contender& contender) {
  return contender.name == kXswStack || contender.name == kXswBridged ||
         contender.name == kBridge || contender.name == kMacvlan;
}

bool CanDo(const Contender& contender, Place from, Place to) {
  return contender.host_reaches_ports || (from != kHost && to != kHost);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Tcp>> Tcp::Make() {
  auto self = std::make_unique<Tcp>();
  for (const Contender& contender : Contenders()) {
    if (!TakesPart(contender)) continue;
    XSW_ASSIGN_OR_RETURN(World world, Build(contender, "tcp", /*raw=*/false));
    self->lanes_.push_back({&contender, std::move(world)});
  }
  return self;
}

Workload Tcp::ByAll(const std::string& id, const std::string& title, const char* unit, Place from,
                    Place to, int rounds, double seconds, const Measure& measure) {
  Workload workload{.id = id,
                    .title = title,
                    .unit = unit,
                    .rounds = rounds,
                    .seconds = seconds,
                    .baselines = {kBridge, kMacvlan}};
  for (const Lane& lane : lanes_)
    if (CanDo(*lane.contender, from, to))
      workload.cells.push_back(
          {lane.contender->name, [&lane, measure] { return measure(lane.world); }});
  return workload;
}

std::vector<Workload> Tcp::Flows(int rounds, double seconds) {
  std::vector<Workload> workloads;
  for (const Path& path : kPaths)
    workloads.push_back(ByAll(path.id, path.title, "Gb/s", path.from, path.to, rounds,
                              seconds + kConnectSeconds, [path, seconds](const World& world) {
                                return TcpFlows(world, path.from, path.to, 1, seconds);
                              }));
  return workloads;
}

Workload Tcp::FourFlows(int rounds, double seconds) {
  return ByAll("tcp_port_port_4", "TCP, port -> port, 4 flows", "Gb/s", kPort1, kPort2, rounds,
               seconds + kConnectSeconds, [seconds](const World& world) {
                 return TcpFlows(world, kPort1, kPort2, 4, seconds);
               });
}

Workload Tcp::RoundTrips(int rounds, double seconds) {
  return ByAll("tcp_latency", "TCP, port <-> port, request and response", "us", kPort1, kPort2,
               rounds, seconds, [seconds](const World& world) {
                 return TcpRoundTrips(world, kPort1, kPort2, seconds);
               });
}

}  // namespace xsw::bench
