// SPDX-License-Identifier: Apache-2.0
// libcni calls xsw, alone and with Debian's plugins behind it in a chain.
#include "tests/cni/runtimes/libcni.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace xsw::test {
namespace {

constexpr int kAtOnce = 20;
constexpr char kOtherMac[] = "02:00:00:00:66:01";
const Json kTuning = {{"type", "tuning"}, {"mac", kOtherMac}};
// bit/s and bits.
const Json kLimits = {{"ingressRate", 8000000},
                      {"ingressBurst", 800000},
                      {"egressRate", 8000000},
                      {"egressBurst", 800000}};

Json Declares(Json plugin, const std::string& capability) {
  plugin["capabilities"] = {{capability, true}};
  return plugin;
}

class LibcniTest : public testing::Test {
 protected:
  void TearDown() override { EXPECT_EQ(DifferenceFrom(before_), ""); }
  // The only port.
  static Json Port() {
    const Json ports = Json::parse(Machine().XswOk("-j -s port show"))["port"];
    for (const auto& [handle, port] : ports.items())
      if (handle != "up0/0") return port;
    return Json::object();
  }
  static std::string PortHandle() {
    const Json ports = Json::parse(Machine().XswOk("-j port show"))["port"];
    return std::prev(ports.end()).key();
  }

  const std::set<std::string> before_ = LanState();
};

struct Chain {
  const char* name;
  const char* version;
  std::vector<Json> behind;  // xsw
  Json capabilities;
  // portmap 1.1.1 looks for the rules of IPv4 in ip6tables too: its CHECK fails behind every
  // plugin.
  const char* check = "";
};
const Chain kChains[] = {
    {"alone, 0.3.1", "0.3.1", {}, {}, "does not support the CHECK command"},
    {"alone, 0.4.0", "0.4.0", {}, {}},
    {"alone, 1.0.0", "1.0.0", {}, {}},
    {"firewall", "1.0.0", {{{"type", "firewall"}}}, {}},
    {"portmap",
     "1.0.0",
     {Declares({{"type", "portmap"}}, "portMappings")},
     {{"portMappings",
       Json::array({{{"hostPort", 8080}, {"containerPort", 80}, {"protocol", "tcp"}}})}},
     "could not check ipv6 dnat"},
    {"tuning of the MTU", "1.0.0", {{{"type", "tuning"}, {"mtu", 1400}}}, {}},
};

TEST_F(LibcniTest, AChainIsAddedCheckedAndDeleted) {
  for (const Chain& chain : kChains) {
    SCOPED_TRACE(chain.name);
    std::vector<Json> plugins = chain.behind;
    plugins.insert(plugins.begin(), LanPlugin());
    const Attachment c1("c1", LanOf(plugins, chain.version), chain.capabilities);
    const Json result = c1.Ok("ADD");
    EXPECT_EQ(result["cniVersion"], chain.version);
    EXPECT_EQ(result["interfaces"][1]["mac"], c1.attached().mac);
    ExpectReaches(c1.attached().at(), Outside());
    const Result check = c1.Call("CHECK");
    EXPECT_EQ(check.status == 0, *chain.check == '\0') << check.err;
    EXPECT_NE(check.err.find(chain.check), std::string::npos) << check.err;
    c1.Ok("DEL");
    c1.Ok("DEL");
  }
}

// Runtimes themselves let only one in at a time: podman holds a lock.
void CallAll(const std::vector<std::unique_ptr<Attachment>>& all, const std::string& verb) {
  std::vector<std::unique_ptr<Process>> calls;
  for (const auto& it : all) calls.push_back(std::make_unique<Process>(it->Command(verb)));
  for (const auto& call : calls) {
    const Result result = call->Wait();
    EXPECT_EQ(result.status, 0) << verb << ": " << result.err;
  }
}

TEST_F(LibcniTest, TwentyAtOnceAreTwentyPorts) {
  std::vector<std::unique_ptr<Attachment>> all;
  for (int i = 1; i <= kAtOnce; i++)
    all.push_back(std::make_unique<Attachment>(ContainerName(i), LanOf({LanPlugin()})));
  CallAll(all, "ADD");
  std::set<std::string> ips, macs;
  for (const auto& it : all) {
    const Attached attached = it->attached();
    ips.insert(attached.ip);
    macs.insert(attached.mac);
    EXPECT_TRUE(WaitFor([&] { return Ping(attached.at(), Outside()); })) << attached.ip;
  }
  EXPECT_EQ(ips.size(), kAtOnce);
  EXPECT_EQ(macs.size(), kAtOnce);
  CallAll(all, "DEL");
}

TEST_F(LibcniTest, CheckTellsWhatHasChangedSinceAdd) {
  const Attachment c1("c1", LanOf({LanPlugin()}));
  c1.Ok("ADD");
  const std::string port = PortHandle();
  Machine().XswOk("port function set " + port + " state inactive");
  const Result inactive = c1.Call("CHECK");
  EXPECT_EQ(inactive.status, 1);
  EXPECT_NE(inactive.err.find(port + ": is inactive"), std::string::npos) << inactive.err;
  Machine().XswOk("port function set " + port + " state active");
  c1.Ok("DEL");
}

// As on a NIC's virtual function: who sets the address behind the eswitch's back has no traffic.
TEST_F(LibcniTest, AMacThatTuningAloneKnowsIsDroppedUntilThePortHasIt) {
  const Attachment c1("c1", LanOf({LanPlugin(), kTuning}));
  c1.Ok("ADD");
  c1.Ok("CHECK");
  const Attached attached = c1.attached();
  EXPECT_EQ(attached.mac, kOtherMac);
  EXPECT_FALSE(Ping(attached.at(), Outside()));
  EXPECT_GT(Port()["statistics"]["drops"].value("spoof", 0), 0);
  Machine().XswOk(std::string("fdb add up0 ") + kOtherMac + " port " + PortHandle());
  ExpectReaches(attached.at(), Outside());
  c1.Ok("DEL");
}

TEST_F(LibcniTest, AMacThatBothAreToldIsThePorts) {
  const Attachment c1("c1",
                      LanOf({Declares(LanPlugin(), "mac"), Declares({{"type", "tuning"}}, "mac")}),
                      {{"mac", kOtherMac}});
  c1.Ok("ADD");
  EXPECT_EQ(Port()["function"]["hw_addr"], kOtherMac);
  ExpectReaches(c1.attached().at(), Outside());
  c1.Ok("CHECK");
  c1.Ok("DEL");
}

bool HasTcx() { return KernelVersion() >= std::pair(6, 6); }

void ExpectUnusedQueue(const std::string& dev) {
  const Json queues = Json::parse(MustRun("tc -s -j qdisc show root dev " + dev));
  EXPECT_EQ(queues[0]["kind"], "tbf") << dev;
  EXPECT_LT(queues[0]["bytes"], 10000) << dev;
}

// A megabyte beyond the burst takes a second at 8 Mbit/s.
void ExpectLimited(const Endpoint& from, const Endpoint& to) {
  const auto start = std::chrono::steady_clock::now();
  TcpStream stream(from, to);
  EXPECT_TRUE(stream.Transfer(1'100'000, 30000)) << from.ip << " to " << to.ip;
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(900))
      << from.ip << " to " << to.ip;
}

