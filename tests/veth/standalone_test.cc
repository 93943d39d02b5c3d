// SPDX-License-Identifier: Apache-2.0
// The kernel is the database: no xsw process runs, traffic flows, and `bpftool map dump pinned`
// tells the same as `xsw port show` and `xsw fdb show`.
//
//     out ==wire== up0   up0sf1 === c1, up0sf2 === c2, up0sf3 (inactive)
#include <gtest/gtest.h>
#include <net/if.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "bpf/abi.h"
#include "tests/veth/stream.h"
#include "tests/veth/topology.h"

namespace xsw::test {
namespace {

namespace fs = std::filesystem;

class Standalone : public testing::Test {
 protected:
  Standalone() : topology_({.ports = 2}) {
    topology_.XswOk("port add up0 sfnum 77 mtu 1400");
    topology_.XswOk("fdb add up0 " + Text(kExtraMac1) + " port up0/1");
  }

  // The values of a pinned map, by key, decoded by the BTF that is in it.
  static Json Dump(const std::string& map);
  static std::string StateDir();

  Topology topology_;
};

std::string Standalone::StateDir() {
  for (const auto& netns : fs::directory_iterator(std::string(kTestBpffs) + "/xsw")) {
    const fs::path dir = netns.path() / std::to_string(if_nametoindex(kUplink)) / "current";
    if (fs::exists(dir)) return dir;
  }
  Die("no state of up0 below /run/bpffs/xsw");
}

Json Standalone::Dump(const std::string& map) {
  return Json::parse(MustRun("bpftool -j map dump pinned " + StateDir() + "/" + map));
}

// bpftool writes bytes as numbers or as "0x02".
int Byte(const Json& json) {
  return json.is_number() ? json.get<int>() : std::stoi(json.get<std::string>(), nullptr, 16);
}
std::string MacText(const Json& bytes) {
  Mac mac;
  for (size_t i = 0; i < mac.size(); i++) mac[i] = static_cast<uint8_t>(Byte(bytes[i]));
  return Text(mac);
}
// A char array, as the text or as its characters.
std::string NameText(const Json& json) {
  if (json.is_string()) return json;
  std::string text;
  for (const Json& c : json) {
    const std::string s = c.is_string() ? c.get<std::string>() : std::string(1, char(c.get<int>()));
    if (s.empty() || s[0] == '\0') break;
    text += s;
  }
  return text;
}

// Processes that run our binary in our mount namespace: other tests run beside us.
int XswProcesses() {
  int count = 0;
  std::error_code error;
  const fs::path own = fs::read_symlink("/proc/self/ns/mnt", error);
  for (const auto& entry : fs::directory_iterator("/proc", error)) {
    if (fs::read_symlink(entry.path() / "exe", error).filename() != "xsw" || error) continue;
    count += fs::read_symlink(entry.path() / "ns/mnt", error) == own;
  }
  return count;
}

TEST_F(Standalone, TrafficFlowsWithNoProcessOfOurs) {
  ASSERT_EQ(XswProcesses(), 0);
  const Endpoint port1{"c1", IpOf(1)}, port2{"c2", IpOf(2)}, out{kOutside, kOutsideIp},
      host{"", kHostIp};
  for (const auto& [from, to] :
       {std::pair{port1, port2}, {out, port1}, {host, port1}, {port1, out}}) {
    TcpStream stream(from, to);
    EXPECT_TRUE(stream.Transfer(1 << 20));
    EXPECT_TRUE(Ping(from, to));
  }
  EXPECT_EQ(XswProcesses(), 0);
}

TEST_F(Standalone, BpftoolTellsTheSameFdb) {
  std::set<std::string> pinned, shown;
  for (const Json& row : Dump("xsw_fdb")) {
    const Json& formatted = row["formatted"];
    pinned.insert(MacText(formatted["key"]["mac"]) + " up0/" +
                  std::to_string(formatted["value"]["port"].get<int>()));
    EXPECT_EQ(formatted["key"]["vlan"], 0);
  }
  for (const Json& row : topology_.ShowFdb())
    shown.insert(row["mac"].get<std::string>() + " " + row["port"].get<std::string>());
  EXPECT_EQ(pinned, shown);
  EXPECT_EQ(pinned.count(Text(kExtraMac1) + " up0/1"), 1u);
  EXPECT_EQ(pinned.count(Text(kHostMac) + " up0/0"), 1u);
}

TEST_F(Standalone, BpftoolTellsTheSamePorts) {
  const Json ports = Dump("xsw_port"), confs = Dump("xsw_port_conf");
  std::set<int> present;
  for (size_t i = 1; i < confs.size(); i++) {
    const Json& conf = confs[i]["formatted"]["value"];
    if (conf["present"] != 1) continue;
    const int index = confs[i]["formatted"]["key"];
    present.insert(index);
    const Json& port = ports[i]["formatted"]["value"];
    const Json shown = topology_.ShowPort(index);
    const bool active = port["flags"].get<int>() & XSW_PORT_ACTIVE;
    EXPECT_EQ(shown["function"]["state"], active ? "active" : "inactive");
    EXPECT_EQ(shown["function"]["hw_addr"], MacText(port["hw_addr"]));
    EXPECT_EQ(shown["function"]["ifname"], NameText(conf["function"]));
    EXPECT_EQ(shown["function"].value("netns", ""), NameText(conf["netns"]));
    EXPECT_EQ(shown["netdev"], NameText(conf["representor"]));
    EXPECT_EQ(shown["sfnum"], conf["sfnum"]);
    EXPECT_EQ(shown["mtu"], conf["mtu"] == 0 ? 1500 : conf["mtu"].get<int>());
  }
  EXPECT_EQ(present, (std::set<int>{1, 2, 3}));
}

TEST_F(Standalone, BpftoolTellsTheSameStatistics) {
  ASSERT_TRUE(Ping({"c1", IpOf(1)}, {"c2", IpOf(2)}));
  // Neighbours ask each other again in a while: read the one until both readings around it agree.
  Json shown, again, pinned;
  ASSERT_TRUE(WaitFor([&] {
    shown = topology_.ShowPort(1)["statistics"];
    pinned = Json::parse(
        MustRun("bpftool -j map lookup pinned " + StateDir() + "/xsw_stats key 1 0 0 0"));
    again = topology_.ShowPort(1)["statistics"];
    return shown == again;
  }));
  const Json& cpus = pinned["formatted"]["values"];
  const char* kCasts[] = {"unicast", "multicast", "broadcast"};
  for (const char* direction : {"rx", "tx"}) {
    for (int cast = 0; cast < 3; cast++) {
      int64_t frames = 0;
      for (const Json& cpu : cpus) frames += cpu["value"][direction][cast]["frames"].get<int64_t>();
      EXPECT_EQ(shown[direction][kCasts[cast]]["frames"], frames)
          << direction << " " << kCasts[cast];
    }
  }
  EXPECT_GT(shown["rx"]["unicast"]["frames"], 0);
}

}  // namespace
}  // namespace xsw::test
