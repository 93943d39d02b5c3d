// SPDX-License-Identifier: Apache-2.0
#include "bench/suite.h"

#include "bench/control.h"
#include "bench/queue_to_queue.h"
#include "bench/steering.h"
#include "bench/tcp_bulk.h"
#include "bench/wire_to_port.h"
#include "bench/wire_to_queue.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

// Many short rounds rather than few long ones: the speed of a virtual machine drifts within seconds.
int Rounds(bool quick) { return quick ? 3 : 11; }

absl::StatusOr<Suite::Built> BuildWireToPort(bool quick) {
  XSW_ASSIGN_OR_RETURN(std::shared_ptr<WireToPort> lab, WireToPort::Make());
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

absl::StatusOr<Suite::Built> BuildTcp(bool quick) {
  XSW_ASSIGN_OR_RETURN(std::shared_ptr<TcpBulk> lab, TcpBulk::Make());
  return Suite::Built{lab, lab->Flows(quick ? 3 : 13, 0.35)};
}

absl::StatusOr<Suite::Built> BuildSteering(bool quick) {
  XSW_ASSIGN_OR_RETURN(std::shared_ptr<Steering> lab, Steering::Make());
  return Suite::Built{lab, lab->Programs(quick ? 5 : 9)};
}

absl::StatusOr<Suite::Built> BuildControl(bool quick) {
  XSW_ASSIGN_OR_RETURN(std::shared_ptr<Control> lab, Control::Make());
  return Suite::Built{lab, lab->Commands(quick ? 6 : 20, quick ? 5 : 9)};
}

}  // namespace

std::vector<Suite> Suites() {
  return {
      {"wire -> netdev port", {"wire_port"}, {150, 20}, BuildWireToPort},
      {"wire -> queue block", {"wire_queue"}, {100, 25}, BuildWireToQueue},
      {"queue block -> queue block", {"queue_"}, {170, 40}, BuildQueueToQueue},
      {"TCP", {"tcp_"}, {120, 35}, BuildTcp},
      {"steering", {"steering"}, {20, 5}, BuildSteering},
      {"commands", {"port_add", "port_show"}, {10, 3}, BuildControl},
  };
}

}  // namespace xsw::bench
