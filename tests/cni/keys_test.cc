// SPDX-License-Identifier: Apache-2.0
// xsw-cni: what each word of a configuration, and of the runtime, makes of the port.
#include <gtest/gtest.h>

#include "tests/cni/plugin.h"

namespace xsw::test {
namespace {

constexpr char kSaid[] = "02:aa:00:00:00:01";

// What a key comes to, at a place of the port.
struct Key {
  const char* name;
  Json more;
  const char* place;
  Json is;
  Variables variables = {};
};

void PrintTo(const Key& key, std::ostream* out) { *out << key.name; }

std::vector<Key> OfTheConfiguration() {
  const Json trusted = {{"trust", "on"}, {"promisc", true}};
  return {
      {"no key", {}, "/policy/spoofchk", true},
      {"a VLAN", {{"vlan", 10}}, "/policy/vlan", 10},
      {"its priority", {{"vlan", 10}, {"vlanQoS", 5}}, "/policy/qos", 5},
      {"VLAN 0", {{"vlan", 0}, {"vlanProto", "802.1q"}}, "/policy/spoofchk", true},
      {"spoofchk", {{"spoofchk", "off"}}, "/policy/spoofchk", false},
      {"spoofchk in any case", {{"SpoofChk", "off"}}, "/policy/spoofchk", false},
      {"trust", {{"trust", "on"}}, "/policy/trust", true},
      {"promisc", trusted, "/policy/promisc", true},
      {"isolated", {{"isolated", true}}, "/policy/isolated", true},
      {"a link state", {{"link_state", "disable"}}, "/policy/link", "disable"},
      {"the automatic link state", {{"link_state", "auto"}}, "/policy/link", "enable"},
      {"a most rate", {{"max_tx_rate", 50}, {"min_tx_rate", 0}}, "/policy/tx_max_bit_s", 50000000},
      {"an MTU", {{"mtu", 1400}}, "/mtu", 1400},
      {"a MAC", {{"mac", kSaid}}, "/function/hw_addr", kSaid},
      {"a queue block", {{"class", "queues"}, {"queues", 2}, {"owner", "nobody"}}, "/queues", 2},
  };
}

std::vector<Key> OfTheRuntime() {
  const auto runtime = [](const Json& json) { return Json{{"runtimeConfig", json}}; };
  return {
      {"a MAC in the arguments",
       {{"mac", "02:aa:00:00:00:09"}},
       "/function/hw_addr",
       kSaid,
       {{"CNI_ARGS", std::string("IgnoreUnknown=1;K8S_POD_NAME=web;MAC=") + kSaid}}},
      {"a MAC of the runtime",
       runtime({{"mac", kSaid}}),
       "/function/hw_addr",
       kSaid,
       {{"CNI_ARGS", "MAC=02:aa:00:00:00:09"}}},
      {"a limit to the container", runtime({{"bandwidth", {{"ingressRate", 8000000}}}}),
       "/policy/rx_max_bit_s", 8000000},
      {"a limit as containerd writes it",
       runtime({{"bandwidth", {{"IngressRate", 8000000}, {"IngressBurst", 4294967295}}}}),
       "/policy/rx_max_bit_s", 8000000},
      {"a limit from the container before a most rate",
       {{"max_tx_rate", 50}, {"runtimeConfig", {{"bandwidth", {{"egressRate", 8000000}}}}}},
       "/policy/tx_max_bit_s",
       8000000},
      {"a burst", runtime({{"bandwidth", {{"egressRate", 8000000}, {"egressBurst", 800000}}}}),
       "/policy/burst_bytes", 100000},
      {"a device", {{"master", "none0"}, {"deviceID", kUplink}}, "/function/state", "active"},
      {"a limit of one direction beside a most rate",
       {{"max_tx_rate", 50},
        {"runtimeConfig", {{"bandwidth", {{"ingressRate", 8000000}, {"egressRate", 0}}}}}},
       "/policy/tx_max_bit_s",
       50000000},
  };
}

std::vector<Key> Keys() {
  std::vector<Key> all = OfTheConfiguration();
  for (const Key& key : OfTheRuntime()) all.push_back(key);
  return all;
}

// One world: each attachment goes at its end.
class Configured : public testing::TestWithParam<Key> {
 protected:
  static void SetUpTestSuite() { plugin_ = new Plugin; }
  static void TearDownTestSuite() { delete plugin_; }
  static inline Plugin* plugin_ = nullptr;
};

TEST_P(Configured, IsThePortByItsKeys) {
  const Key& key = GetParam();
  const Json network = Plugin::Network(key.more);
  plugin_->Ok("ADD", key.variables, network);
  const Json port = plugin_->OnlyPort();
  const Json::json_pointer place(key.place);
  EXPECT_EQ(port.value(place, Json()), key.is) << port.dump(2);
  plugin_->Ok("DEL", key.variables, network);
  EXPECT_TRUE(plugin_->Ports().empty());
}

INSTANTIATE_TEST_SUITE_P(With, Configured, testing::ValuesIn(Keys()), [](const auto& row) {
  std::string name;
  for (const char c : std::string(row.param.name)) name += isalnum(c) ? c : '_';
  return name;
});

}  // namespace
}  // namespace xsw::test
