// SPDX-License-Identifier: Apache-2.0
// `xsw topology`: who is connected to what, as text, JSON, and for graphviz.
//
//     out ==wire== up0 --+       up0/3  a queue block of nobody's
//  c1 === eth0  up0sf1 --+- br0  up0/4  inactive, for "pod"
//  c2 === eth0  up0sf2 --+  |
//               VLAN 10     vx100
#include <gtest/gtest.h>

#include <memory>
#include <sstream>

#include "tests/veth/bridge.h"
#include "tests/veth/topology.h"

namespace xsw::test {
namespace {

class Picture : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    world_ = std::make_unique<Topology>(TopologyOptions{.ports = 2});
    world_->sandbox().AddNetns("pod");
    world_->XswOk("eswitch set up0 mode switchdev");
    world_->XswOk("port function set up0/2 vlan 10");
    world_->XswOk(
        "port add up0 hw_addr 02:00:00:00:00:03 class queues queues 2 owner "
        "nobody:nogroup vlans 10,20-30 pvid 20 state active");
    world_->XswOk("port add up0 sfnum 7 hw_addr 02:00:00:00:00:07 netns pod ifname net1");
    MakeBridge(2);
    MustRun("ip link add vx100 type vxlan id 100 dstport 4789 local 10.9.0.1");
    MustRun("ip link set vx100 master br0 up");
    for (const char* mac : {"02:99:00:00:00:01", "02:99:00:00:00:02"})
      MustRun(std::string("bridge fdb add ") + mac + " dev vx100 master static");
    MustRun("ip link add other0 type veth peer name other1");
    MustRun("ip link set other0 master br0");
  }
  static void TearDownTestSuite() { world_.reset(); }

  // In a locale, whichever the test's own is.
  static std::string Out(const std::string& line, const std::string& locale = "C") {
    Argv argv = {"env", "LC_ALL=" + locale};
    for (const std::string& word : world_->XswArgv(line)) argv.push_back(word);
    const Result result = RunCommand(argv);
    EXPECT_EQ(result.status, 0) << line << ": " << result.err;
    return result.out;
  }
  static std::string Svg() { return Out("topology --svg"); }

  static std::unique_ptr<Topology> world_;
};
std::unique_ptr<Topology> Picture::world_;

constexpr char kTree[] =
    R"(up0: driver veth, mode switchdev, up, in br0
|-- up0/1 up0sf1: class netdev, untagged, in br0
|   `-- eth0: in netns c1, hw_addr 02:00:00:00:00:01, state active, opstate attached
|-- up0/2 up0sf2: class netdev, vlan 10, in br0
|   `-- eth0: in netns c2, hw_addr 02:00:00:00:00:02, state active, opstate attached
|-- up0/3 up0sf3: class queues, vlans 10,20-30 pvid 20
|   `-- up0s3: hw_addr 02:00:00:00:00:03, state active, opstate attached, queues 2, owner nobody:nogroup
|-- up0/4 up0sf7: class netdev, untagged
|   `-- net1: in netns pod, hw_addr 02:00:00:00:00:07, state inactive, opstate detached
`-- host
br0: bridge
|-- other0: veth
|-- up0: up0/0
|-- up0sf1: up0/1
|-- up0sf2: up0/2
`-- vx100: vxlan, 2 addresses
)";

// Addresses that the bridge has learned come and go with traffic; what is behind vx100 is static.
std::string WithoutLearned(const std::string& text) {
  std::istringstream in(text);
  std::string out;
  for (std::string line; std::getline(in, line);) {
    const size_t learned = line.find(", ", line.find(": up0/"));
    const bool is_member = line.find("-- up0: ") + line.find("-- up0sf") + 2 < 200;
    if (is_member && learned != std::string::npos) line.resize(learned);
    out += line + "\n";
  }
  return out;
}

TEST_F(Picture, IsATree) {
  EXPECT_EQ(WithoutLearned(Out("topology")), kTree);
  EXPECT_EQ(WithoutLearned(Out("topology up0")), kTree);
}

TEST_F(Picture, HasLinesOfABoxWhereTheLocaleHasThem) {
  std::string text = WithoutLearned(Out("topology", "C.UTF-8"));
  for (const auto& [box, ascii] :
       {std::pair("├── ", "|-- "), std::pair("└── ", "`-- "), std::pair("│   ", "|   ")}) {
    for (size_t at; (at = text.find(box)) != std::string::npos;)
      text.replace(at, std::string(box).size(), ascii);
  }
  EXPECT_EQ(text, kTree);
}

