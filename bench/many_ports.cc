// SPDX-License-Identifier: Apache-2.0
#include "bench/many_ports.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "bench/command.h"
#include "bench/contender.h"
#include "bench/frame.h"
#include "bench/patience.h"
#include "bench/scoped_netns.h"
#include "userspace/ethtool.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

constexpr int kCheckFrames = 320;  // ten rounds of the mix
constexpr int kChatter = 10;
constexpr int kCheckBurst = 10;
constexpr useconds_t kSettleUs = 3000;  // between two looks at the counters
constexpr int kCopiesAtOnce = 256;
constexpr int kBroadcastEvery = 32;

const Netdev& WireEnd() {
  static const Netdev netdev = {kOut, "eth0"};
  return netdev;
}

absl::StatusOr<World> MakeWorld(const std::string& slug, int ports) {
  XSW_ASSIGN_OR_RETURN(World world, World::Make(absl::StrCat(slug, "m", ports)));
  XSW_ASSIGN_OR_RETURN(ScopedNetns host, ScopedNetns::Enter(world.netns[kHost]));
  XSW_RETURN_IF_ERROR(SetGro(IndexOf("up0"), true));
  return world;
}

// All commands of one batch, as a user with many ports would give them.
absl::StatusOr<World> BuildXsw(bool xdp, int ports) {
  XSW_ASSIGN_OR_RETURN(World world, MakeWorld(xdp ? "xswx" : "xsw", ports));
  if (xdp) XSW_RETURN_IF_ERROR(FinishFramesOutside(world));
  const std::string path = "/run/xsw.batch";
  std::ofstream batch(path, std::ios::trunc);
  batch << "eswitch add up0" << (xdp ? " xdp on rx_path xdp" : "") << "\n";
  for (int port = 1; port <= ports; port++)
    batch << "port add up0 sfnum " << port << " netns " << world.NetnsName(kPort1) << " ifname e"
          << port << " hw_addr " << FormatMac(MacOfPort(port)) << " state active\n";
  batch.close();
  XSW_RETURN_IF_ERROR(Xsw(world.NetnsName(kHost), {"-b", path}).status());
  return world;
}

absl::StatusOr<World> BuildBridge(int ports) {
  XSW_ASSIGN_OR_RETURN(World world, MakeWorld("br", ports));
  XSW_RETURN_IF_ERROR(TurnBridgeNetfilterOff(world));
  std::string lines = "link add br0 type bridge\nlink set up0 master br0\nlink set br0 up\n";
  for (int port = 1; port <= ports; port++)
    absl::StrAppend(&lines, "link add r", port, " type veth peer name e", port, " address ",
                    FormatMac(MacOfPort(port)), " netns ", world.NetnsName(kPort1), "\nlink set r",
                    port, " master br0 up\n");
  XSW_RETURN_IF_ERROR(Ip(world.NetnsName(kHost), lines));
  const std::string path = "/run/bridge.batch";
  std::ofstream batch(path, std::ios::trunc);
  for (int port = 1; port <= ports; port++)
    batch << "fdb add " << FormatMac(MacOfPort(port)) << " dev r" << port << " master static\n";
  batch.close();
  XSW_RETURN_IF_ERROR(Run({"bridge", "-n", world.NetnsName(kHost), "-batch", path}).status());
  return world;
}

absl::StatusOr<World> BuildMacvlan(int ports) {
  XSW_ASSIGN_OR_RETURN(World world, MakeWorld("mv", ports));
  std::string lines;
  for (int port = 1; port <= ports; port++)
    absl::StrAppend(&lines, "link add link up0 name e", port, " address ",
                    FormatMac(MacOfPort(port)), " netns ", world.NetnsName(kPort1),
                    " type macvlan mode bridge\n");
  XSW_RETURN_IF_ERROR(Ip(world.NetnsName(kHost), lines));
  return world;
}

