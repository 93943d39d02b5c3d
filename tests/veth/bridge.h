// SPDX-License-Identifier: Apache-2.0
// The host's bridge over uplink and representors, as `mode switchdev` wants it.
//
//     out ==wire== up0 --+
//             === up0sf1 -+- br0, the host's netdev now (kHostMac, 10.9.0.1)
//             === up0sf2 -+
#ifndef XSW_TESTS_VETH_BRIDGE_H_
#define XSW_TESTS_VETH_BRIDGE_H_

#include <memory>
#include <string>

#include "tests/veth/command.h"
#include "tests/veth/topology.h"

namespace xsw::test {

inline constexpr char kBridge[] = "br0";

// Over up0 and the representors of ports 1 to `ports`; returns when all of them forward.
void MakeBridge(int ports);

// The shipped xsw-bridge on the topology's eswitch.
class Offload {
 public:
  explicit Offload(const Topology& topology);

  // Whether the uplink and each of these ports do what the bridge has decided, and it has told them
  // of so many addresses; waits for it.
  bool Covers(int ports, int addresses) const;
  // "on", or why not; port 0 is the uplink.
  std::string Of(int port) const;
  int Addresses() const;

  Process& process() { return *process_; }

 private:
  Json Ports() const;
  const Topology& topology_;
  std::unique_ptr<Process> process_;
};

}  // namespace xsw::test

#endif  // XSW_TESTS_VETH_BRIDGE_H_
