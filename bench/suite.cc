// SPDX-License-Identifier: Apache-2.0
#include "bench/suite.h"

#include "bench/attach.h"
#include "bench/capture.h"
#include "bench/control.h"
#include "bench/cost.h"
#include "bench/fabric.h"
#include "bench/follow.h"
#include "bench/forwarding.h"
#include "bench/many_ports.h"
#include "bench/memory.h"
#include "bench/port_to_port.h"
#include "bench/queue_to_queue.h"
#include "bench/scatter.h"
#include "bench/steering.h"
#include "bench/tcp.h"
#include "bench/wire_to_queue.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

// Many short rounds rather than few long ones: the speed of a virtual machine drifts within
// seconds.
int Rounds(bool quick) { return quick ? 3 : 11; }

absl::StatusOr<Suite::Built> BuildWireToPort(bool quick) {
  XSW_ASSIGN_OR_RETURN(std::shared_ptr<Forwarding> lab, Forwarding::Make(kOut, kPort1));
  const double seconds = quick ? 0.2 : 0.25;
  std::vector<Workload> all = {lab->Frames(64, /*all=*/true, Rounds(quick), seconds)};
  if (!quick) {
    for (size_t size : {512, 1500})
      all.push_back(lab->Frames(size, /*all=*/false, Rounds(quick), seconds));
    all.push_back(lab->Udp(64, Rounds(quick), seconds));
  }
  return Suite::Built{lab, all};
}

absl::StatusOr<Suite::Built> BuildWireToQueue(bool quick) {
  XSW_ASSIGN_OR_RETURN(std::shared_ptr<WireToQueue> lab, WireToQueue::Make());
  std::vector<Workload> all = {lab->Frames(64, Rounds(quick), 0.25)};
  if (!quick) all.push_back(lab->Frames(1500, Rounds(quick), 0.25));
  return Suite::Built{lab, all};
}

absl::StatusOr<Suite::Built> BuildQueueToQueue(bool quick) {
  XSW_ASSIGN_OR_RETURN(std::shared_ptr<QueueToQueue> lab, QueueToQueue::Make());
  const double seconds = 0.4;
  std::vector<Workload> all = {lab->Frames(64, Rounds(quick), seconds),
                               lab->RoundTrips(Rounds(quick), seconds)};
  if (!quick) all.push_back(lab->Frames(1500, Rounds(quick), seconds));
  all.push_back(lab->ToWire(64, Rounds(quick), seconds));
  return Suite::Built{lab, all};
}

// Of the switch alone, and from a sender's socket on.
absl::StatusOr<Suite::Built> BuildFromPort(bool quick, Place receiver) {
  XSW_ASSIGN_OR_RETURN(std::shared_ptr<Forwarding> frames, Forwarding::Make(kPort1, receiver));
  XSW_ASSIGN_OR_RETURN(std::shared_ptr<PortToPort> sockets, PortToPort::Make(receiver));
  return Suite::Built{
      std::make_shared<std::pair<decltype(frames), decltype(sockets)>>(frames, sockets),
      {frames->Frames(64, /*all=*/true, Rounds(quick), 0.25),
       sockets->Udp(64, Rounds(quick), 0.25)}};
}

absl::StatusOr<Suite::Built> BuildTcp(bool quick) {
  XSW_ASSIGN_OR_RETURN(std::shared_ptr<Tcp> lab, Tcp::Make());
  const int rounds = quick ? 3 : 13;
  std::vector<Workload> all = lab->Flows(rounds, 0.35);
  all.push_back(lab->FourFlows(rounds, 0.35));
  all.push_back(lab->RoundTrips(rounds, 0.3));
  return Suite::Built{lab, all};
}

absl::StatusOr<Suite::Built> BuildBroadcast(bool quick, int ports) {
  XSW_ASSIGN_OR_RETURN(std::shared_ptr<ManyPorts> lab, ManyPorts::Make(ports));
  return Suite::Built{lab, {lab->Broadcast(Rounds(quick), 0.25)}};
}

absl::StatusOr<Suite::Built> BuildMix(bool quick) {
  XSW_ASSIGN_OR_RETURN(std::shared_ptr<ManyPorts> lab, ManyPorts::Make(32));
  return Suite::Built{lab, {lab->Mix(Rounds(quick), 0.25)}};
}

absl::StatusOr<Suite::Built> BuildSteering(bool quick) {
  XSW_ASSIGN_OR_RETURN(std::shared_ptr<Steering> lab, Steering::Make());
  return Suite::Built{lab, lab->Programs(quick ? 5 : 9)};
}

