// SPDX-License-Identifier: Apache-2.0
// How xsw is called and how it answers: text, JSON, options, help.
//
//    out ==wire== up0   up0sf1 === eth0 in c1
//                       up0sf2 === eth0 in c2
#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>
#include <sstream>

#include "tests/veth/topology.h"

namespace xsw::test {
namespace {

using OrderedJson = nlohmann::ordered_json;

class Cli : public testing::Test {
 protected:
  void SetUp() override {
    if (!world_) world_ = std::make_unique<Topology>(TopologyOptions{.ports = 2});
  }
  static void TearDownTestSuite() { world_.reset(); }
  static std::string Out(const std::string& line) { return world_->XswOk(line); }
  static std::unique_ptr<Topology> world_;
};
std::unique_ptr<Topology> Cli::world_;

// Exactly one document and a newline.
OrderedJson ParseOne(const std::string& text) {
  OrderedJson json = OrderedJson::parse(text, nullptr, /*allow_exceptions=*/false);
  EXPECT_FALSE(json.is_discarded()) << "not one JSON document: " << text;
  EXPECT_TRUE(text.ends_with('\n'));
  return json;
}

void ExpectNoTrailingSpaces(const std::string& what, const std::string& text) {
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    EXPECT_FALSE(line.ends_with(' ') || line.ends_with('\t')) << what << ": \"" << line << "\"";
  }
}

const char* const kShows[] = {
    "port show",    "port show up0/0",  "port show up0/1", "port show up0sf2", "-s port show",
    "eswitch show", "eswitch show up0", "fdb show",        "fdb show up0",     "help",
};

TEST_F(Cli, JsonIsOneDocumentOnOneLineForEveryShow) {
  for (const std::string show : kShows) {
    SCOPED_TRACE(show);
    const std::string out = Out("-j " + show);
    const OrderedJson json = ParseOne(out);
    EXPECT_EQ(out.find('\n'), out.size() - 1);
    const std::string object = show == "help" ? "commands" : Words(show)[show[0] == '-'];
    ASSERT_EQ(json.size(), 1u);
    EXPECT_EQ(json.begin().key(), object);
  }
}

TEST_F(Cli, PrettyJsonIsTheSameIndentedByFour) {
  for (const std::string show : kShows) {
    SCOPED_TRACE(show);
    const std::string pretty = Out("-j -p " + show);
    EXPECT_EQ(ParseOne(pretty), ParseOne(Out("-j " + show)));
    EXPECT_EQ(pretty.substr(0, 7), "{\n    \"");
    ExpectNoTrailingSpaces(show, pretty);
  }
}

TEST_F(Cli, JsonWithoutAnythingToShowIsAnEmptyObject) {
  EXPECT_EQ(Out("-j -n c1 port show"), "{\"port\":{}}\n");
  EXPECT_EQ(Out("-j -n c1 eswitch show"), "{\"eswitch\":{}}\n");
  EXPECT_EQ(Out("-j -n c1 fdb show"), "{\"fdb\":{}}\n");
  EXPECT_EQ(Out("-n c1 port show"), "");
}

// A name from a container is no command to the terminal of who looks at it.
TEST_F(Cli, ANetdevsNameDoesNotSteerTheTerminal) {
  Ip("c1", "link set eth0 name \x1b[2J\x7f\xc2\x9bm\xc3\xa4");
  const std::string text = Out("port show up0/1"), json = Out("-j port show up0/1");
  Ip("c1", "link set \x1b[2J\x7f\xc2\x9bm\xc3\xa4 name eth0");
  EXPECT_NE(text.find("ifname ?[2J?\xc2?m\xc3\xa4 netdev_state"), std::string::npos) << text;
  for (const char* part : {"\x1b", "\x7f", "\xc2\x9b"})
    EXPECT_EQ(json.find(part), std::string::npos) << json;
  EXPECT_EQ(ParseOne(json)["port"]["up0/1"]["function"]["ifname"], "\x1b[2J\x7f\xc2\x9bm\xc3\xa4");
}

// The example of devlink-conventions.md, with this world's values.
TEST_F(Cli, APortHasTheKeysOfDevlinkInItsOrder) {
  const OrderedJson example = {{"type", "eth"},     {"netdev", "up0sf1"}, {"flavour", "pcisf"},
                               {"controller", 0},   {"pfnum", 0},         {"sfnum", 1},
                               {"external", false}, {"splittable", false}};
  const OrderedJson function = {
      {"hw_addr", "02:00:00:00:00:01"}, {"state", "active"}, {"opstate", "attached"}};
  const OrderedJson port = ParseOne(Out("-j port show up0/1"))["port"]["up0/1"];
  size_t at = 0;
  for (const auto& [key, value] : port.items()) {
    const auto expected = std::next(example.begin(), at);
    if (at < example.size() && key == expected.key() && value == *expected) at++;
  }
  EXPECT_EQ(at, example.size()) << port;
  EXPECT_EQ(OrderedJson(port["function"]).dump().substr(0, function.dump().size() - 1),
            function.dump().substr(0, function.dump().size() - 1));
  EXPECT_EQ(ParseOne(Out("-j port show up0/0")), (OrderedJson{{"port",
                                                               {{"up0/0",
                                                                 {{"type", "eth"},
                                                                  {"netdev", "up0"},
                                                                  {"flavour", "physical"},
                                                                  {"port", 0},
                                                                  {"splittable", false},
                                                                  {"netdev_state", "up"}}}}}}));
}

TEST_F(Cli, APortsTextHasTheLinesOfDevlink) {
  EXPECT_EQ(
      Out("port show up0/0"),
      "up0/0: type eth netdev up0 flavour physical port 0 splittable false netdev_state up\n");
  EXPECT_EQ(Out("port show up0/1"),
            "up0/1: type eth netdev up0sf1 flavour pcisf controller 0 pfnum 0 sfnum 1 external "
            "false splittable false class netdev mtu 1500 netdev_state up\n"
            "  function:\n"
            "    hw_addr 02:00:00:00:00:01 state active opstate attached netns c1 ifname eth0 "
            "netdev_state up\n"
            "  policy:\n"
            "    spoofchk on trust off promisc off allmulti off isolated off link enable\n");
}

TEST_F(Cli, StatisticsAreShownOnlyOnDemand) {
  EXPECT_EQ(Out("-j port show").find("statistics"), std::string::npos);
  const OrderedJson port = ParseOne(Out("-j -s port show up0/1"))["port"]["up0/1"];
  for (const char* key : {"rx", "tx", "slow_path", "drops", "lost_at_function"}) {
    EXPECT_TRUE(port["statistics"].contains(key)) << key << " is not in " << port;
  }
  EXPECT_NE(Out("-s port show up0/1").find("  statistics:\n"), std::string::npos);
}

TEST_F(Cli, PortAddShowsTheNewPort) {
  const std::string json = Out("-j port add up0 sfnum 7");
  EXPECT_EQ(json, Out("-j port show up0/3"));
  ParseOne(json);
  EXPECT_EQ(Out("port del up0/3"), "");
  const std::string text = Out("port add up0 sfnum 7");
  EXPECT_EQ(text, Out("port show up0/3"));
  Out("port del up0/3");
}

TEST_F(Cli, SetAndDelSucceedSilently) {
  for (const char* command :
       {"eswitch set up0 host on", "port function set up0/1 mtu 1500",
        "fdb add up0 02:00:00:00:00:77 port up0/1", "fdb del up0 02:00:00:00:00:77 port up0/1",
        "-j eswitch set up0 host on", "-j port function set up0/1 mtu 1500"}) {
    const Result result = world_->Xsw(command);
    EXPECT_EQ(result.status, 0) << command << ": " << result.err;
    EXPECT_EQ(result.out + result.err, "") << command;
  }
}

TEST_F(Cli, AnErrorInJsonModeLeavesStdoutEmpty) {
  const Result result = world_->Xsw("-j port show up0/9");
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err, "Error: xsw: port up0/9: does not exist.\n");
}

