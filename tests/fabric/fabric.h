// SPDX-License-Identifier: Apache-2.0
// Hosts with an eswitch each, a network between them that only routes, and FRR on each: built by
// the commands of docs/fabric.md, as they stand there.
//
// clang-format off
//   c11 === eth0sf1 -+- br100 - vxlan100 - eth0 ===+- spine -+=== eth0 - ... - br100 -+- eth0sf1 === c21
//   c12 === eth0sf2 -+     h1: 10.0.1.2, zebra,    |         |    h2: 10.0.2.2        +- eth0sf2 === c22
//                              bgpd, xsw-bridge    |         +=== eth0 - ... (h3)
// clang-format on
//
//   Fabric fabric(3);
//   fabric.AddContainer(1, 1);                      // c11
//   EXPECT_TRUE(fabric.Converged());
#ifndef XSW_TESTS_FABRIC_FABRIC_H_
#define XSW_TESTS_FABRIC_FABRIC_H_

#include <memory>
#include <string>
#include <vector>

#include "tests/veth/command.h"
#include "tests/veth/sandbox.h"
#include "tests/veth/stream.h"
#include "tests/veth/topology.h"

namespace xsw::test {

class Fabric {
 public:
  // block: the page's commands that make a host, by their name there; frr: its frr.conf.
  explicit Fabric(int hosts, const std::string& block = "sh host", const std::string& frr = "frr");

  // The page's block, in which $h is the host, $c the container's number on it, and $vlan what is
  // given.
  void AddContainer(int host, int number, const std::string& block = "sh container", int vlan = 0);

  // What a shell on the host does with these lines, and says. A failure of the test if it fails.
  std::string Run(int host, const std::string& lines) const;
  Result Try(int host, const std::string& lines) const;
  Json ShowPort(int host, int port) const;

  // Until each host floods to each other one.
  bool Converged(const std::string& vxlan = "vxlan100") const;
  // Until a host knows by EVPN that the address is behind that host, or behind none of the others.
  bool Knows(int host, const Mac& mac, int where) const;
  bool Forgets(int host, const Mac& mac) const;

  // All its processes at once, and its link.
  void Kill(int host);
  void Revive(int host);
  Process& bridge_follower(int host) { return *hosts_[host - 1].follower; }

  int hosts() const { return static_cast<int>(hosts_.size()); }

 private:
  struct Host {
    std::unique_ptr<Process> zebra, bgpd, follower;
  };
  void Wire(int host);
  void Route(int host);
  void StartProcesses(int host);
  Sandbox sandbox_;
  std::vector<Host> hosts_;
};

inline std::string HostName(int host) { return "h" + std::to_string(host); }
inline std::string HostIp(int host) { return "10.0." + std::to_string(host) + ".2"; }
// Its namespace, addresses and MAC.
inline std::string ContainerOf(int host, int number) {
  return "c" + std::to_string(host) + std::to_string(number);
}
inline Mac MacOf(int host, int number) {
  return {2, 0, 0, 0, static_cast<uint8_t>(host), static_cast<uint8_t>(number)};
}
Endpoint In(int host, int number);
Endpoint In6(int host, int number);

}  // namespace xsw::test

#endif  // XSW_TESTS_FABRIC_FABRIC_H_