absl::StatusOr<Suite::Built> BuildCost(bool quick) {
  XSW_ASSIGN_OR_RETURN(std::shared_ptr<Cost> lab, Cost::Make());
  return Suite::Built{lab, lab->Programs(quick ? 3 : 9)};
}

absl::StatusOr<Suite::Built> BuildScatter(bool quick) {
  XSW_ASSIGN_OR_RETURN(std::shared_ptr<Scatter> lab, Scatter::Make());
  std::vector<Workload> all = lab->Programs(/*spread=*/false, quick ? 3 : 9);
  for (Workload& workload : lab->Programs(/*spread=*/true, quick ? 3 : 9)) all.push_back(workload);
  return Suite::Built{lab, all};
}

absl::StatusOr<Suite::Built> BuildFabric(bool quick) {
  XSW_ASSIGN_OR_RETURN(std::shared_ptr<Fabric> lab, Fabric::Make());
  // Differences of some percent are asked for.
  return Suite::Built{lab, lab->Frames(quick ? 3 : 31, 0.25)};
}

absl::StatusOr<Suite::Built> BuildFollow(bool quick) {
  XSW_ASSIGN_OR_RETURN(std::shared_ptr<Follow> lab, Follow::Make());
  return Suite::Built{lab, {lab->Times(quick ? 5 : 25)}};
}

absl::StatusOr<Suite::Built> BuildCapture(bool quick) {
  XSW_ASSIGN_OR_RETURN(std::shared_ptr<Capture> lab, Capture::Make());
  return Suite::Built{lab, {lab->Frames(Rounds(quick), 0.25)}};
}

// 1000 ports take a minute to make.
absl::StatusOr<Suite::Built> BuildControl(bool quick) {
  XSW_ASSIGN_OR_RETURN(
      std::shared_ptr<Control> lab,
      Control::Make(quick ? std::vector<int>{1, 20} : std::vector<int>{1, 100, 1001}));
  return Suite::Built{lab,
                      {lab->AddPorts(quick ? 5 : 15),
                       lab->Read("port_show", {"port", "show", "-s", "-j"}, quick ? 5 : 9),
                       lab->Read("metrics", {"metrics"}, quick ? 5 : 9)}};
}

// 100 attachments of each.
absl::StatusOr<Suite::Built> BuildAttach(bool quick) {
  XSW_ASSIGN_OR_RETURN(std::shared_ptr<Attach> lab, Attach::Make());
  return Suite::Built{
      lab, {lab->Times(quick ? 2 : 5, quick ? 5 : 20), lab->Flows(quick ? 3 : 13, 0.35)}};
}

absl::StatusOr<Suite::Built> BuildMemory(bool) {
  XSW_ASSIGN_OR_RETURN(std::shared_ptr<Memory> lab, Memory::Make());
  return Suite::Built{lab, {lab->Accounted()}};
}

}  // namespace

std::vector<Suite> Suites() {
  return {
      {"wire -> netdev port", {"wire_port"}, {160, 20}, BuildWireToPort},
      {"wire -> queue block", {"wire_queue"}, {110, 25}, BuildWireToQueue},
      {"queue block -> queue block", {"queue_"}, {170, 35}, BuildQueueToQueue},
      {"netdev port -> netdev port",
       {"port_port"},
       {30, 12},
       [](bool quick) { return BuildFromPort(quick, kPort2); }},
      {"netdev port -> wire",
       {"port_wire"},
       {30, 12},
       [](bool quick) { return BuildFromPort(quick, kOut); }},
      {"TCP", {"tcp_"}, {160, 40}, BuildTcp},
      {"broadcast to 16 ports",
       {"broadcast_16"},
       {20, 10},
       [](bool quick) { return BuildBroadcast(quick, 16); }},
      {"broadcast to 64 ports",
       {"broadcast_64"},
       {35, 0},
       [](bool quick) { return BuildBroadcast(quick, 64); }},
      {"a mix to 32 ports", {"mix"}, {25, 15}, BuildMix},
      {"steering", {"steering"}, {20, 5}, BuildSteering},
      {"features", {"cost", "unused"}, {75, 25}, BuildCost},
      {"steering with many ports", {"scaling", "spread"}, {55, 15}, BuildScatter},
      {"from host to host", {"fabric_"}, {40, 6}, BuildFabric},
      {"captures", {"capture_"}, {50, 16}, BuildCapture},
      {"xsw-bridge", {"bridge_follow"}, {8, 4}, BuildFollow},
      {"commands", {"port_add", "port_show", "metrics"}, {100, 6}, BuildControl},
      {"containers", {"cni_"}, {45, 12}, BuildAttach},
      {"memory", {"memory"}, {5, 5}, BuildMemory},
  };
}

}  // namespace xsw::bench
