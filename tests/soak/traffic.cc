// SPDX-License-Identifier: Apache-2.0
#include "tests/soak/traffic.h"

#include <chrono>

#include "tests/veth/topology.h"

namespace xsw::test {
namespace {

// Little at a time: what is tested is that it goes on.
constexpr int kWindow = 32'768;
// Between two rounds, so that what is at work beside gets the CPU.
// Between two rounds of datagrams: the rate.
constexpr auto kPause = std::chrono::milliseconds(5);
constexpr uint64_t kStillFlows = 1 << 20;
constexpr int kLimitMs = 20'000;

std::string StateOf(TcpStream& stream, const char* name) {
  if (!stream.Transfer(kStillFlows, kLimitMs)) return std::string(" TCP ") + name + " is stuck";
  return stream.intact() ? "" : std::string(" TCP ") + name + " is garbled";
}

}  // namespace

Traffic::Traffic()
    : ports_({"c1", IpOf(1)}, {"c2", IpOf(2)}, kWindow),
      outside_({kOutside, kOutsideIp}, {"c1", IpOf(1)}, kWindow) {
  if (!ports_.connected() || !outside_.connected()) Die("no TCP between the stable ports");
  // Not the host's: it is off at times.
  flows_.Let(kPorts | kPortToOutside | kOutsideToPort);
  thread_ = std::thread([this] { Run(); });
}

Traffic::~Traffic() { End(); }

void Traffic::Run() {
  while (!end_) {
    ports_.Pump();
    outside_.Pump();
    std::this_thread::sleep_for(kPause);
  }
}

void Traffic::End() {
  end_ = true;
  if (thread_.joinable()) thread_.join();
}

std::string Traffic::Losses() {
  End();
  return flows_.Losses() + StateOf(ports_, "c1 to c2") + StateOf(outside_, "out to c1");
}

}  // namespace xsw::test
