// SPDX-License-Identifier: Apache-2.0
// xsw-cni: what an attachment is, from its ADD to its end.
#include <gtest/gtest.h>

#include <fstream>
#include <memory>

#include "tests/cni/plugin.h"
#include "tests/veth/sandbox.h"
#include "tests/veth/stream.h"

namespace xsw::test {
namespace {

constexpr char kSaid[] = "02:aa:00:00:00:01";

TEST(Attachment, PassesTrafficToOthersAndTheOutside) {
  Plugin plugin;
  plugin.t.sandbox().AddNetns("pod2");
  const Variables second = {{"CNI_CONTAINERID", "c2"}, {"CNI_NETNS", PathOf("pod2")}};
  const Json network = Plugin::NetworkWithIpam();
  EXPECT_EQ(plugin.Ok("ADD", {}, network)["ips"][0]["address"], "10.9.0.50/24");
  EXPECT_EQ(plugin.Ok("ADD", second, network)["ips"][0]["address"], "10.9.0.51/24");
  for (const Endpoint& to : {Endpoint{"pod2", "10.9.0.51"}, Endpoint{kOutside, kOutsideIp}})
    EXPECT_TRUE(Ping({kPod, "10.9.0.50"}, to)) << to.ip;
  EXPECT_NE(MustRun("ip -n pod1 route").find("default via 10.9.0.1"), std::string::npos);
  const Json attachment = plugin.Ports()["up0/1"]["attachment"];
  EXPECT_EQ(attachment, (Json{{"network", "net1"}, {"container", "c1"}, {"ifname", "eth0"}}));
}

// Neighbours that know the address from before are told.
TEST(Attachment, IsAnnounced) {
  Plugin plugin(true, /*ipv6=*/true);
  const Json network = Plugin::Network(
      {{"mac", kSaid},
       {"ipam",
        {{"type", "static"},
         {"addresses", {{{"address", "10.9.0.77/24"}}, {{"address", "fd09::77/64"}}}}}}});
  Ip(kOutside,
     "neigh add 10.9.0.77 lladdr 02:00:00:00:00:99 dev eth0 nud stale\n"
     "neigh add fd09::77 lladdr 02:00:00:00:00:99 dev eth0 nud stale\n");
  plugin.Ok("ADD", {}, network);
  for (const char* ip : {"10.9.0.77", "fd09::77"})
    EXPECT_TRUE(WaitFor([&] {
      return MustRun(std::string("ip -n out neigh show ") + ip).find(kSaid) != std::string::npos;
    })) << ip;
}

TEST(Attachment, IsSaidInTheWordsOfEachVersion) {
  Plugin plugin;
  const struct {
    const char* version;
    bool family, mtu;
  } rows[] = {{"0.3.1", true, false},
              {"0.4.0", true, false},
              {"1.0.0", false, false},
              {"1.1.0", false, true}};
  for (const auto& row : rows) {
    const Json network = Plugin::NetworkWithIpam({{"cniVersion", row.version}});
    const Json result = plugin.Ok("ADD", {}, network);
    EXPECT_EQ(result["cniVersion"], row.version);
    EXPECT_EQ(result["interfaces"][0]["name"], "up0sf1");
    EXPECT_EQ(result["interfaces"][1]["sandbox"], PathOf(kPod));
    EXPECT_EQ(result["interfaces"][1].contains("mtu"), row.mtu) << row.version;
    EXPECT_EQ(result["ips"][0]["interface"], 1);
    EXPECT_EQ(result["ips"][0].contains("version"), row.family) << row.version;
    plugin.Ok("DEL", {}, network);
    const Json block = Plugin::Network({{"cniVersion", row.version}, {"class", "queues"}});
    const Json of_block = plugin.Ok("ADD", {}, block)["interfaces"][1];
    EXPECT_EQ(of_block.value("socketPath", ""), row.mtu ? "/run/xsw/up0/1.sock" : "");
    plugin.Ok("DEL", {}, block);
  }
  EXPECT_EQ(
      plugin.Ok("VERSION", {{"CNI_NETNS", "dummy"}}, {{"cniVersion", "0.4.0"}}),
      (Json{{"cniVersion", "0.4.0"}, {"supportedVersions", {"0.3.1", "0.4.0", "1.0.0", "1.1.0"}}}));
}

TEST(Attachment, HasTheDnsOfTheConfiguration) {
  Plugin plugin;
  Plugin::MakePlugin(
      "named",
      "echo '{\"ips\": [{\"address\": \"10.9.0.7/24\"}], \"dns\": {\"domain\": \"its\"}}'");
  Json network = Plugin::Network({{"cniVersion", "1.0.0"}, {"ipam", {{"type", "named"}}}});
  EXPECT_EQ(plugin.Ok("ADD", {}, network)["dns"], (Json{{"domain", "its"}}));
  network["dns"] = {{"nameservers", {"192.0.2.53"}}};
  EXPECT_EQ(plugin.Ok("ADD", {}, network)["dns"], network["dns"]);
}

TEST(Attachment, MakesTheEswitchIfItIsToldHow) {
  Plugin plugin(/*eswitch=*/false);
  EXPECT_EQ(Answer(plugin.Call("STATUS", {}, Plugin::Network()))["code"], 50);
  const Json network = Plugin::Network({{"eswitch", {{"host", false}}}});
  plugin.Ok("STATUS", {}, network);
  plugin.Ok("ADD", {}, network);
  EXPECT_EQ(Json::parse(plugin.t.XswOk("-j eswitch show up0"))["eswitch"]["up0"]["host"], false);
}

TEST(Attachment, IsInTheNamespaceOfWhateverPath) {
  Plugin plugin;
  std::unique_ptr<Process> holder;
  {
    InNetns in(kPod);
    holder = std::make_unique<Process>(Argv{"sleep", "100"});
  }
  for (const std::string& path : {PathOf(kPod), "/var" + PathOf(kPod),
                                  "/proc/" + std::to_string(holder->pid()) + "/ns/net"}) {
    const Variables variables = {{"CNI_NETNS", path}};
    const Json result = plugin.Ok("ADD", variables, Plugin::NetworkWithIpam());
    EXPECT_EQ(result["interfaces"][1]["sandbox"], path);
    EXPECT_NE(MustRun("ip -n pod1 -br link").find("eth0"), std::string::npos) << path;
    plugin.Ok("DEL", variables, Plugin::NetworkWithIpam());
    EXPECT_EQ(MustRun("ip -n pod1 -br link").find("eth0"), std::string::npos) << path;
  }
}

TEST(Attachment, EndsTwiceAndWithoutItsNamespace) {
  Plugin plugin;
  const Json network = Plugin::NetworkWithIpam();
  for (const char* netns : {"", "-", "/run/netns/pod1"}) {
    if (!std::string(netns).empty()) plugin.t.sandbox().AddNetns(kPod);
    plugin.Ok("ADD", {}, network);
    plugin.t.sandbox().DeleteNetns(kPod);
    plugin.Ok("DEL", {{"CNI_NETNS", netns}}, network);
    plugin.Ok("DEL", {{"CNI_NETNS", ""}}, network);
    EXPECT_TRUE(plugin.Ports().empty());
    EXPECT_EQ(Plugin::AddressesGiven(), 0);
  }
  plugin.Ok("DEL", {{"CNI_CONTAINERID", "nobody"}}, network);
}

// What ADD refuses a runtime DELs as well.
TEST(Attachment, EndsWhateverElseTheConfigurationSays) {
  Plugin plugin;
  plugin.Ok("ADD", {}, Plugin::NetworkWithIpam());
  plugin.Ok("DEL", {{"CNI_ARGS", "IgnoreUnknown=1;MAC=red"}},
            Plugin::NetworkWithIpam({{"vlna", 10}, {"min_tx_rate", 5}, {"vlan", "x"}}));
  EXPECT_TRUE(plugin.Ports().empty());
  EXPECT_EQ(Plugin::AddressesGiven(), 0);
}

// The next container's is not the one that was meant.
TEST(Attachment, StaysOutOfALaterNamespaceOfTheSameName) {
  Plugin plugin;
  plugin.Ok("ADD", {}, Plugin::Network());
  plugin.t.sandbox().DeleteNetns(kPod);
  ASSERT_TRUE(WaitFor([&] { return plugin.OnlyPort()["function"]["opstate"] == "detached"; }));
  plugin.t.sandbox().AddNetns(kPod);
  plugin.t.XswOk("eswitch set up0 rx_path auto");
  EXPECT_EQ(MustRun("ip -n pod1 -br link").find("eth0"), std::string::npos);
  plugin.Ok("ADD", {{"CNI_CONTAINERID", "c2"}}, Plugin::Network());
  plugin.Ok("DEL", {}, Plugin::Network());
  EXPECT_EQ(plugin.OnlyPort()["attachment"]["container"], "c2");
}

TEST(Attachment, EndsWhenTheUplinkIsGone) {
  Plugin plugin;
  plugin.Ok("ADD", {}, Plugin::NetworkWithIpam());
  MustRun("ip link del up0");
  plugin.Ok("DEL", {}, Plugin::NetworkWithIpam());
  plugin.Ok("DEL", {}, Plugin::NetworkWithIpam());
  plugin.Ok("DEL", {{"CNI_CONTAINERID", "nobody"}}, Plugin::NetworkWithIpam());
  EXPECT_EQ(MustRun("ip -n pod1 -br link").find("eth0"), std::string::npos);
  EXPECT_EQ(Plugin::AddressesGiven(), 0);
}

TEST(Attachment, IsFoundOnAnEswitchThatIsNoMoreItsNetworks) {
  Plugin plugin;
  plugin.Ok("ADD", {}, Plugin::Network());
  plugin.Ok("DEL", {}, Plugin::Network({{"master", "gone0"}}));
  EXPECT_TRUE(plugin.Ports().empty());
}

TEST(Attachment, ThatIsMadeAgainIsOne) {
  Plugin plugin;
  const Json network = Plugin::NetworkWithIpam({{"mac", kSaid}});
  plugin.Ok("ADD", {}, network);
  plugin.Ok("DEL", {}, Plugin::NetworkWithIpam({{"name", "net2"}}));
  EXPECT_EQ(plugin.OnlyPort()["function"]["hw_addr"], kSaid);
  // host-local itself gives a container's netdev one address.
  plugin.Ok("ADD", {}, network);
  EXPECT_EQ(Plugin::AddressesGiven(), 1);
  EXPECT_EQ(plugin.OnlyPort()["function"]["hw_addr"], kSaid);
}

TEST(Attachment, IsNoFilesToNameOrToTakeAway) {
  Plugin plugin;
  const std::string before = plugin.t.XswOk("save");
  plugin.Ok("ADD", {}, Plugin::Network());
  EXPECT_EQ(plugin.t.XswOk("save"), before);
  std::ofstream("/run/saved") << before;
  plugin.t.XswOk("apply --prune /run/saved");
  EXPECT_EQ(plugin.Ports().size(), 1u);
}

// The first of them makes the eswitch.
TEST(Attachment, AHundredAtOnce) {
  constexpr int kCount = 100;
  Plugin plugin(/*eswitch=*/false);
  const std::string network = Plugin::NetworkWithIpam({{"eswitch", Json::object()}}).dump();
  const auto all = [&](const char* command) {
    std::vector<std::unique_ptr<Process>> calls;
    for (int i = 0; i < kCount; i++)
      calls.push_back(std::make_unique<Process>(plugin.Words(
          command,
          {{"CNI_CONTAINERID", "c" + std::to_string(i)}, {"CNI_IFNAME", "e" + std::to_string(i)}},
          network)));
    for (const auto& call : calls) {
      const Result result = call->Wait(120000);
      EXPECT_EQ(result.status, 0) << result.out;
    }
  };
  all("ADD");
  EXPECT_EQ(plugin.Ports().size(), static_cast<size_t>(kCount));
  EXPECT_EQ(Plugin::AddressesGiven(), kCount);
  all("DEL");
  EXPECT_TRUE(plugin.Ports().empty());
  EXPECT_EQ(Plugin::AddressesGiven(), 0);
}

}  // namespace
}  // namespace xsw::test
