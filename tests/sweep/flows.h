// SPDX-License-Identifier: Apache-2.0
// Datagrams that flow all the time between the stable ports, the host and the outside, each of them
// counted.
//
//   Flows flows;                     // c1, c2, the host and out have their addresses
//   flows.Let(kPorts | kHostOutside);
//   ... a command is killed ...
//   EXPECT_EQ(flows.Losses(), "");
#ifndef XSW_TESTS_SWEEP_FLOWS_H_
#define XSW_TESTS_SWEEP_FLOWS_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "userspace/fd.h"

namespace xsw::test {

// Which of them, to be or-ed.
enum FlowKind : unsigned {
  kNoFlows = 0,
  kHostOutside = 1,  // there and back
  kPorts = 2,        // c1 to c2 and back
  kPortToOutside = 4,
  kOutsideToPort = 8,
  kPortToHost = 16,
  kHostToPort = 32,
  kPortBroadcast = 64,  // to the other port, the host and the outside
  kOutsideBroadcast = 128,
  kHostBroadcast = 256,
  kAllFlows = 511,
};

class Flows {
 public:
  // Sockets in the namespaces of the topology, which the calling thread is in; no address needs to
  // be there yet.
  Flows();
  ~Flows();
  Flows(const Flows&) = delete;
  Flows& operator=(const Flows&) = delete;

  // From now on these, counted from 0.
  void Let(unsigned kinds);
  // What was sent and has not arrived, or has arrived twice, since Let or the last call: "c1->c2
  // lost 3 of 90". Waits for what is on its way.
  std::string Losses();
  uint64_t Sent();

 private:
  static constexpr size_t kFlows = 10, kEndpoints = 4;
  void Run();
  void SendAll();
  void TakeAll();
  bool Complete() const;
  std::string Describe() const;
  void Reset();

  std::array<Fd, kEndpoints> sockets_;
  std::mutex mutex_;  // of all below
  unsigned kinds_ = kNoFlows;
  uint32_t epoch_ = 0;  // a late datagram is not of the next count
  std::array<uint64_t, kFlows> sent_ = {};
  std::array<std::array<uint64_t, kEndpoints>, kFlows> received_ = {};
  std::string failed_;
  uint64_t all_sent_ = 0;
  std::atomic<bool> end_ = false;
  std::thread thread_;
};

}  // namespace xsw::test

#endif  // XSW_TESTS_SWEEP_FLOWS_H_
