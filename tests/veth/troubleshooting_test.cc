// SPDX-License-Identifier: Apache-2.0
// docs/troubleshooting.md is true: for each of its symptoms the trouble is made, its commands are
// run as they stand there and say what stands there, and what is to be done brings traffic back.
//
//    out ==wire== up0 (the page's eth0)   up0sf1 === eth0 in c1
//                                         up0sf2 === eth0 in c2
//                                         up0sf3: a queue block without a program
#include <fnmatch.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <regex>
#include <sstream>

#include "tests/veth/packet.h"
#include "tests/veth/stream.h"
#include "tests/veth/topology.h"

namespace xsw::test {
namespace {

struct Look {
  std::string command;
  std::vector<std::string> says;  // patterns of lines
};
struct Section {
  std::vector<Look> looks;
  std::vector<std::string> cures;
};

// The page's uplink is eth0, ours is up0; functions are called eth0 in both.
std::string InThisWorld(const std::string& line) {
  static const std::regex kFunction("(-n c[0-9] .*|exec c[0-9] .*)");
  if (std::regex_search(line, kFunction)) return line;
  return std::regex_replace(line, std::regex("eth0"), "up0");
}

void AddLine(const std::string& line, Section* section) {
  if (line.starts_with("$ ")) {
    section->looks.push_back({InThisWorld(line.substr(2)), {}});
  } else if (line.starts_with("ip ") || line.starts_with("xsw ")) {
    section->cures.push_back(InThisWorld(line));
  } else {
    const std::string pattern = std::regex_replace(InThisWorld(line), std::regex("\\.\\.\\."), "*");
    section->looks.back().says.push_back(pattern);
  }
}

// Title -> what stands in its code blocks.
std::map<std::string, Section> ReadPage() {
  std::istringstream page(ReadFile(XSW_SOURCE_DIR "/docs/troubleshooting.md"));
  std::map<std::string, Section> sections;
  std::string title;
  bool code = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("## ")) sections[title = line.substr(3)] = {};
    if (line.starts_with("```")) {
      code = !code;
    } else if (code) {
      AddLine(line, &sections[title]);
    }
  }
  return sections;
}

struct Trouble {
  const char* name;
  const char* title;
  std::vector<std::string> causes;
  std::function<bool(const Topology&)> works;  // null: nothing is to be done in this world
  const char* xdp = "off";
};
std::ostream& operator<<(std::ostream& out, const Trouble& trouble) { return out << trouble.name; }

bool PortsReachEachOther(const Topology&) { return Ping({"c1", IpOf(1)}, {"c2", IpOf(2)}); }
bool WireReachesPort(const Topology&) { return Ping({kOutside, kOutsideIp}, {"c1", IpOf(1)}); }

// All of a hundred long frames of port 1's to port 2, or to the broadcast address.
bool FramesArrive(const Mac& dst) {
  const PacketSocket from("c1", kContainerDev, kTestType);
  const PacketSocket to("c2", kContainerDev, kTestType);
  const Bytes frame = (Eth{.dst = dst, .src = kMac1} / Payload(1400)).bytes;
  for (int i = 0; i < 100; i++) from.Send(frame);
  int arrived = 0;
  while (arrived < 100 && to.Receive(300)) arrived++;
  return arrived == 100;
}
bool LongFramesArrive(const Topology&) { return FramesArrive(kMac2); }
bool BroadcastsArrive(const Topology&) { return FramesArrive(kBroadcast); }
bool IsAttached(const Topology& t) { return t.ShowPort(1)["function"]["opstate"] == "attached"; }

