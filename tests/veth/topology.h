// SPDX-License-Identifier: Apache-2.0
// The network that the suites start from, and the shipped xsw in it.
//
//    netns "out"        the sandbox itself, "the host"                   netns "c1", "c2", ...
//   +-----------+      +-------------------------------------------+     +-----------+
//   |      eth0 |======| up0, the uplink         up0sf1, up0sf2, .. |=====| eth0      |
//   +-----------+ wire +-------------------------------------------+     +-----------+
//    10.9.0.9           10.9.0.1                                          10.9.0.11, .12, ...
//    fd09::9            fd09::1                                           fd09::11, ::12, ...
//    kOutsideMac        kHostMac                                          kMac1, kMac2, ...
//
// The wire is a veth pair, or two NICs of a driver (nics.h): the same suites run on both.
//
//   Topology t({.xdp = "on", .ports = 2});
//   t.XswOk("fdb add up0 02:00:00:00:0a:01 port up0/1");
//   EXPECT_EQ(t.ShowPort(1)["function"]["opstate"], "attached");
#ifndef XSW_TESTS_VETH_TOPOLOGY_H_
#define XSW_TESTS_VETH_TOPOLOGY_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/bpf/frames.h"
#include "tests/veth/command.h"
#include "tests/veth/nics.h"
#include "tests/veth/sandbox.h"

namespace xsw::test {

using Json = nlohmann::json;

struct TopologyOptions {
  bool eswitch = true;  // false: only the host and the outside, no xsw has run
  // The uplink's `xdp` setting, and further ones behind it. With "on" the far end's tx checksum,
  // TSO and VLAN offloads are turned off, as DESIGN.md's decision 5 demands.
  std::string xdp = "off";
  int ports = 2;  // active ones, functions up with address in their own namespaces
  bool ipv6 = false;
  bool any_cpu = false;
  int mtu = 1500;
};

class Topology {
 public:
  explicit Topology(const TopologyOptions& options);
  // Gives NICs back to where they came from.
  ~Topology();
  Topology(const Topology&) = delete;
  Topology& operator=(const Topology&) = delete;

  // Runs `xsw --bpffs /run/bpffs LINE`, no quoting.
  Result Xsw(const std::string& line) const;
  // The same; a failure of the test, with xsw's words, if it does not succeed. Returns stdout.
  std::string XswOk(const std::string& line) const;
  // The words to start it with, for Process.
  Argv XswArgv(const std::string& line) const;

  // `xsw -j -s port show`, of one port; port 0 is the uplink.
  Json ShowPort(int port) const;
  // `xsw -j fdb show`: the list of up0's entries.
  Json ShowFdb() const;

  // A container namespace and its active port: ContainerName(port), Representor(port), MacOf(port).
  // `more` are words after those (`mtu 1400`).
  void AddPort(int port, const std::string& more = "");
  // What the container's user does with its netdev: up, with its IP addresses. Returns when its
  // representor has noticed.
  void ConfigureFunction(int port);
  // Until these netdevs of the host have seen that their other ends are up. The kernel tells them a
  // moment later (linkwatch), and until then they send nothing.
  static void WaitForCarrier(const std::vector<std::string>& devs);

  Sandbox& sandbox() { return sandbox_; }
  const TopologyOptions& options() const { return options_; }

 private:
  void BuildWire();
  void FinishWire();

  TopologyOptions options_;
  Sandbox sandbox_;
};

inline constexpr char kUplink[] = "up0";
inline constexpr char kOutside[] = "out";  // namespace; its netdev is kContainerDev too
inline constexpr char kContainerDev[] = "eth0";
inline std::string ContainerName(int port) { return "c" + std::to_string(port); }
inline std::string Representor(int port) { return "up0sf" + std::to_string(port); }
inline std::string Handle(int port) { return "up0/" + std::to_string(port); }
// kMac1, kMac2, ...
inline Mac MacOf(int port) { return {2, 0, 0, 0, 0, static_cast<uint8_t>(port)}; }
std::string Text(const Mac& mac);  // "02:00:00:00:00:01"

inline constexpr char kHostIp[] = "10.9.0.1";
inline constexpr char kOutsideIp[] = "10.9.0.9";
inline std::string IpOf(int port) { return "10.9.0." + std::to_string(10 + port); }
inline constexpr char kHostIp6[] = "fd09::1";
inline constexpr char kOutsideIp6[] = "fd09::9";
inline std::string Ip6Of(int port) { return "fd09::" + std::to_string(10 + port); }

}  // namespace xsw::test

#endif  // XSW_TESTS_VETH_TOPOLOGY_H_
