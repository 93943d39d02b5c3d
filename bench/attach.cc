// SPDX-License-Identifier: Apache-2.0
#include "bench/attach.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "bench/clock.h"
#include "bench/command.h"
#include "bench/cpu.h"
#include "bench/sandbox.h"
#include "bench/scoped_netns.h"
#include "bench/tcp_flow.h"
#include "userspace/bpffs.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

using Json = nlohmann::json;

constexpr char kDir[] = "/run/cni", kPlugins[] = "/usr/lib/cni";
constexpr char kGateway[] = "10.78.0.1", kNetwork[] = "10.78.0.0/24";

// What either plugin is told beside its addresses.
Json NetworkOf(const std::string& plugin) {
  Json network = {{"cniVersion", "1.0.0"}, {"name", "net"}, {"type", "xsw"}};
  if (plugin == kXswCni) network.update({{"master", "up0"}, {"bpffs", kBpffs}});
  if (plugin == kBridgeCni) network.update({{"type", "bridge"}, {"bridge", "cni0"}});
  return network;
}

Json OneAddress(const std::string& address) {
  return {{"type", "static"}, {"addresses", {{{"address", address + "/24"}}}}};
}

// Another network, whose gateway is the host.
Json NetworkWithGateway(const std::string& plugin) {
  Json network = NetworkOf(plugin);
  if (plugin == kBridgeCni) network.update({{"bridge", "cni1"}, {"isGateway", true}});
  network["ipam"] = {{"type", "host-local"},
                     {"dataDir", absl::StrCat(kDir, plugin == kXswCni ? "/xsw" : "/bridge")},
                     {"subnet", kNetwork},
                     {"gateway", kGateway}};
  return network;
}

absl::Status Call(const World& world, const std::string& program, const char* command, Place place,
                  const char* ifname, const Json& network) {
  const std::string file = absl::StrCat(kDir, "/", world.name, ".json");
  std::ofstream(file, std::ios::trunc) << network;
  XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(world.netns[kHost]));
  return Run({"env", absl::StrCat("CNI_COMMAND=", command),
              absl::StrCat("CNI_CONTAINERID=c", static_cast<int>(place)),
              absl::StrCat("CNI_NETNS=/run/netns/", world.NetnsName(place)),
              absl::StrCat("CNI_IFNAME=", ifname), absl::StrCat("CNI_PATH=", kPlugins), "sh", "-c",
              "exec \"$0\" <\"$1\" >/dev/null", program, file})
      .status();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Attach>> Attach::Make() {
  auto self = std::make_unique<Attach>();
  XSW_RETURN_IF_ERROR(MakeDirs(kDir));
  XSW_ASSIGN_OR_RETURN(World xsw, World::Make("cnixsw"));
  const std::string host = xsw.NetnsName(kHost);
  XSW_RETURN_IF_ERROR(Xsw(host, {"eswitch", "add", "up0"}).status());
  XSW_RETURN_IF_ERROR(Ip(host, absl::StrCat("addr add ", kGateway, "/24 dev up0\n")));
  XSW_RETURN_IF_ERROR(self->Add(kXswCni, BuiltProgram("xsw-cni"), std::move(xsw)));
  XSW_ASSIGN_OR_RETURN(World bridge, World::Make("cnibr"));
  XSW_RETURN_IF_ERROR(self->Add(kBridgeCni, absl::StrCat(kPlugins, "/bridge"), std::move(bridge)));
  return self;
}

absl::Status Attach::Add(const std::string& name, const std::string& program, World world) {
  for (const Place place : {kPort1, kPort2}) {
    Json network = NetworkOf(name);
    network["ipam"] = OneAddress(Ipv4Of(place));
    XSW_RETURN_IF_ERROR(Call(world, program, "ADD", place, "eth0", network));
  }
  lanes_.push_back(std::make_unique<Lane>(name, program, std::move(world)));
  return absl::OkStatus();
}

Workload Attach::Times(int rounds, int attachments) {
  Workload workload{.id = "cni_add",
                    .title = "a container is attached, until its gateway answers",
                    .unit = "ms",
                    .rounds = rounds,
                    .seconds = 0.1 * attachments,
                    .baselines = {kBridgeCni}};
  const auto once = [](const Lane& lane) -> absl::StatusOr<double> {
    const Json network = NetworkWithGateway(lane.name);
    const double start = Now();
    XSW_RETURN_IF_ERROR(Call(lane.world, lane.program, "ADD", kPort1, "cni", network));
    {
      XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(lane.world.netns[kPort1]));
      XSW_RETURN_IF_ERROR(Run({"ping", "-c", "1", "-W", "2", kGateway}).status());
    }
    const double seconds = Now() - start;
    XSW_RETURN_IF_ERROR(Call(lane.world, lane.program, "DEL", kPort1, "cni", network));
    return seconds;
  };
  for (const auto& lane : lanes_)
    workload.cells.push_back({lane->name, [=, &lane = *lane]() -> absl::StatusOr<Measured> {
                                PinnedTo pinned(LoadCpu());
                                std::vector<double> all;
                                for (int i = 0; i < attachments; i++) {
                                  XSW_ASSIGN_OR_RETURN(const double seconds, once(lane));
                                  all.push_back(seconds * 1e3);
                                }
                                std::sort(all.begin(), all.end());
                                return Measured{.value = all[all.size() / 2],
                                                .p99 = all[all.size() * 99 / 100]};
                              }});
  return workload;
}

Workload Attach::Flows(int rounds, double seconds) {
  Workload workload{.id = "cni_tcp",
                    .title = "TCP, container -> container",
                    .unit = "Gb/s",
                    .rounds = rounds,
                    .seconds = seconds + 0.17,
                    .baselines = {kBridgeCni}};
  for (const auto& lane : lanes_)
    workload.cells.push_back({lane->name, [seconds, &lane = *lane] {
                                return TcpFlows(lane.world, kPort1, kPort2, 1, seconds);
                              }});
  return workload;
}

}  // namespace xsw::bench