TEST_F(Cli, OptionsStandAnywhere) {
  const std::string expected = Out("-j -p port show up0/1");
  for (const char* line :
       {"port show up0/1 -j -p", "port -j show -p up0/1", "-jp port show up0/1",
        "port show up0/1 -pj", "--json port show --pretty up0/1", "port -pj show up0/1"}) {
    EXPECT_EQ(Out(line), expected) << line;
  }
  EXPECT_EQ(Out("port -n c1 -j show"), "{\"port\":{}}\n");
  EXPECT_EQ(Out("port show -jn c1"), "{\"port\":{}}\n");
}

TEST_F(Cli, ShowIsTheDefaultAndListIsItsOtherName) {
  for (const std::string object : {"port", "eswitch", "fdb"}) {
    EXPECT_EQ(Out(object), Out(object + " show"));
    EXPECT_EQ(Out(object + " list"), Out(object + " show"));
    EXPECT_EQ(Out("-j " + object), Out("-j " + object + " show"));
  }
  EXPECT_EQ(Out("port list up0/1"), Out("port show up0/1"));
}

TEST_F(Cli, ARepresentorOrTheUplinkStandsForItsPort) {
  EXPECT_EQ(Out("port show up0sf1"), Out("port show up0/1"));
  EXPECT_EQ(Out("port show up0pf0sf1"), Out("port show up0/1")) << "by its altname";
}

