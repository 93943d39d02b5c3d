// SPDX-License-Identifier: Apache-2.0
#include "bench/queue_lane.h"

#include <unistd.h>

#include "bench/command.h"
#include "bench/contender.h"
#include "bench/cpu.h"
#include "bench/patience.h"
#include "bench/sandbox.h"
#include "bench/scoped_netns.h"
#include "userspace/ethtool.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

constexpr Place kPorts[] = {kPort1, kPort2};

// NAPI on the uplink, and finished frames from outside.
absl::StatusOr<QueueLane> Start(const std::string& name, const std::string& slug) {
  QueueLane lane{.name = name};
  XSW_ASSIGN_OR_RETURN(lane.world, World::Make(slug));
  XSW_RETURN_IF_ERROR(FinishFramesOutside(lane.world));
  XSW_ASSIGN_OR_RETURN(ScopedNetns host, ScopedNetns::Enter(lane.world.netns[kHost]));
  XSW_RETURN_IF_ERROR(SetGro(IndexOf("up0"), true));
  return lane;
}

absl::Status AddBareQueue(QueueLane& lane, int index, const Netdev& netdev) {
  Outlet& outlet = lane.queues[index];
  outlet.path = absl::StrCat("/run/", lane.world.name, "-", index, ".sock");
  XSW_ASSIGN_OR_RETURN(outlet.bare, BareQueue::Make(lane.world, netdev, outlet.path));
  return absl::OkStatus();
}

// Both ends as those of ports of class queues: finished frames only; NAPI on the function's.
absl::Status AddBareQueues(QueueLane& lane) {
  for (Place port : kPorts) {
    const int index = port - kPort1;
    {
      XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(lane.world.netns[port]));
      XSW_RETURN_IF_ERROR(SetOffloadsOff(IndexOf("eth0")));
      XSW_RETURN_IF_ERROR(SetGro(IndexOf("eth0"), true));
    }
    {
      XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(lane.world.netns[kHost]));
      XSW_RETURN_IF_ERROR(SetOffloadsOff(IndexOf(absl::StrCat("rep", index + 1))));
    }
    XSW_RETURN_IF_ERROR(AddBareQueue(lane, index, {port, "eth0"}));
  }
  return absl::OkStatus();
}

absl::Status ThreadRepresentors(const World& world) {
  XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(world.netns[kHost]));
  for (const char* netdev : {"rep1", "rep2"}) {
    XSW_RETURN_IF_ERROR(SetGro(IndexOf(netdev), true));
    XSW_RETURN_IF_ERROR(SetThreadedNapi(netdev, IndexOf(netdev)));
  }
  return absl::OkStatus();
}

absl::Status MakeUpPorts(const World& world) {
  XSW_RETURN_IF_ERROR(MakePlainPorts(world));
  for (Place port : kPorts) XSW_RETURN_IF_ERROR(SetUpIpv4(world, {port, "eth0"}));
  return absl::OkStatus();
}

// Sockets appear as xswd sees the ports.
absl::Status WaitForSocket(const std::string& path) {
  if (WaitUntil(/*seconds=*/5, [&] { return access(path.c_str(), F_OK) == 0; }))
    return absl::OkStatus();
  return absl::DeadlineExceededError(absl::StrCat("xswd does not make ", path));
}

absl::Status StartXswd(QueueLane& lane) {
  const std::string run = "/run/xswd-" + lane.world.name;
  XSW_ASSIGN_OR_RETURN(std::unique_ptr<Child> xswd,
                       Child::Start({BuiltProgram("xswd"), "-n",
                                     lane.world.NetnsName(kHost), "--bpffs", kBpffs, "--run", run},
                                    {}, Child::Says::kNothing));
  lane.world.daemons.push_back(std::move(xswd));
  for (int index = 0; index < 2; index++) {
    lane.queues[index].path = absl::StrCat(run, "/up0/", index + 1, ".sock");
    XSW_RETURN_IF_ERROR(WaitForSocket(lane.queues[index].path));
  }
  return absl::OkStatus();
}

absl::Status AddTestpmd(QueueLane& lane, Place place, const std::vector<std::string>& netdevs,
                        const std::vector<std::string>& options, int cpu,
                        std::unique_ptr<Testpmd>* testpmd) {
  XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(lane.world.netns[place]));
  XSW_ASSIGN_OR_RETURN(*testpmd, Testpmd::Start(lane.world.name, netdevs, options, cpu));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<QueueLane> BuildXswQueues(const std::string& name, const std::string& slug, bool xdp,
                                         int ports) {
  XSW_ASSIGN_OR_RETURN(QueueLane lane, Start(name, slug));
  const std::string host = lane.world.NetnsName(kHost);
  XSW_RETURN_IF_ERROR(Xsw(host, {"eswitch", "add", "up0", "xdp", xdp ? "on" : "off"}).status());
  for (int port = 1; port <= ports; port++) {
    std::vector<std::string> add = {"port",  "add",    "up0",   "sfnum", absl::StrCat(port),
                                    "class", "queues", "state", "active"};
    if (port <= 2) add.insert(add.end(), {"hw_addr", FormatMac(MacOf(kPorts[port - 1]))});
    XSW_RETURN_IF_ERROR(Xsw(host, add).status());
  }
  XSW_RETURN_IF_ERROR(StartXswd(lane));
  return lane;
}

