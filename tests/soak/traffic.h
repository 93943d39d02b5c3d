// SPDX-License-Identifier: Apache-2.0
// Traffic of the stable ports: counted datagrams, and TCP connections that last for the whole soak.
#ifndef XSW_TESTS_SOAK_TRAFFIC_H_
#define XSW_TESTS_SOAK_TRAFFIC_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

#include "tests/sweep/flows.h"
#include "tests/veth/stream.h"

namespace xsw::test {

class Traffic {
 public:
  // c1, c2 and out have their addresses.
  Traffic();
  ~Traffic();
  Traffic(const Traffic&) = delete;
  Traffic& operator=(const Traffic&) = delete;

  // Ends the traffic. Empty, or what was lost.
  std::string Losses();
  uint64_t Datagrams() { return flows_.Sent(); }
  uint64_t TcpBytes() const { return ports_.received() + outside_.received(); }

 private:
  void Run();
  void End();

  Flows flows_;
  TcpStream ports_, outside_;
  std::atomic<bool> end_ = false;
  std::thread thread_;
};

}  // namespace xsw::test

#endif  // XSW_TESTS_SOAK_TRAFFIC_H_
