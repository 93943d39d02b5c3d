// SPDX-License-Identifier: Apache-2.0
// xsw-cni: what it refuses, each with a code of CNI's table, and nothing is left of it.
#include <gtest/gtest.h>

#include "tests/cni/plugin.h"

namespace xsw::test {
namespace {

struct Row {
  const char* name;
  const char* command;
  int code;
  const char* says;
  Json more;  // keys of the network
  Variables variables = {};
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

// Of the environment.
std::vector<Row> OfTheEnvironment() {
  return {
      {"no container", "ADD", 4, "CNI_CONTAINERID", {}, {{"CNI_CONTAINERID", "-"}}},
      {"no namespace", "ADD", 4, "CNI_NETNS", {}, {{"CNI_NETNS", "-"}}},
      {"no name", "DEL", 4, "CNI_IFNAME", {}, {{"CNI_IFNAME", "-"}}},
      {"no command", "", 4, "CNI_COMMAND", {}},
      {"an unknown command", "PAUSE", 4, "unknown CNI_COMMAND \"PAUSE\"", {}},
      {"a container's id with a slash", "ADD", 4, "a/b", {}, {{"CNI_CONTAINERID", "a/b"}}},
      {"a name that is too long", "ADD", 4, "is no name", {}, {{"CNI_IFNAME", "a23456789012345x"}}},
      {"unknown arguments", "ADD", 4, "unknown COLOUR", {}, {{"CNI_ARGS", "COLOUR=red"}}},
      {"a MAC that is none", "ADD", 4, "red", {}, {{"CNI_ARGS", "MAC=red"}}},
      {"a relative path", "ADD", 4, "is no path", {}, {{"CNI_NETNS", "pod1"}}},
      {"the runtime's own namespace",
       "ADD",
       4,
       "is the runtime's own",
       {},
       {{"CNI_NETNS", "/proc/self/ns/net"}}},
  };
}

// Of the plugin that gives addresses out.
std::vector<Row> OfIpam() {
  return {
      {"an IPAM plugin that is not there",
       "ADD",
       5,
       "no plugin \"nobody\"",
       {{"ipam", {{"type", "nobody"}}}}},
      {"an IPAM plugin outside CNI_PATH", "ADD", 7, "has a /", {{"ipam", {{"type", "../xsw"}}}}},
      {"an IPAM plugin that prints garbage",
       "ADD",
       6,
       "garbage: its answer",
       {{"ipam", {{"type", "garbage"}}}, {"cniVersion", "1.0.0"}}},
      {"an IPAM plugin that gives what is no address",
       "ADD",
       6,
       "\"10.9\" is no IP address",
       {{"ipam", {{"type", "wrong"}}}, {"cniVersion", "1.0.0"}}},
      {"an IPAM plugin with an error of its own",
       "ADD",
       113,
       "angry: full",
       {{"ipam", {{"type", "angry"}}}, {"cniVersion", "1.0.0"}}},
      {"an IPAM plugin that crashes",
       "ADD",
       100,
       "ended by signal 11",
       {{"ipam", {{"type", "crashing"}}}, {"cniVersion", "1.0.0"}}},
      {"an IPAM plugin that knows no version of ours",
       "ADD",
       1,
       "speaks no version",
       {{"ipam", {{"type", "strange"}}}}},
      {"an IPAM plugin whose error has an impossible code",
       "ADD",
       100,
       "odd: odd",
       {{"ipam", {{"type", "odd"}}}, {"cniVersion", "1.0.0"}}},
      {"an IPAM plugin whose version is nothing",
       "ADD",
       1,
       "speaks no version",
       {{"ipam", {{"type", "null"}}}}},
      {"an IPAM plugin that gives a DNS that is none",
       "ADD",
       6,
       "/dns/nameservers",
       {{"ipam", {{"type", "dns"}}}, {"cniVersion", "1.0.0"}}},
      {"an IPAM plugin that gives no list",
       "ADD",
       6,
       "not a list",
       {{"ipam", {{"type", "listless"}}}, {"cniVersion", "1.0.0"}}},
  };
}

// Of the configuration, and of the eswitch.
std::vector<Row> OfTheNetwork() {
  const Json two = {{{"address", "10.9.0.7/24"}}};
  return {
      {"a version that is none", "ADD", 1, "cniVersion \"0.2.0\"", {{"cniVersion", "0.2.0"}}},
      {"a CHECK before there was one", "CHECK", 1, "has no CHECK", {{"cniVersion", "0.3.1"}}},
      {"a GC before there was one", "GC", 1, "has no GC", {{"cniVersion", "1.0.0"}}},
      {"a STATUS before there was one", "STATUS", 1, "has no STATUS", {{"cniVersion", "1.0.0"}}},
      {"an unknown key", "ADD", 2, "unknown key \"vlna\" with value 10", {{"vlna", 10}}},
      {"masquerading", "ADD", 2, "ipMasq true", {{"ipMasq", true}}},
      {"a least rate", "ADD", 2, "min_tx_rate 5", {{"min_tx_rate", 5}}},
      {"a VLAN of 802.1ad", "ADD", 2, "vlanProto \"802.1ad\"", {{"vlanProto", "802.1ad"}}},
      {"a namespace that is not there",
       "ADD",
       3,
       "does not exist",
       {},
       {{"CNI_NETNS", "/run/netns/nobody"}}},
      {"a container's id in no alphabet",
       "ADD",
       4,
       "is no container id",
       {},
       {{"CNI_CONTAINERID", "c\xff\x1b[2J"}}},
      {"no name of a network", "ADD", 7, "name \"\"", {{"name", ""}}},
      {"a network's name with an escape in it", "ADD", 7, "\\u001b", {{"name", "net\x1b[2J"}}},
      {"no master", "ADD", 7, "master is missing", {{"master", ""}}},
      {"a VLAN that is none", "ADD", 7, "/vlan", {{"vlan", 4095}}},
      {"a priority without a VLAN", "ADD", 7, "vlanQoS", {{"vlanQoS", 3}}},
      {"an MTU that is none", "ADD", 7, "mtu 20", {{"mtu", 20}}},
      {"a flag that is none", "ADD", 7, "\"maybe\"", {{"spoofchk", "maybe"}}},
      {"a link state that is none", "ADD", 7, "\"up\"", {{"link_state", "up"}}},
      {"promisc without trust", "ADD", 7, "trust", {{"promisc", true}}},
      {"queues of a netdev", "ADD", 7, "queues", {{"queues", 4}}},
      {"an IP address without IPAM", "ADD", 7, "no ipam", {{"runtimeConfig", {{"ips", two}}}}},
      {"an IP address in the arguments without IPAM",
       "ADD",
       7,
       "no ipam",
       {},
       {{"CNI_ARGS", "IP=10.9.0.7"}}},
      {"a group as MAC", "ADD", 7, "01:00:5e", {{"mac", "01:00:5e:00:00:01"}}},
      {"a CHECK without a result", "CHECK", 7, "prevResult is missing", {}},
      {"no such uplink", "ADD", 100, "nobody0", {{"master", "nobody0"}}},
      {"a container without a port",
       "CHECK",
       100,
       "has no port",
       {{"prevResult", {{"interfaces", Json::array()}}}}},
      {"a name that is taken in the container", "ADD", 100, "lo", {}, {{"CNI_IFNAME", "lo"}}},
      {"no eswitch to add to", "STATUS", 50, "nobody0", {{"master", "nobody0"}}},
      {"a key that comes twice in another case",
       "ADD",
       7,
       "comes twice",
       {{"vlan", 1}, {"VLAN", 2}}},
      {"a result of somebody before us",
       "ADD",
       7,
       "first of a chain",
       {{"prevResult", Json::object()}}},
      {"a CHECK with a result that is none", "CHECK", 100, "has no port", {{"prevResult", 7}}},
      {"an eswitch of an unknown mode",
       "ADD",
       7,
       "/eswitch/mode",
       {{"eswitch", {{"mode", "bridge"}}}}},
  };
}

std::vector<Row> Rows() {
  std::vector<Row> all = OfTheEnvironment();
  for (const std::vector<Row>& more : {OfIpam(), OfTheNetwork()})
    all.insert(all.end(), more.begin(), more.end());
  return all;
}

// In one world: whoever leaves something in it fails those behind.
class Errors : public testing::TestWithParam<Row> {
 protected:
  static void SetUpTestSuite() {
    plugin_ = new Plugin;
    Plugin::MakePlugin("garbage", "echo no json");
    Plugin::MakePlugin("wrong", "echo '{\"ips\": [{\"address\": \"10.9/24\"}]}'");
    Plugin::MakePlugin("angry", "echo '{\"code\": 113, \"msg\": \"full\"}'; exit 1");
    Plugin::MakePlugin("crashing", "kill -SEGV $$");
    Plugin::MakePlugin("odd", "echo '{\"code\": -1, \"msg\": \"odd\"}'; exit 1");
    Plugin::MakePlugin("null", "echo null");
    Plugin::MakePlugin("dns", "echo '{\"dns\": {\"nameservers\": 7}}'");
    Plugin::MakePlugin("listless", "echo '{\"ips\": 7}'");
    Plugin::MakePlugin("strange", "echo '{\"supportedVersions\": [\"9.0.0\"]}'");
  }
  static void TearDownTestSuite() { delete plugin_; }
  static inline Plugin* plugin_ = nullptr;
};

TEST_P(Errors, HaveACodeAndLeaveNothing) {
  const Row& row = GetParam();
  const Result result = plugin_->Call(row.command, row.variables, Plugin::Network(row.more));
  EXPECT_EQ(result.status, 1);
  const Json answer = Answer(result);
  EXPECT_EQ(answer.value("code", 0), row.code) << result.out;
  EXPECT_NE(answer.value("msg", "").find(row.says), std::string::npos) << result.out;
  EXPECT_TRUE(answer.contains("cniVersion")) << result.out;
  EXPECT_TRUE(plugin_->Ports().empty());
  EXPECT_EQ(MustRun("ip -n pod1 -br link").find("eth0"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(OfXswCni, Errors, testing::ValuesIn(Rows()), [](const auto& row) {
  std::string name;
  for (const char c : std::string(row.param.name)) name += isalnum(c) ? c : '_';
  return name;
});

TEST(Decoding, WhatIsNoJsonIsSaidWithItsPlace) {
  Plugin plugin;
  const std::string deep = "{\"a\": " + std::string(500000, '[');
  for (const std::string& input : {std::string(), std::string("{\"name\": "), std::string("[]"),
                                   std::string("{\"name\": 1, \"name\": 2}"), deep}) {
    const Result result = RunCommand(plugin.Words("ADD", {}, input));
    EXPECT_EQ(Answer(result)["code"], 6) << input.substr(0, 40) << result.out;
  }
  const Result long_input =
      RunCommand(plugin.Words("ADD", {}, std::string(2 << 20, ' ') + Plugin::Network().dump()));
  EXPECT_EQ(Answer(long_input)["code"], 5) << long_input.out;
}

// DEL is called for what may have been given out.
TEST(Ipam, ThatFailsIsAskedToTakeBack) {
  Plugin plugin;
  Plugin::MakePlugin("noting", "echo $CNI_COMMAND $CNI_CONTAINERID >>/run/noted; echo no json");
  const Json network = Plugin::Network({{"cniVersion", "1.0.0"}, {"ipam", {{"type", "noting"}}}});
  EXPECT_EQ(plugin.Call("ADD", {}, network).status, 1);
  EXPECT_EQ(MustRun("cat /run/noted"), "ADD c1\nDEL c1\n");
}

}  // namespace
}  // namespace xsw::test