absl::StatusOr<QueueLane> BuildXskLimit() {
  XSW_ASSIGN_OR_RETURN(QueueLane lane, Start(kXskLimit, "xsk"));
  XSW_RETURN_IF_ERROR(AddBareQueue(lane, 0, {kHost, "up0"}));
  return lane;
}

absl::StatusOr<QueueLane> BuildXskDevmapLimit() {
  XSW_ASSIGN_OR_RETURN(QueueLane lane, Start(kXskDevmapLimit, "xskdev"));
  XSW_RETURN_IF_ERROR(MakeUpPorts(lane.world));
  XSW_RETURN_IF_ERROR(AddBareQueues(lane));
  XSW_RETURN_IF_ERROR(AttachFixedDevmap(lane.world, "up0", "rep1"));
  return lane;
}

absl::StatusOr<QueueLane> BuildPairLimit() {
  XSW_ASSIGN_OR_RETURN(QueueLane lane, Start(kPairLimit, "pair"));
  XSW_RETURN_IF_ERROR(MakeUpPorts(lane.world));
  XSW_RETURN_IF_ERROR(AddBareQueues(lane));
  XSW_RETURN_IF_ERROR(AttachFixedDevmap(lane.world, "rep1", "rep2"));
  XSW_RETURN_IF_ERROR(AttachFixedDevmap(lane.world, "rep2", "rep1"));
  XSW_RETURN_IF_ERROR(ThreadRepresentors(lane.world));
  return lane;
}

absl::StatusOr<QueueLane> BuildQueuesOvs() {
  XSW_ASSIGN_OR_RETURN(QueueLane lane, Start(kOvs, "ovsq"));
  XSW_RETURN_IF_ERROR(BuildOvs(lane.world));
  XSW_RETURN_IF_ERROR(AddBareQueues(lane));
  return lane;
}

absl::StatusOr<QueueLane> BuildQueuesBridge(bool threaded, const std::string& suffix) {
  XSW_ASSIGN_OR_RETURN(QueueLane lane, Start(threaded ? kQueuesBridgeThreaded : kQueuesBridge,
                                             (threaded ? "brth" : "br") + suffix));
  XSW_RETURN_IF_ERROR(FindContender(kBridge)->build(lane.world));
  XSW_RETURN_IF_ERROR(AddBareQueues(lane));
  if (threaded) XSW_RETURN_IF_ERROR(ThreadRepresentors(lane.world));
  return lane;
}

absl::StatusOr<QueueLane> BuildTestpmdBare() {
  XSW_ASSIGN_OR_RETURN(QueueLane lane, Start(kTestpmdBare, "pmd"));
  XSW_RETURN_IF_ERROR(
      AddTestpmd(lane, kHost, {"up0"}, {"--forward-mode=rxonly"}, SenderCpu(), &lane.sink));
  return lane;
}

// The sender polls on one CPU and the receiver on the other, as the applications do.
absl::StatusOr<QueueLane> BuildTestpmdBridge() {
  XSW_ASSIGN_OR_RETURN(QueueLane lane, Start(kTestpmdBridge, "pmdbr"));
  XSW_RETURN_IF_ERROR(FindContender(kBridge)->build(lane.world));
  for (Place port : kPorts) {
    XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(lane.world.netns[port]));
    XSW_RETURN_IF_ERROR(SetOffloadsOff(IndexOf("eth0")));
  }
  XSW_RETURN_IF_ERROR(AddTestpmd(lane, kPort1, {"eth0"},
                                 {"--forward-mode=txonly", absl::StrCat("--txpkts=", kTestpmdSize),
                                  "--eth-peer=0," + FormatMac(MacOf(kPort2))},
                                 SenderCpu(), &lane.source));
  XSW_RETURN_IF_ERROR(
      AddTestpmd(lane, kPort2, {"eth0"}, {"--forward-mode=rxonly"}, LoadCpu(), &lane.sink));
  return lane;
}

absl::StatusOr<QueueLane> BuildTestpmdSwitch() {
  XSW_ASSIGN_OR_RETURN(QueueLane lane, Start(kTestpmdSwitch, "pmdsw"));
  XSW_RETURN_IF_ERROR(MakeUpPorts(lane.world));
  XSW_RETURN_IF_ERROR(AddBareQueues(lane));
  std::unique_ptr<Testpmd> testpmd;
  XSW_RETURN_IF_ERROR(
      AddTestpmd(lane, kHost, {"rep1", "rep2"}, {"--forward-mode=io"}, SenderCpu(), &testpmd));
  XSW_RETURN_IF_ERROR(testpmd->Begin());
  lane.world.daemons.push_back(testpmd->TakeProcess());
  return lane;
}

}  // namespace xsw::bench
