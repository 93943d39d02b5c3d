// SPDX-License-Identifier: Apache-2.0
// xsw-cni called as a runtime calls it, on the topology of the other suites.
//
//   Plugin plugin;                                    // up0 with an eswitch, out, a container
//   "pod1" const Result result = plugin.Call("ADD", {}, plugin.Network({{"vlan", 10}}));
//   EXPECT_EQ(Answer(result)["interfaces"][1]["name"], "eth0");
#ifndef XSW_TESTS_CNI_PLUGIN_H_
#define XSW_TESTS_CNI_PLUGIN_H_

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/veth/command.h"
#include "tests/veth/topology.h"

namespace xsw::test {

// What the runtime says beside the network; Call() fills in what is not said.
using Variables = std::map<std::string, std::string>;

class Plugin {
 public:
  explicit Plugin(bool eswitch = true, bool ipv6 = false);

  // The least that a configuration has, with these keys more, or others.
  static Json Network(const Json& more = Json::object());
  // The same with addresses from host-local.
  static Json NetworkWithIpam(const Json& more = Json::object());

  // The words of a call, for Process.
  Argv Words(const std::string& command, const Variables& variables, const std::string& input);
  Result Call(const std::string& command, const Variables& variables, const Json& network);
  // Of what succeeds: its answer.
  Json Ok(const std::string& command, const Variables& variables, const Json& network);

  // Ports of the eswitch, without the uplink, as `xsw -j -s port show` has them; by index.
  std::map<std::string, Json> Ports();
  Json OnlyPort();
  // Addresses that host-local has given out.
  static int AddressesGiven();
  // A plugin in CNI_PATH that runs these lines of sh.
  static void MakePlugin(const std::string& name, const std::string& lines);

  Topology t;

 private:
  int inputs_ = 0;
};

inline constexpr char kPod[] = "pod1";
inline constexpr char kPlugins[] = "/run/cni";
inline std::string PathOf(const std::string& netns) { return "/run/netns/" + netns; }

// What a result's stdout says.
Json Answer(const Result& result);

}  // namespace xsw::test

#endif  // XSW_TESTS_CNI_PLUGIN_H_