TEST_F(Picture, IsADocument) {
  const Json json = Json::parse(Out("-j topology"))["topology"];
  const Json& eswitch = json["eswitch"]["up0"];
  EXPECT_EQ(eswitch["driver"], "veth");
  EXPECT_EQ(eswitch["mode"], "switchdev");
  EXPECT_EQ(eswitch["host"], true);
  EXPECT_EQ(eswitch["master"], "br0");
  EXPECT_EQ(eswitch["port"].size(), 4u);
  const Json& two = eswitch["port"]["up0/2"];
  EXPECT_EQ(two["netdev"], "up0sf2");
  EXPECT_EQ(two["vlan"], 10);
  EXPECT_EQ(two["master"], "br0");
  EXPECT_EQ(two["offload"], false);
  EXPECT_EQ(two["function"]["netns"], "c2");
  EXPECT_EQ(two["function"]["opstate"], "attached");
  const Json& block = eswitch["port"]["up0/3"];
  EXPECT_EQ(block["class"], "queues");
  EXPECT_EQ(block["vlans"], "10,20-30");
  EXPECT_EQ(block["pvid"], 20);
  EXPECT_EQ(block["function"]["owner"], "nobody:nogroup");
  EXPECT_FALSE(block.contains("master"));
  const Json& members = json["master"]["br0"]["member"];
  EXPECT_EQ(members.size(), 5u);
  EXPECT_EQ(members["up0sf1"]["port"], "up0/1");
  EXPECT_EQ(members["vx100"], (Json{{"kind", "vxlan"}, {"addresses", 2}}));
}

// What xsw-bridge does of the bridge's work, and only while it runs.
TEST_F(Picture, SaysWhichPortsAreOffloaded) {
  auto offloaded = [] {
    return Json::parse(
               Out("-j topology up0"))["topology"]["eswitch"]["up0"]["port"]["up0/1"]["offload"] ==
           true;
  };
  {
    const Offload offload(*world_);
    EXPECT_TRUE(WaitFor(offloaded));
    EXPECT_NE(Out("topology").find("up0/1 up0sf1: class netdev, untagged, in br0, offload on\n"),
              std::string::npos);
  }
  EXPECT_TRUE(WaitFor([&] { return !offloaded(); }));
}

TEST_F(Picture, GraphvizDrawsIt) {
  const std::string dot = Out("topology --dot");
  for (const char* words :
       {"[label=\"up0\\ndriver veth\\nmode switchdev\\nup\\nin br0\", style=bold]",
        "[label=\"up0/2 up0sf2\\nclass netdev\\nvlan 10\\nin br0\"]", "[style=dotted]",
        "[label=\"vx100\\nvxlan\\n2 addresses\"]", "[label=\"br0\\nbridge\", shape=hexagon]"})
    EXPECT_NE(dot.find(words), std::string::npos) << words << dot;
  const std::string svg = Svg();
  EXPECT_TRUE(svg.starts_with("<?xml")) << svg;
  EXPECT_TRUE(svg.ends_with("</svg>\n"));
  for (const char* words : {">up0/2 up0sf2<", ">vlan 10<", ">owner nobody:nogroup<", ">vx100<"})
    EXPECT_NE(svg.find(words), std::string::npos) << words;
}

// Names of others: a quote and a backslash end no label, an entity is none, ends of lines and
// control sequences are question marks.
TEST_F(Picture, NamesOfOthersAreNames) {
  const std::string kName = "\"];\\n&lt;\033[2J";
  const Result renamed =
      RunCommand(Argv{"ip", "-n", "c1", "link", "set", kContainerDev, "down", "name", kName});
  ASSERT_EQ(renamed.status, 0) << renamed.err;
  EXPECT_NE(Out("topology").find("`-- \"];\\n&lt;?[2J: in netns c1"), std::string::npos);
  EXPECT_NE(Out("topology --dot").find("label=\"\\\"];\\\\n&amp;lt;?[2J\\nin netns c1"),
            std::string::npos);
  EXPECT_NE(Svg().find(">&quot;];\\n&amp;lt;?[2J<"), std::string::npos) << Svg();
  RunCommand(Argv{"ip", "-n", "c1", "link", "set", kName, "name", kContainerDev});
  RunCommand(Argv{"ip", "-n", "c1", "link", "set", kContainerDev, "up"});
}

TEST_F(Picture, BadInputIsRefusedInOneLine) {
  const struct {
    const char* line;
    int status;
    const char* words;
  } rows[] = {
      {"topology up9", 1, "up9"},
      {"topology c1", 1, "c1"},
      {"topology up0 up0", 2, "unknown word \"up0\""},
      {"topology --dot --svg", 2, "three answers"},
      {"-j topology --dot", 2, "three answers"},
      {"topology --png", 2, "unknown option --png"},
  };
  for (const auto& [line, status, words] : rows) {
    const Result result = world_->Xsw(line);
    EXPECT_EQ(result.status, status) << line;
    EXPECT_EQ(result.out, "") << line;
    EXPECT_NE(result.err.find(words), std::string::npos) << line << result.err;
  }
  Argv argv = {"env", "PATH=/nonexistent"};
  for (const std::string& word : world_->XswArgv("topology --svg")) argv.push_back(word);
  const Result result = RunCommand(argv);
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.err,
            "Error: xsw: --svg: there is no program dot: install the package graphviz.\n");
}

}  // namespace
}  // namespace xsw::test