// No switch: what the kernel's own copying to many can do.
absl::StatusOr<World> BuildBroadcastLimit(int ports, bool behind_veth) {
  XSW_ASSIGN_OR_RETURN(World world, MakeWorld(behind_veth ? "lane" : "dev", ports));
  std::string lines, up;
  for (int port = 1; port <= ports; port++)
    absl::StrAppend(&lines, "link add r", port, " up type veth peer name e", port, " address ",
                    FormatMac(MacOfPort(port)), " netns ", world.NetnsName(kPort1), "\n");
  XSW_RETURN_IF_ERROR(Ip(world.NetnsName(kHost), lines));
  for (int port = 1; port <= ports; port++) absl::StrAppend(&up, "link set e", port, " up\n");
  XSW_RETURN_IF_ERROR(Ip(world.NetnsName(kPort1), up));
  {  // GRO once they are up: the kernel then tells the other ends that XDP frames can be sent
     // there.
    XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(world.netns[kPort1]));
    for (int port = 1; port <= ports; port++)
      XSW_RETURN_IF_ERROR(SetGro(IndexOf(absl::StrCat("e", port)), true));
  }
  XSW_RETURN_IF_ERROR(AttachBroadcast(world, ports, behind_veth));
  return world;
}

// Received frames of e1 to eN.
absl::StatusOr<std::vector<uint64_t>> CountAll(const World& world, int ports) {
  XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(world.netns[kPort1]));
  std::vector<uint64_t> counts(static_cast<size_t>(ports));
  std::ifstream dev("/proc/thread-self/net/dev");
  for (std::string line; std::getline(dev, line);) {
    int port = 0;
    unsigned long long bytes = 0, packets = 0;
    if (sscanf(line.c_str(), " e%d: %llu %llu", &port, &bytes, &packets) == 3 && port >= 1 &&
        port <= ports)
      counts[static_cast<size_t>(port - 1)] = packets;
  }
  return counts;
}

// Until no more come: macvlan's worker takes its copies from a queue.
absl::StatusOr<std::vector<uint64_t>> CountSettled(const World& world, int ports) {
  std::vector<uint64_t> last;
  for (;;) {
    XSW_ASSIGN_OR_RETURN(std::vector<uint64_t> counts, CountAll(world, ports));
    if (counts == last) return counts;
    last = std::move(counts);
    usleep(kSettleUs);  // counters that stand still have no event
  }
}

std::vector<uint8_t> BroadcastFrame(size_t size) {
  std::vector<uint8_t> frame = MakeFrame(kOut, kPort1, size);
  std::fill_n(frame.begin(), 6, 0xff);
  return frame;
}

