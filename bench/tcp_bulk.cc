// SPDX-License-Identifier: Apache-2.0
#include "bench/tcp_bulk.h"

#include "bench/tcp_flow.h"
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

// XDP on a virtual uplink takes GSO away from the far end, netfilter costs a bridge: nobody's
// choices for bulk TCP.
bool TakesPart(const Contender& contender) {
  return !contender.limit && contender.name != kXswXdp && contender.name != kBridgeNetfilter;
}

bool CanDo(const Contender& contender, const Path& path) {
  return contender.host_reaches_ports || (path.from != kHost && path.to != kHost);
}

}  // namespace

absl::StatusOr<std::unique_ptr<TcpBulk>> TcpBulk::Make() {
  auto self = std::make_unique<TcpBulk>();
  for (const Contender& contender : Contenders()) {
    if (!TakesPart(contender)) continue;
    XSW_ASSIGN_OR_RETURN(World world, Build(contender, "tcp", /*raw=*/false));
    self->lanes_.push_back({&contender, std::move(world)});
  }
  return self;
}

std::vector<Workload> TcpBulk::Flows(int rounds, double seconds) {
  std::vector<Workload> workloads;
  for (const Path& path : kPaths) {
    Workload workload{.id = path.id,
                      .title = path.title,
                      .unit = "Gb/s",
                      .rounds = rounds,
                      .seconds = seconds + 0.17,
                      .baselines = {kBridge, kMacvlan}};
    for (const Lane& lane : lanes_) {
      if (!CanDo(*lane.contender, path)) continue;
      workload.cells.push_back(
          {lane.contender->name, [&lane, path, seconds]() -> absl::StatusOr<Measured> {
             XSW_ASSIGN_OR_RETURN(double gbits, TcpFlow(lane.world, path.from, path.to, seconds));
             return Measured{.value = gbits};
           }});
    }
    workloads.push_back(std::move(workload));
  }
  return workloads;
}

}  // namespace xsw::bench