const Trouble kTroubles[] = {
    {"RepresentorDown",
     "Nothing moves on a port, and all looks well",
     {"ip link set up0sf1 down"},
     PortsReachEachOther},
    {"FunctionDown",
     "What is sent to a container does not arrive",
     {"ip -n c1 link set eth0 down"},
     PortsReachEachOther},
    {"GroOff",
     "lost_at_function rises though the function is up",
     {"ip netns exec c1 ethtool -K eth0 gro off"},
     WireReachesPort,
     "on"},
    {"UplinkDown",
     "Nothing comes from the wire or goes there",
     {"ip link set up0 down"},
     WireReachesPort},
    {"AnotherVlan",
     "Two ports do not reach each other",
     {"xsw port function set up0/2 vlan 10"},
     PortsReachEachOther},
    {"BroadcastSkips",
     "A broadcast does not reach a port",
     {"xsw port function set up0/2 isolated on"},
     BroadcastsArrive},
    {"Spoof",
     "A container with another MAC address sends, and nothing leaves it",
     {"ip -n c1 link set eth0 address 02:00:00:00:00:77"},
     PortsReachEachOther},
    {"Rate",
     "Traffic stalls under load",
     {"xsw port function set up0/1 tx_max 1mbit burst 2000"},
     LongFramesArrive},
    {"Mtu",
     "Large frames are lost, small ones arrive",
     {"xsw port function set up0/2 mtu 1000"},
     LongFramesArrive},
    {"NoBridge",
     "Nothing passes since mode switchdev",
     {"xsw eswitch set up0 mode switchdev"},
     PortsReachEachOther},
    {"NamespaceDied",
     "A port is detached, and its netdev is gone from the container",
     {"ip netns del c1"},
     IsAttached},
    {"NoPrograms",
     "A port sends, and nothing of it is switched",
     {"find /run/bpffs -name 1_xsw_port_rx -delete"},
     PortsReachEachOther},
    {"NoSocket", "A queue block gets nothing", {}, nullptr},
    {"Full", "Adding a port, an address or a group fails: something is full", {}, nullptr},
};

class Troubleshooting : public testing::TestWithParam<Trouble> {
 protected:
  Troubleshooting() : t_({.xdp = GetParam().xdp, .ports = 2}) {
    t_.XswOk("port add up0 class queues hw_addr 02:00:00:00:00:03 state active");
    const PacketSocket wire(kOutside, kContainerDev, kTestType);
    wire.Send((Eth{.dst = kMac3, .src = kOutsideMac} / Payload(46)).bytes);
  }
  std::string Run(const std::string& command) const {
    return command.starts_with("xsw ") ? t_.XswOk(command.substr(4)) : MustRun(command);
  }
  // The last missing line, or "".
  std::string Missing(const Look& look) const {
    const std::string out = Run(look.command);
    for (const std::string& pattern : look.says) {
      std::istringstream lines(out);
      bool said = false;
      for (std::string line; std::getline(lines, line);)
        said |= fnmatch(pattern.c_str(), line.c_str(), 0) == 0;
      if (!said) return "\"" + pattern + "\" is not said by " + look.command + ":\n" + out;
    }
    return "";
  }
  Topology t_;
};

TEST_P(Troubleshooting, ThePageFindsAndCures) {
  const Trouble& trouble = GetParam();
  const std::map<std::string, Section> page = ReadPage();
  ASSERT_TRUE(page.count(trouble.title)) << trouble.title;
  const Section& section = page.at(trouble.title);
  const auto comes_to_work = [&](bool wanted) {
    return !trouble.works || WaitFor([&] { return trouble.works(t_) == wanted; }, 10000);
  };
  ASSERT_TRUE(comes_to_work(true)) << "before";
  for (const std::string& cause : trouble.causes) Run(cause);
  EXPECT_TRUE(comes_to_work(false)) << "no trouble";
  for (const Look& look : section.looks) {
    ASSERT_FALSE(look.says.empty()) << look.command;
    WaitFor([&] { return Missing(look).empty(); });
    EXPECT_EQ(Missing(look), "");
  }
  for (const std::string& cure : section.cures) Run(cure);
  EXPECT_TRUE(comes_to_work(true)) << "not cured";
}

INSTANTIATE_TEST_SUITE_P(, Troubleshooting, testing::ValuesIn(kTroubles),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(TroubleshootingPage, HasNoSymptomWithoutATest) {
  for (const auto& [title, section] : ReadPage())
    EXPECT_TRUE(std::any_of(std::begin(kTroubles), std::end(kTroubles),
                            [&, &name = title](const Trouble& t) { return t.title == name; }))
        << title;
}

}  // namespace
}  // namespace xsw::test
