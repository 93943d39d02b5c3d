// SPDX-License-Identifier: Apache-2.0
// xsw-cni: CHECK and GC, what has changed and what is left.
#include <gtest/gtest.h>

#include <fstream>

#include "tests/cni/plugin.h"
#include "tests/veth/sandbox.h"

namespace xsw::test {
namespace {

TEST(Check, SeesWhatHasChanged) {
  Plugin plugin;
  const Json network = Plugin::NetworkWithIpam({{"vlan", 10}});
  Json checked = network;
  checked["prevResult"] = plugin.Ok("ADD", {}, network);
  plugin.Ok("CHECK", {}, checked);
  constexpr char kRoute[] = "route add default via 10.9.0.1";
  const struct {
    std::string change, back;
    const char* says;
  } rows[] = {
      {"route del default", kRoute, "has no route to 0.0.0.0/0"},
      {"addr del 10.9.0.50/24 dev eth0", std::string("addr add 10.9.0.50/24 dev eth0\n") + kRoute,
       "has no address 10.9.0.50/24"},
      {"link set eth0 down", std::string("link set eth0 up\n") + kRoute, "is detached"},
      {"link set eth0 mtu 1300", "link set eth0 mtu 1500", "has MTU 1300"},
      {"link set eth0 address 02:00:00:00:00:55", "", "has MAC 02:00:00:00:00:55"},
  };
  for (const auto& row : rows) {
    Ip(kPod, row.change);
    const Result result = plugin.Call("CHECK", {}, checked);
    EXPECT_EQ(result.status, 1) << row.change;
    EXPECT_NE(Answer(result).value("msg", "").find(row.says), std::string::npos) << result.out;
    if (!row.back.empty()) Ip(kPod, row.back);
  }
  // A plugin behind us says what it has changed.
  checked["prevResult"]["interfaces"][1]["mac"] = "02:00:00:00:00:55";
  plugin.Ok("CHECK", {}, checked);
  plugin.t.XswOk("port function set up0/1 vlan 11");
  EXPECT_NE(Answer(plugin.Call("CHECK", {}, checked)).value("msg", "").find("VLAN 10"),
            std::string::npos);
  plugin.t.XswOk("port function set up0/1 vlan 10");
  checked["prevResult"] = Json::array();
  EXPECT_EQ(Answer(plugin.Call("CHECK", {}, checked))["code"], 7);
}

TEST(Gc, RemovesWhatIsInNoListAndNothingElse) {
  Plugin plugin;
  const auto add = [&](const std::string& container, const Json& network) {
    plugin.t.sandbox().AddNetns(container);
    plugin.Ok("ADD", {{"CNI_CONTAINERID", container}, {"CNI_NETNS", PathOf(container)}}, network);
  };
  Json network = Plugin::NetworkWithIpam();
  add("stays", network);
  add("goes", network);
  add("others", Plugin::Network({{"name", "net2"}}));
  plugin.t.sandbox().AddNetns("byhand");
  plugin.t.XswOk("port add up0 netns byhand ifname eth0 state active");
  plugin.Ok("GC", {}, network);
  EXPECT_EQ(plugin.Ports().size(), 4u);
  network["cni.dev/valid-attachments"] = {{{"containerID", "stays"}, {"ifname", "eth0"}}};
  plugin.Ok("GC", {}, network);
  const auto ports = plugin.Ports();
  EXPECT_EQ(ports.size(), 3u);
  EXPECT_FALSE(ports.contains("up0/2"));
  EXPECT_EQ(Plugin::AddressesGiven(), 1);
}

// A port whose address cannot be given back stays for the next GC: nobody else knows of it.
TEST(Gc, GoesOnAfterAnError) {
  Plugin plugin;
  Plugin::MakePlugin("stubborn",
                     "[ $CNI_COMMAND$CNI_CONTAINERID = DELc1 ] && [ ! -e /run/better ] && exit 3\n"
                     "echo '{\"ips\": [{\"address\": \"10.9.0.7/24\"}], "
                     "\"supportedVersions\": [\"1.0.0\"]}'");
  Json network = Plugin::Network({{"ipam", {{"type", "stubborn"}}}});
  for (const char* container : {"c1", "c2"})
    plugin.Ok("ADD", {{"CNI_CONTAINERID", container}, {"CNI_IFNAME", container}}, network);
  // As a program in Go writes an empty list.
  network["cni.dev/valid-attachments"] = nullptr;
  const Result result = plugin.Call("GC", {}, network);
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.out.find("stubborn: exit status 3"), std::string::npos) << result.out;
  EXPECT_EQ(plugin.OnlyPort()["attachment"]["container"], "c1");
  std::ofstream("/run/better");
  plugin.Ok("GC", {}, network);
  EXPECT_TRUE(plugin.Ports().empty());
}

// Which reads its own version in the result; Debian's knows 1.0.0.
TEST(Check, AsksAnIpamPluginThatKnowsAnOlderVersion) {
  Plugin plugin;
  Json network = Plugin::Network(
      {{"ipam", {{"type", "static"}, {"addresses", {{{"address", "10.9.0.77/24"}}}}}}});
  const Json result = plugin.Ok("ADD", {}, network);
  network["prevResult"] = result;
  plugin.Ok("CHECK", {}, network);
}

}  // namespace
}  // namespace xsw::test