// Copies that `frames` frames of the mix are, to all ports together: in the mean.
double MixCopies(double frames, int ports) {
  const double broadcast = frames / kBroadcastEvery;
  return frames - broadcast + broadcast * ports;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ManyPorts>> ManyPorts::Make(int ports) {
  XSW_ASSIGN_OR_RETURN(Generator generator, Generator::Load());
  XSW_ASSIGN_OR_RETURN(Sink sink, Sink::Load());
  std::unique_ptr<ManyPorts> self(new ManyPorts(std::move(generator), std::move(sink), ports));
  XSW_RETURN_IF_ERROR(self->Add(kXswStack, BuildXsw(/*xdp=*/false, ports)));
  XSW_RETURN_IF_ERROR(self->Add(kXswXdp, BuildXsw(/*xdp=*/true, ports)));
  XSW_RETURN_IF_ERROR(self->Add(kBridge, BuildBridge(ports)));
  XSW_RETURN_IF_ERROR(self->Add(kMacvlan, BuildMacvlan(ports)));
  XSW_RETURN_IF_ERROR(
      self->Add(kBroadcastLimit, BuildBroadcastLimit(ports, /*behind_veth=*/false)));
  XSW_RETURN_IF_ERROR(
      self->Add(kBroadcastVethLimit, BuildBroadcastLimit(ports, /*behind_veth=*/true)));
  return self;
}

absl::Status ManyPorts::Add(const std::string& name, absl::StatusOr<World> world) {
  if (!world.ok()) return world.status();
  std::string lines;
  for (int port = 1; port <= ports_; port++) absl::StrAppend(&lines, "link set e", port, " up\n");
  XSW_RETURN_IF_ERROR(Ip(world->NetnsName(kPort1), lines));
  for (int port = 1; port <= ports_; port++)
    XSW_RETURN_IF_ERROR(sink_.Attach(*world, {kPort1, absl::StrCat("e", port)}));
  sink_.SetDrops(true);
  lanes_.push_back(std::make_unique<Lane>(name, *std::move(world), name.starts_with("limit")));
  return Patiently([&] { return Check(*lanes_.back()); });
}

absl::Status ManyPorts::Check(const Lane& lane) {
  for (bool mix : {false, true}) {
    if (mix && lane.limit) continue;
    generator_.SetMix(mix ? ports_ : 0);
    XSW_ASSIGN_OR_RETURN(std::vector<uint64_t> before, CountAll(lane.world, ports_));
    for (int sent = 0; sent < kCheckFrames; sent += kCheckBurst) {
      XSW_RETURN_IF_ERROR(
          generator_.Send(lane.world, WireEnd(), BroadcastFrame(mix ? 1500 : 64), kCheckBurst)
              .status());
      XSW_RETURN_IF_ERROR(CountSettled(lane.world, ports_).status());
    }
    XSW_ASSIGN_OR_RETURN(std::vector<uint64_t> after, CountSettled(lane.world, ports_));
    const double each = mix ? MixCopies(kCheckFrames, ports_) / ports_ : kCheckFrames;
    for (size_t i = 0; i < after.size(); i++) {
      const auto came = static_cast<double>(after[i] - before[i]);
      if (came < each - (mix ? kBroadcastEvery : 0) || came > each + kBroadcastEvery + kChatter)
        return absl::InternalError(absl::StrCat("self-check of ", lane.name, " with ", ports_,
                                                " ports: ", came, " frames at port ", i + 1,
                                                " instead of ", each));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Measured> ManyPorts::Measure(const Lane& lane, bool mix, double seconds) {
  generator_.SetMix(mix ? ports_ : 0);
  generator_.SetBatch(mix ? 64 : static_cast<uint32_t>(kCopiesAtOnce / ports_));
  XSW_ASSIGN_OR_RETURN(std::vector<uint64_t> before, CountAll(lane.world, ports_));
  XSW_ASSIGN_OR_RETURN(Sent sent, generator_.SendFor(lane.world, WireEnd(),
                                                     BroadcastFrame(mix ? 1500 : 64), seconds));
  XSW_ASSIGN_OR_RETURN(std::vector<uint64_t> after, CountAll(lane.world, ports_));
  double copies = 0;
  for (size_t i = 0; i < after.size(); i++) copies += static_cast<double>(after[i] - before[i]);
  const auto frames = static_cast<double>(sent.frames);
  const double delivered = copies / (mix ? MixCopies(frames, ports_) : frames * ports_);
  return Measured{.value = delivered * frames / sent.seconds / 1e6, .lost = 1 - delivered};
}

Workload ManyPorts::ByAll(bool mix, Workload workload, double seconds) {
  workload.unit = "Mpps";
  workload.seconds = seconds;
  workload.baselines = {kBridge};
  for (const auto& lane : lanes_) {
    if (mix && lane->limit) continue;
    workload.cells.push_back(
        {lane->name, [this, &lane = *lane, mix, seconds] { return Measure(lane, mix, seconds); }});
  }
  return workload;
}

Workload ManyPorts::Broadcast(int rounds, double seconds) {
  return ByAll(false,
               {.id = absl::StrCat("broadcast_", ports_),
                .title = absl::StrCat("wire -> ", ports_, " ports, broadcast, 64 B"),
                .rounds = rounds},
               seconds);
}

Workload ManyPorts::Mix(int rounds, double seconds) {
  return ByAll(true,
               {.id = absl::StrCat("mix_", ports_),
                .title = absl::StrCat("wire -> ", ports_, " ports, mix, 1 of 32 broadcast"),
                .rounds = rounds},
               seconds);
}

}  // namespace xsw::bench
