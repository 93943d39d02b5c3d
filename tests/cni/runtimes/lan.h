// SPDX-License-Identifier: Apache-2.0
// A network of containers on the machine's uplink, what is reached in it, and what is left of it.
//
//   "out" 10.9.0.9 ====== up0 10.9.0.1, the host ====== containers, 10.9.0.32 to .63
#ifndef XSW_TESTS_CNI_RUNTIMES_LAN_H_
#define XSW_TESTS_CNI_RUNTIMES_LAN_H_

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/cni/runtimes/machine.h"
#include "tests/veth/stream.h"

namespace xsw::test {

inline constexpr char kLan[] = "lan";

// Its plugin `xsw` with addresses of host-local, and keys of `more`.
Json LanPlugin(const Json& more = Json::object());

// A list of a version: that plugin alone, or with others behind it.
Json LanOf(const std::vector<Json>& plugins, const std::string& version = "1.0.0");

void WriteLan(const std::string& path, const Json& lan);

// One port: its namespace, address and MAC, as the kernel has them there.
struct Attached {
  std::string netns;
  std::string ip;
  std::string mac;
  Endpoint at() const { return {netns, ip}; }
};
Attached AttachedIn(const std::string& netns);

// Echo requests and TCP from the one to the other, within seconds.
void ExpectReaches(const Endpoint& from, const Endpoint& to);

// All that two containers reach: each other, the host and the outside, and these them.
std::vector<std::pair<Endpoint, Endpoint>> PathsOf(const Endpoint& a, const Endpoint& b);

inline Endpoint Host() { return {"", kHostIp}; }
inline Endpoint Outside() { return {kOutside, kOutsideIp}; }

// What containers could leave, a line each: ports and what is known of their addresses, netdevs,
// names of namespaces, addresses that host-local has given, rules of portmap and of firewall.
std::set<std::string> LanState();

// Until that is the state; "- LINE" and "+ LINE" for what is different after some seconds.
std::string DifferenceFrom(const std::set<std::string>& before);

}  // namespace xsw::test

#endif  // XSW_TESTS_CNI_RUNTIMES_LAN_H_
