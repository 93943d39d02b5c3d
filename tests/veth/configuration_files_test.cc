// SPDX-License-Identifier: Apache-2.0
// Files for `xsw apply` and `diff`: where they come from, what is wrong with them, and the schema.
//
//    out ==wire== up0   up0sf1 === eth0 in c1
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <sstream>

#include "tests/veth/documents.h"
#include "tests/veth/snapshot.h"

namespace xsw::test {
namespace {

class ConfigurationFiles : public testing::Test {
 protected:
  ConfigurationFiles() : t({.ports = 1}) {}
  Topology t;
};

double MsOf(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

// How much exactly bench/apply measures, on a machine that does nothing else.
TEST_F(ConfigurationFiles, AFileTakesAboutAsLongAsItsCommandsAndAgainNone) {
  constexpr int kPorts = 40;
  std::ofstream batch("/run/batch");
  Json ports = Json::array();
  for (int sfnum = 100; sfnum < 100 + kPorts; sfnum++) {
    batch << "port add up0 sfnum " << sfnum << " vlan " << sfnum << "\n";
    ports.push_back({{"sfnum", sfnum}, {"vlan", sfnum}});
  }
  batch.close();
  const Json document = OfUp0({{"ports", ports}});
  const double commands = MsOf([&] { t.XswOk("-b /run/batch"); });
  t.XswOk("eswitch del up0");
  t.XswOk("eswitch add up0");
  const double apply = MsOf([&] { EXPECT_EQ(Apply(t, document).status, 0); });
  const double again = MsOf([&] { EXPECT_EQ(Apply(t, document).status, 0); });
  EXPECT_LT(apply, 4 * commands);
  EXPECT_LT(again, apply / 2);
  EXPECT_EQ(Saved(t), document);
}

TEST_F(ConfigurationFiles, StandardInputAndJson) {
  WriteDocument(OfUp0(Json::object()).dump());
  const std::string xsw = t.XswArgv("")[0] + std::string(" --bpffs ") + kTestBpffs;
  const Result result =
      RunCommand(Argv{"sh", "-c", xsw + " -j diff - --prune < " + std::string(kDocument)});
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(Json::parse(result.out)["diff"][1],
            std::string("xsw --bpffs ") + kTestBpffs + " port del up0/1");
  EXPECT_EQ(RunCommand(Argv{"sh", "-c", xsw + " save | " + xsw + " apply - up0"}).status, 0);
  EXPECT_EQ(Json::parse(t.XswOk("-j save")), Saved(t));
}

TEST_F(ConfigurationFiles, BadFilesChangeNothing) {
  const struct {
    const char *text, *error;
  } kRows[] = {
      {"", "parse error"},
      {R"({"eswitch": {"up0": {"mode": "switchdev", "ports": [{"sfnum": 9, "mtux": 1}]}}})",
       "/eswitch/up0/ports/0/mtux: unknown key"},
      {R"({"eswitch": {"up0": {"mode": "switchdev", "ports": [{"sfnum": 9}, {"sfnum": 9}]}}})",
       "/eswitch/up0/ports/1/sfnum: sfnum 9 is that of /eswitch/up0/ports/0 too"},
      {R"({"eswitch": {"up0": {"mode": "switchdev", "ports": [{"sfnum": 9, "mtu": 1501}]}}})",
       "/eswitch/up0/ports/0: port up0 sfnum 9: mtu 1501 is not within 68 to 1500"},
      {R"({"eswitch": {"up0": {"mode": "switchdev", "ports": [{"sfnum": 9, "tx_max": 12000}]}}})",
       "/eswitch/up0/ports/0: port up0 sfnum 9: tx_max 12000 is below one frame a second"},
      {R"({"eswitch": {"up0": {"rx_path": "xdp", "xdp": "off", "ports": [{"sfnum": 9}]}}})",
       "rx_path xdp needs XDP"},
      {R"({"eswitch": {"lo": {}}})", "lo"},
      {R"({"eswitch": {"nodev": {}}})", "netdev nodev: No such device"},
  };
  const Snapshot before = TakeSnapshot(t);
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.text);
    WriteDocument(row.text);
    for (const char* command : {"apply", "-d apply"}) {
      const Result result = t.Xsw(std::string(command) + " " + kDocument);
      EXPECT_EQ(result.status, 1);
      EXPECT_NE(result.err.find(row.error), std::string::npos) << result.err;
    }
    EXPECT_EQ(Changes(before, TakeSnapshot(t)), "");
  }
  EXPECT_EQ(t.Xsw("apply /run/nothing").err, "Error: xsw: cannot read /run/nothing.\n");
  EXPECT_EQ(t.Xsw("diff /run/nothing").status, 2);
  EXPECT_EQ(t.Xsw("apply").status, 2);
  EXPECT_EQ(t.Xsw("apply /run/document.json up0 up1").status, 2);
}

// What the schema refuses xsw refuses too, and what xsw writes is in it (above).
TEST_F(ConfigurationFiles, TheSchemaRefusesWhatXswRefuses) {
  for (const char* port :
       {R"({})", R"({"sfnum": -1})", R"({"sfnum": 9, "mtux": 1})", R"({"sfnum": 9, "mtu": 67})",
        R"({"sfnum": 9, "class": "tap"})", R"({"sfnum": 9, "class": "queues", "queues": 65})",
        R"({"sfnum": 9, "hw_addr": "01:00:00:00:00:01"})", R"({"sfnum": 9, "vlan": 4095})",
        R"({"sfnum": 9, "vlan": 7, "vlans": "7"})", R"({"sfnum": 9, "pvid": 7})",
        R"({"sfnum": 9, "vlan": 7, "qos": 8})", R"({"sfnum": 9, "qos": 3})",
        R"({"sfnum": 9, "promisc": true})", R"({"sfnum": 9, "tx_max": "fast"})",
        R"({"sfnum": 9, "netns": null, "state": "active"})", R"({"sfnum": 9, "link": true})"}) {
    const std::string text = std::string(R"({"eswitch": {"up0": {"ports": [)") + port + "]}}}";
    EXPECT_NE(SchemaErrors(text), "") << port;
    EXPECT_EQ(t.Xsw(std::string("-d apply ") + kDocument).status, 1) << port;
  }
}

// A sample that does not work teaches what is wrong.
TEST_F(ConfigurationFiles, TheSamplesOfTheDocumentationAreValid) {
  std::istringstream page(ReadFile(XSW_SOURCE_DIR "/docs/configuration.md"));
  std::string sample, line;
  int samples = 0;
  bool inside = false;
  while (std::getline(page, line)) {
    if (line == "```json") {
      inside = true;
      sample.clear();
    } else if (inside && line == "```") {
      inside = false;
      samples++;
      EXPECT_EQ(SchemaErrors(sample), "") << sample;
      // It stops at the uplink, which is not here.
      const Result result = t.Xsw(std::string("-d apply ") + kDocument);
      EXPECT_EQ(result.err, "Error: xsw: /run/document.json: netdev eth0: No such device.\n")
          << sample;
    } else if (inside) {
      sample += line + "\n";
    }
  }
  EXPECT_GE(samples, 2);
}

// Its netdevs are made at once, or not at all.
TEST_F(ConfigurationFiles, NoPortBecomesAQueueBlockInANamespaceThatIsNotThere) {
  t.XswOk("port add up0 sfnum 3");
  const Snapshot before = TakeSnapshot(t);
  const Result result = Apply(t, OfUp0(Json::parse(R"({"ports": [
      {"sfnum": 3, "class": "queues", "netns": "c9", "ifname": "eth0"}]})")));
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.err.find("port up0/2: network namespace \"c9\" does not exist"),
            std::string::npos)
      << result.err;
  EXPECT_EQ(Changes(before, TakeSnapshot(t)), "");
}

}  // namespace
}  // namespace xsw::test
