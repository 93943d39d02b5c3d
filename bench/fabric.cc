// SPDX-License-Identifier: Apache-2.0
#include "bench/fabric.h"

#include "bench/command.h"
#include "bench/contender.h"
#include "bench/delivered.h"
#include "bench/frame.h"
#include "bench/patience.h"
#include "bench/scoped_netns.h"
#include "userspace/ethtool.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

// The other host's container.
constexpr Place kRemote = kPort2;
constexpr uint64_t kCheckFrames = 500;

// One VNI, whose only other host is outside: what a control plane would have told. NAPI at both
// netdevs that the generator's frames come to.
absl::Status ConnectByVxlan(const World& world, const std::string& port) {
  XSW_RETURN_IF_ERROR(TurnBridgeNetfilterOff(world));
  XSW_RETURN_IF_ERROR(SetUpIpv4(world, {kHost, "up0"}));
  const std::string host = world.NetnsName(kHost), remote = FormatMac(MacOf(kRemote));
  XSW_RETURN_IF_ERROR(
      Ip(host, absl::StrCat("neigh replace ", Ipv4Of(kOut), " lladdr ", FormatMac(MacOf(kOut)),
                            " dev up0 nud permanent\n"
                            "link add br0 type bridge\nlink set br0 up\n"
                            "link add vx0 type vxlan id 100 local ",
                            Ipv4Of(kHost),
                            " dstport 4789 nolearning\n"
                            "link set vx0 master br0 up\nlink set ",
                            port, " master br0\n")));
  for (const std::vector<std::string>& entry :
       {std::vector<std::string>{FormatMac(MacOf(kPort1)), "dev", port, "master", "static"},
        {remote, "dev", "vx0", "master", "static"},
        {remote, "dev", "vx0", "self", "dst", Ipv4Of(kOut)}}) {
    std::vector<std::string> command = {"bridge", "-n", host, "fdb", "replace"};
    command.insert(command.end(), entry.begin(), entry.end());
    XSW_RETURN_IF_ERROR(Run(command).status());
  }
  XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(world.netns[kHost]));
  XSW_RETURN_IF_ERROR(SetGro(IndexOf("up0"), true));
  return SetGro(IndexOf(port), true);
}

absl::StatusOr<World> BuildFabricXsw() {
  XSW_ASSIGN_OR_RETURN(World world, World::Make("fabxsw"));
  XSW_RETURN_IF_ERROR(
      Xsw(world.NetnsName(kHost), {"eswitch", "add", "up0", "mode", "switchdev"}).status());
  XSW_RETURN_IF_ERROR(AddXswPorts(world));
  XSW_RETURN_IF_ERROR(ConnectByVxlan(world, "up0sf1"));
  XSW_RETURN_IF_ERROR(StartXswBridge(world));
  return world;
}

absl::StatusOr<World> BuildFabricVeths() {
  XSW_ASSIGN_OR_RETURN(World world, World::Make("fabveth"));
  XSW_RETURN_IF_ERROR(MakeGroPorts(world));
  XSW_RETURN_IF_ERROR(ConnectByVxlan(world, "rep1"));
  return world;
}

}  // namespace

std::vector<Fabric::Way> Fabric::Ways() {
  return {{"fabric_out", "port -> another host, 64 B in VXLAN", kPort1, kOut,
           MakeFrame(kPort1, kRemote, 64)},
          {"fabric_in", "another host -> port, 64 B in VXLAN", kOut, kPort1,
           InVxlan(100, kOut, kHost, MakeFrame(kRemote, kPort1, 64))}};
}

absl::StatusOr<std::unique_ptr<Fabric>> Fabric::Make() {
  XSW_ASSIGN_OR_RETURN(Generator generator, Generator::Load());
  XSW_ASSIGN_OR_RETURN(Sink sink, Sink::Load());
  std::unique_ptr<Fabric> self(new Fabric(std::move(generator), std::move(sink)));
  XSW_RETURN_IF_ERROR(self->Add(kFabricXsw, BuildFabricXsw()));
  XSW_RETURN_IF_ERROR(self->Add(kFabricVeths, BuildFabricVeths()));
  return self;
}

absl::Status Fabric::Add(const std::string& name, absl::StatusOr<World> world) {
  if (!world.ok()) return world.status();
  for (Place place : {kOut, kPort1}) XSW_RETURN_IF_ERROR(sink_.Attach(*world, {place, "eth0"}));
  lanes_.push_back(std::make_unique<Lane>(name, *std::move(world)));
  sink_.SetDrops(true);
  for (const Way& way : Ways())
    XSW_RETURN_IF_ERROR(Patiently([&] { return Check(*lanes_.back(), way); }));
  return absl::OkStatus();
}

absl::Status Fabric::Check(const Lane& lane, const Way& way) {
  XSW_ASSIGN_OR_RETURN(Received before, CountReceived(lane.world, {way.to, "eth0"}));
  for (uint64_t sent = 0; sent < kCheckFrames; sent += 50)
    XSW_RETURN_IF_ERROR(generator_.Send(lane.world, {way.from, "eth0"}, way.frame, 50).status());
  LetFramesArrive();
  XSW_ASSIGN_OR_RETURN(Received after, CountReceived(lane.world, {way.to, "eth0"}));
  if (after.frames - before.frames >= kCheckFrames) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("self-check of ", lane.name, ", ", way.title, ": ",
                                          after.frames - before.frames, " of ", kCheckFrames,
                                          " frames"));
}

std::vector<Workload> Fabric::Frames(int rounds, double seconds) {
  std::vector<Workload> workloads;
  for (const Way& way : Ways()) {
    Workload workload{.id = way.id,
                      .title = way.title,
                      .unit = "Mpps",
                      .rounds = rounds,
                      .seconds = seconds,
                      .baselines = {kFabricVeths}};
    for (const auto& lane : lanes_)
      workload.cells.push_back({lane->name, [this, &lane = *lane, way, seconds] {
                                  return MeasureDelivered(generator_, lane.world,
                                                          {way.from, "eth0"}, {way.to, "eth0"},
                                                          way.frame, seconds);
                                }});
    workloads.push_back(std::move(workload));
  }
  return workloads;
}

}  // namespace xsw::bench
