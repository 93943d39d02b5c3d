// SPDX-License-Identifier: Apache-2.0
// xsw -b: one command a line.
//
//    out ==wire== up0, an uplink without ports
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/veth/snapshot.h"

namespace xsw::test {
namespace {

constexpr char kFile[] = "/run/batch";

class Batch : public testing::Test {
 protected:
  Batch() : t({.ports = 0}) {}
  Result RunBatch(const std::string& text, const std::string& options = "") {
    std::ofstream(kFile) << text;
    return t.Xsw(options + " -b " + kFile);
  }
  // By their numbers.
  std::string Ports() {
    std::string numbers;
    const Json ports = Json::parse(t.XswOk("-j port show"))["port"];
    for (const auto& [handle, port] : ports.items()) {
      if (port.contains("sfnum")) numbers += (numbers.empty() ? "" : " ") + port["sfnum"].dump();
    }
    return numbers;
  }
  Topology t;
};

TEST_F(Batch, RunsLineByLineWithCommentsAndBlanks) {
  const Result result = RunBatch(
      "# ports of the first tenant\n"
      "port add up0 sfnum 11\n"
      "\n"
      "   \t\n"
      "\tport  add up0\tsfnum 12  # the second\n"
      "fdb add up0 02:00:00:00:00:77 port up0/2\n"
      "port function set up0/2 mtu 1400");
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(Ports(), "11 12");
  EXPECT_EQ(t.ShowPort(2)["mtu"], 1400) << "a last line without its newline";
  EXPECT_EQ(t.ShowFdb().size(), 4u);
}

TEST_F(Batch, StopsAtTheFirstErrorAndNamesItsLine) {
  const Result result = RunBatch(
      "port add up0 sfnum 11\n"
      "# what follows is wrong\n"
      "port add up0 sfnum 11\n"
      "port add up0 sfnum 12\n");
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.err, "Error: xsw: /run/batch:3: port up0 sfnum 11: in use by port up0/1.\n");
  EXPECT_EQ(Ports(), "11");
}

TEST_F(Batch, MalformedLinesExitWith2) {
  const Result result = RunBatch("port frob\nport add up0 sfnum 12\n");
  EXPECT_EQ(result.status, 2);
  EXPECT_TRUE(result.err.ends_with("Error: xsw: /run/batch:1: port has no command \"frob\".\n"))
      << result.err;
  EXPECT_EQ(Ports(), "");
}

TEST_F(Batch, ForcedGoesOnAndStillFails) {
  const Result result = RunBatch(
      "port add up0 sfnum 11\n"
      "port add up0 sfnum 11\n"
      "port add up0 hw_addr 01:00:5e:00:00:01\n"
      "port add up0 sfnum 12\n",
      "-f");
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(
      result.err,
      "Error: xsw: /run/batch:2: port up0 sfnum 11: in use by port up0/1.\n"
      "Error: xsw: /run/batch:3: port up0 sfnum 1: hw_addr 01:00:5e:00:00:01 is multicast.\n");
  EXPECT_EQ(Ports(), "11 12");
}

TEST_F(Batch, ReadsStandardInput) {
  std::string shell = "printf 'port add up0 sfnum 11\\nport add up0 sfnum 11\\n' |";
  for (const std::string& word : t.XswArgv("-b -")) shell += " " + word;
  const Result result = RunCommand(Argv{"sh", "-c", shell});
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.err, "Error: xsw: -:2: port up0 sfnum 11: in use by port up0/1.\n");
  EXPECT_EQ(Ports(), "11");
}

TEST_F(Batch, ADryRunChangesNothing) {
  const Snapshot before = TakeSnapshot(t);
  const Result result = RunBatch("port add up0\neswitch set up0 host off\neswitch del up0\n", "-d");
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(Changes(before, TakeSnapshot(t)), "");
}