TEST_F(Cli, ANamespaceIsNamedByNameOrProcess) {
  const std::string here = Out("-j port show");
  const std::string self = std::to_string(getpid());
  EXPECT_EQ(Out("-n " + self + " -j port show"), here);
  EXPECT_EQ(Out("--netns " + self + " -j port show"), here);
  MustRun("ip -n c2 link add inner0 type veth peer name inner1");
  Out("-n c2 eswitch add inner0");
  EXPECT_EQ(ParseOne(Out("-n c2 -j port show"))["port"].begin().key(), "inner0/0");
  EXPECT_EQ(Out("-j port show"), here);
  Out("-n c2 eswitch del inner0");
}

TEST_F(Cli, HelpHasEveryCommandOfTheTableWithItsUsage) {
  std::vector<std::string> names;
  const std::string help = Out("help");
  const OrderedJson table = ParseOne(Out("-j help"));
  for (const OrderedJson& command : table["commands"]) {
    const std::string verb = command["verb"];
    const std::string name =
        command["object"].get<std::string>() + (verb.empty() ? "" : " ") + verb;
    names.push_back(name);
    const std::string usage = "xsw " + name + " " + command["synopsis"].get<std::string>();
    EXPECT_NE(help.find(usage.substr(0, usage.find_last_not_of(' ') + 1)), std::string::npos)
        << name;
    EXPECT_TRUE(Out(name + " help").starts_with("Usage: xsw " + name)) << name;
  }
  const std::vector<std::string> expected = {"eswitch add",
                                             "eswitch set",
                                             "eswitch del",
                                             "eswitch upgrade",
                                             "eswitch show",
                                             "port add",
                                             "port del",
                                             "port show",
                                             "port function set",
                                             "fdb add",
                                             "fdb del",
                                             "fdb show",
                                             "vlan show",
                                             "mdb add",
                                             "mdb del",
                                             "mdb show",
                                             "bridge show",
                                             "stats",
                                             "top",
                                             "topology",
                                             "metrics",
                                             "check",
                                             "health show",
                                             "health recover",
                                             "save",
                                             "apply",
                                             "diff",
                                             "monitor",
                                             "explain",
                                             "capture",
                                             "demo",
                                             "help"};
  EXPECT_EQ(names, expected);
  EXPECT_EQ(Out("-h"), help);
  EXPECT_EQ(Out("--help"), help);
}

TEST_F(Cli, HelpNeedsNeitherBpffsNorRights) {
  const std::string xsw = world_->XswArgv("")[0];
  for (const char* line : {"help", "port add help", "-V"}) {
    const Result result = RunCommand(xsw + " " + line);
    EXPECT_EQ(result.status, 0) << line << ": " << result.err;
    EXPECT_NE(result.out, "") << line;
  }
}

TEST_F(Cli, VersionTellsTheAbiToo) {
  std::istringstream words(Out("-V"));
  std::string xsw, version, abi, number;
  words >> xsw >> version >> abi >> number;
  EXPECT_EQ(xsw + " " + abi, "xsw ABI");
  EXPECT_TRUE(version.ends_with(',')) << version;
  EXPECT_GT(std::stoi(number), 0);
  EXPECT_EQ(Out("--version"), Out("-V"));
}

TEST_F(Cli, NoLineEndsInSpaces) {
  for (const std::string show : kShows) ExpectNoTrailingSpaces(show, Out(show));
  for (const char* command : {"port add help", "help help", "port show help"})
    ExpectNoTrailingSpaces(command, Out(command));
  for (const char* wrong : {"port frob", "help frob", "eswitch add"})
    ExpectNoTrailingSpaces(wrong, world_->Xsw(wrong).err);
}

}  // namespace
}  // namespace xsw::test