TEST_F(LibcniTest, TheLimitsOfTheBandwidthCapabilityAreTheEswitchs) {
  std::vector<Json> plugins = {Declares(LanPlugin(), "bandwidth")};
  if (HasTcx()) plugins.push_back(Declares({{"type", "bandwidth"}}, "bandwidth"));
  const Attachment c1("c1", LanOf(plugins), {{"bandwidth", kLimits}});
  c1.Ok("ADD");
  ExpectLimited(c1.attached().at(), Outside());
  ExpectLimited(Outside(), c1.attached().at());
  c1.Ok("DEL");
}

// Its queues are at the representor, by which frames that the eswitch forwards do not come. Without
// tcx xsw's programs are where it wants one of them.
TEST_F(LibcniTest, TheBandwidthPluginBehindXswLimitsNothingOrIsRefused) {
  Json bandwidth = kLimits;
  bandwidth["type"] = "bandwidth";
  const Attachment c1("c1", LanOf({LanPlugin(), bandwidth}));
  const Result added = c1.Call("ADD");
  if (HasTcx()) {
    ASSERT_EQ(added.status, 0) << added.err;
    ExpectReaches(c1.attached().at(), Outside());
    ExpectReaches(Outside(), c1.attached().at());
    const Json interfaces = Json::parse(added.out)["interfaces"];
    for (int shaped : {0, 2}) ExpectUnusedQueue(interfaces[shaped]["name"]);
    c1.Ok("CHECK");
  } else {
    EXPECT_NE(added.err.find("create ingress qdisc: file exists"), std::string::npos) << added.err;
  }
  c1.Ok("DEL");
}

TEST_F(LibcniTest, AContainerWithAddressesOfBothFamiliesReachesByBoth) {
  Json plugin = LanPlugin();
  const Json range = {{"subnet", "fd09::/64"}, {"rangeStart", "fd09::32"}, {"gateway", kHostIp6}};
  plugin["ipam"]["ranges"].push_back(Json::array({range}));
  const Attachment c1("c1", LanOf({plugin}));
  const Json result = c1.Ok("ADD");
  EXPECT_EQ(result["ips"][1]["address"], "fd09::32/64");
  const Attached attached = c1.attached();
  ExpectReaches(attached.at(), Outside());
  ExpectReaches({attached.netns, "fd09::32"}, {kOutside, kOutsideIp6});
  ExpectReaches({"", kHostIp6}, {attached.netns, "fd09::32"});
  c1.Ok("CHECK");
  c1.Ok("DEL");
}

}  // namespace
}  // namespace xsw::test
