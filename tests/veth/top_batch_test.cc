// SPDX-License-Identifier: Apache-2.0
// `xsw top` without a screen: as text, as JSON lines, and what it refuses.
#include <gtest/gtest.h>

#include <memory>
#include <sstream>

#include "tests/veth/packet.h"
#include "tests/veth/tmux.h"
#include "tests/veth/topology.h"

namespace xsw::test {
namespace {

class TopBatch : public testing::Test {
 protected:
  static void SetUpTestSuite() { world_ = std::make_unique<Topology>(TopologyOptions{.ports = 2}); }
  static void TearDownTestSuite() { world_.reset(); }
  static std::unique_ptr<Topology> world_;
};
std::unique_ptr<Topology> TopBatch::world_;

std::vector<std::string> Lines(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// As with top(1): -bn2, and a table for each of the two.
TEST_F(TopBatch, TellsAsTextAsOftenAsItIsAsked) {
  const std::vector<std::string> lines = Lines(world_->XswOk("top -bn2 -d 0.2 up0"));
  ASSERT_EQ(lines.size(), 12u);
  for (size_t at : {0u, 6u}) {
    EXPECT_TRUE(lines[at].starts_with("xsw top: ")) << lines[at];
    EXPECT_TRUE(lines[at].ends_with(", 3 ports")) << lines[at];
    EXPECT_EQ(lines[at + 1], "PORT     FUNCTION RX bit/s TX bit/s RX fr/s TX fr/s  LOST DROPS");
    EXPECT_EQ(lines[at + 3], "up0/1    c1/eth0         0        0       0       0     0");
    EXPECT_EQ(lines[at + 5], "");
  }
}

// With no terminal; -b and -j, both, say the same of one.
TEST_F(TopBatch, IsJsonLinesWhereThereIsNoTerminal) {
  for (const char* line : {"top up0/1 -n 2 -d 0.2", "-j top -n2 -d 0.2 up0/1 -b"}) {
    const std::vector<std::string> lines = Lines(world_->XswOk(line));
    ASSERT_EQ(lines.size(), 2u) << line;
    for (const std::string& text : lines) {
      const Json json = Json::parse(text);
      EXPECT_NEAR(json["seconds"].get<double>(), 0.2, 0.15);
      EXPECT_GT(json["time"], 1700000000);
      ASSERT_EQ(json["per_second"].size(), 1u);
      const Json& port = json["per_second"]["up0/1"];
      EXPECT_EQ(port["netdev"], "up0sf1");
      EXPECT_EQ(port["netns"], "c1");
      EXPECT_EQ(port["ifname"], "eth0");
      EXPECT_EQ(port["rx"], (Json{{"frames", 0}, {"bytes", 0}}));
      EXPECT_EQ(port["dropped"], Json::object());
    }
  }
  const Tmux tmux([] {
    std::string line;
    for (const std::string& word : world_->XswArgv("-j top -d 0.2")) line += word + " ";
    return line;
  }());
  EXPECT_TRUE(tmux.WaitForText("{\"time\":"));
}

// One spoofed frame in seconds is in one line, as a frame and not as a rate, which would be 0.
TEST_F(TopBatch, AFrameThatIsDroppedIsToldOnce) {
  const PacketSocket port1("c1", kContainerDev, kTestType);
  Process top(world_->XswArgv("top up0 -d 2 -n 2"));
  ASSERT_TRUE(WaitFor([&] { return top.Done() || !top.OutSoFar().empty(); }, 20000));
  port1.Send((Eth{kMac2, kMac3} / Payload(60)).bytes);
  const std::vector<std::string> lines = Lines(top.Wait().out);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(Json::parse(lines[0])["per_second"]["up0/1"]["dropped"], Json::object());
  EXPECT_EQ(Json::parse(lines[1])["per_second"]["up0/1"]["dropped"], (Json{{"spoof", 1}}));
}

TEST_F(TopBatch, GoesOnWhenItsEswitchIsGone) {
  Topology& t = *world_;
  MustRun("ip link add other0 type veth peer name other1");
  t.XswOk("eswitch add other0");
  Process top(t.XswArgv("top other0 -d 0.2"));
  ASSERT_TRUE(WaitFor([&] { return top.Done() || !top.OutSoFar().empty(); }));
  t.XswOk("eswitch del other0");
  EXPECT_TRUE(WaitFor(
      [&] { return !top.Done() && top.OutSoFar().find("\"error\":\"") != std::string::npos; }));
  t.XswOk("eswitch add other0");
  const size_t before = top.OutSoFar().size();
  EXPECT_TRUE(WaitFor(
      [&] { return !top.Done() && top.OutSoFar().find("other0/0", before) != std::string::npos; }));
  t.XswOk("eswitch del other0");
  MustRun("ip link del other0");
}

struct Refusal {
  const char* line;
  int status;
  const char* words;  // in the error
};

TEST_F(TopBatch, BadInputIsRefusedInOneLine) {
  for (const Refusal& it : {
           Refusal{"top up9", 1, "up9"},
           Refusal{"top up0/9", 1, "port up0/9: does not exist"},
           Refusal{"top up9/1", 1, "up9"},
           Refusal{"top up0/x", 2, "\"up0/x\" is not a port handle"},
           Refusal{"top -d 0", 2, "-d 0: not a number of seconds from 0.1 to 86400"},
           Refusal{"top -d nan", 2, "-d nan: not a number"},
           Refusal{"top -d 1e9", 2, "-d 1e9: not a number"},
           Refusal{"top -d", 2, "the value of -d is missing"},
           Refusal{"top -n 0", 2, "-n 0: at least once"},
           Refusal{"top -n -3", 2, "unknown option -3"},
           Refusal{"top -n x", 2, "-n \"x\" is not a number"},
           Refusal{"top -n 1 -n 1", 2, "\"-n\" comes twice"},
           Refusal{"top up0 up0", 2, "unknown word \"up0\""},
           Refusal{"top -x", 2, "unknown option -x"},
       }) {
    const Result result = world_->Xsw(it.line);
    EXPECT_EQ(result.status, it.status) << it.line;
    EXPECT_EQ(result.out, "") << it.line;
    EXPECT_NE(result.err.find(it.words), std::string::npos) << it.line << result.err;
  }
}

// -n is another option behind the object, and has no namespaces as its values.
TEST_F(TopBatch, TheShellCompletesItsOptions) {
  auto complete = [](const std::string& words) {
    const std::string script = "source " XSW_SOURCE_DIR
                               "/tools/xsw/xsw.bash-completion; COMP_WORDS=(" +
                               world_->XswArgv("")[0] + " " + words +
                               "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _xsw; echo \" "
                               "${COMPREPLY[*]} \"";
    return RunCommand(Argv{"timeout", "20", "bash", "-c", script}).out;
  };
  const std::string ports = complete("--bpffs /run/bpffs top ''");
  for (const char* word : {" up0 ", " up0/1 ", " up0sf2 "})
    EXPECT_NE(ports.find(word), std::string::npos) << ports;
  const std::string options = complete("--bpffs /run/bpffs top up0 -");
  for (const char* word : {" -d ", " -n ", " -b "})
    EXPECT_NE(options.find(word), std::string::npos) << options;
  EXPECT_EQ(complete("top up0 -n ''").find(" c1 "), std::string::npos);
  EXPECT_NE(complete("-n ''").find(" c1 "), std::string::npos);
}

TEST_F(TopBatch, ATerminalThatCannotShowItIsRefused) {
  std::string line;
  for (const std::string& word : world_->XswArgv("top")) line += word + " ";
  const Tmux dumb("TERM=dumb " + line);
  EXPECT_TRUE(dumb.WaitForText("Error: xsw: the terminal cannot place a cursor (TERM)"));
}

TEST_F(TopBatch, KeysMustComeFromATerminal) {
  std::string line;
  for (const std::string& word : world_->XswArgv("top")) line += word + " ";
  const Tmux piped(line + "</dev/null");
  EXPECT_TRUE(piped.WaitForText("Error: xsw: standard input is no terminal"));
}

}  // namespace
}  // namespace xsw::test