// Later lines name what earlier ones would have made or removed.
TEST_F(Batch, ADryRunKnowsWhatEarlierLinesMakeAndRemove) {
  MustRun("ip link add new0 type veth peer name new1");
  t.XswOk("port add up0 sfnum 5");
  const Snapshot before = TakeSnapshot(t);
  const std::string batch =
      "port add up0\n"
      "port function set up0/2 state inactive mtu 1400\n"
      "port function set up0sf1 vlan 10\n"
      "fdb add up0 02:00:00:00:00:77 port up0/2\n"
      "mdb add up0 239.1.2.3 port up0sf1 vlan 10\n"
      "port del up0/1\n"
      "port add up0 sfnum 5\n"
      "eswitch add new0 host off\n"
      "eswitch set new0 host on\n"
      "port add new0 class queues\n"
      "port del new0sf1\n"
      "eswitch del new0\n"
      "eswitch add new0\n";
  const Result dry = RunBatch(batch + "port show new0\n", "-d");
  EXPECT_EQ(dry.status, 0) << dry.err;
  EXPECT_EQ(dry.out, "");
  EXPECT_EQ(Changes(before, TakeSnapshot(t)), "");
  EXPECT_EQ(RunBatch(batch).err, "") << "what the dry run has promised";
}

TEST_F(Batch, ADryRunRefusesWhatEarlierLinesForbid) {
  const std::pair<const char*, const char*> rows[] = {
      {"port add up0\nport function set up0/2 mtu 1400\n", "2: port up0/2: does not exist"},
      {"port add up0\nport add up0 sfnum 1\n", "2: port up0 sfnum 1: in use by port up0/1"},
      {"port add up0\nport del up0/1\nport function set up0/1 mtu 1400\n",
       "3: port up0/1: does not exist"},
      {"port add up0\nport function set up0/1 mtu x\n", "2: mtu \"x\" is not a number"},
      {"eswitch del up0\nport add up0\n",
       "2: eswitch up0: does not exist (an earlier line removes it)"},
      {"eswitch del up0\neswitch add up0\nfdb add up0 02:00:00:00:00:77 port up0/1\n",
       "3: port up0/1: does not exist"},
      {"eswitch del up0\neswitch add up0\neswitch add up0\n",
       "3: eswitch up0: already exists (an earlier line adds it)"},
      {"port add up0\nport function set up0/0 mtu 1400\n", "2: port up0/0: the uplink has no"},
  };
  for (const auto& [batch, error] : rows) {
    const Result result = RunBatch(batch, "-d");
    EXPECT_NE(result.status, 0) << batch;
    EXPECT_NE(result.err.find(std::string("/run/batch:") + error), std::string::npos)
        << batch << result.err;
  }
}

TEST_F(Batch, JsonIsADocumentALine) {
  std::istringstream lines(RunBatch("port add up0\nport show\nfdb show\n", "-j").out);
  int documents = 0;
  for (std::string line; std::getline(lines, line); documents++) {
    EXPECT_FALSE(Json::parse(line, nullptr, false).is_discarded()) << line;
  }
  EXPECT_EQ(documents, 3);
}

TEST_F(Batch, OptionsOfALineAreOfThatLineAlone) {
  const Result result = RunBatch("-j port show\nport show\n");
  EXPECT_EQ(result.out.substr(0, 8), "{\"port\":");
  EXPECT_NE(result.out.find("\nup0/0: type eth"), std::string::npos) << result.out;
}

TEST_F(Batch, RunsInANamespaceAsAWhole) {
  t.sandbox().AddNetns("other");
  MustRun("ip -n other link add in0 type veth peer name in1");
  EXPECT_EQ(RunBatch("eswitch add in0\nport add in0\n", "-n other").err, "");
  EXPECT_EQ(Ports(), "");
  EXPECT_NE(t.XswOk("-n other port show").find("in0/1"), std::string::npos);
}

TEST_F(Batch, OptionsOfTheWholeDoNotBelongIntoALine) {
  for (const char* line :
       {"-n out port show\n", "-b /run/other\n", "-V\n", "--wait 1 port show\n"}) {
    const Result result = RunBatch(line);
    EXPECT_EQ(result.status, 2) << line;
    EXPECT_EQ(result.err,
              "Error: xsw: /run/batch:1: -n, -b, -V and --wait do not belong into a batch file.\n");
  }
}

TEST_F(Batch, ALineOfOptionsAloneIsMalformed) {
  const Result result = RunBatch("-j\n");
  EXPECT_EQ(result.status, 2);
  EXPECT_TRUE(result.err.starts_with("Error: xsw: /run/batch:1: ")) << result.err;
}

}  // namespace
}  // namespace xsw::test
