// SPDX-License-Identifier: Apache-2.0
// `xsw metrics`: what it prints is what the other commands say, in a form that Prometheus's own
// tools accept.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <map>
#include <sstream>

#include "tests/veth/packet.h"
#include "tests/veth/pins.h"

namespace xsw::test {
namespace {

// "xsw_ports{eswitch="up0"}" -> 2
std::map<std::string, std::string> Samples(const std::string& text) {
  std::map<std::string, std::string> samples;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#') continue;
    const size_t space = line.rfind(' ');
    EXPECT_TRUE(samples.emplace(line.substr(0, space), line.substr(space + 1)).second)
        << "twice: " << line;
  }
  return samples;
}

// promtool's words of a text; "" if it finds nothing.
std::string Promtool(const std::string& text) {
  std::ofstream("/run/metrics") << text;
  const Result result = RunCommand({"sh", "-c", "promtool check metrics < /run/metrics"});
  return result.status == 0 && result.err.empty()
             ? ""
             : result.out + result.err + "(" + std::to_string(result.status) + ")";
}

class Metrics : public testing::Test {
 protected:
  std::map<std::string, std::string> Now() { return Samples(t.XswOk("metrics")); }
  Topology t{{.ports = 2}};
};

std::string OfPort(int port, const std::string& name, const std::string& more = "") {
  return name + "{eswitch=\"up0\",port=\"" + std::to_string(port) + "\",device=\"" +
         (port ? Representor(port) : kUplink) + "\"" + more + "}";
}

TEST_F(Metrics, PromtoolFindsNothingToSay) {
  EXPECT_EQ(Promtool(t.XswOk("metrics")), "");
  t.XswOk("eswitch del up0");
  EXPECT_EQ(Promtool(t.XswOk("metrics")), "") << "without any eswitch";
  EXPECT_NE(Promtool("# TYPE a_total gauge\na_total 1\n"), "") << "promtool itself";
}

TEST_F(Metrics, CountersAreThoseOfPortShow) {
  PacketSocket port1("c1", kContainerDev, kTestType);
  const Mac stranger = {2, 0, 0, 0, 0, 0x77};
  for (int i = 0; i < 7; i++)
    port1.Send((Eth{.dst = MacOf(2), .src = MacOf(1)} / Payload(100)).bytes);
  for (int i = 0; i < 5; i++)
    port1.Send((Eth{.dst = MacOf(2), .src = stranger} / Payload(100)).bytes);
  for (int i = 0; i < 3; i++)
    port1.Send((Eth{.dst = kBroadcast, .src = MacOf(1)} / Payload(100)).bytes);
  ASSERT_TRUE(WaitFor([&] {
    return t.ShowPort(1)["statistics"]["rx"]["broadcast"]["frames"] == 3 &&
           t.ShowPort(1)["statistics"]["drops"]["spoof"] == 5;
  }));
  const auto now = Now();
  for (const int port : {1, 2}) {
    const Json stats = t.ShowPort(port)["statistics"];
    for (const auto& [direction, name] :
         {std::pair("rx", "xsw_port_receive"), std::pair("tx", "xsw_port_transmit")}) {
      for (const char* cast : {"unicast", "multicast", "broadcast"}) {
        const std::string label = ",cast=\"" + std::string(cast) + "\"";
        EXPECT_EQ(now.at(OfPort(port, std::string(name) + "_packets_total", label)),
                  stats[direction][cast]["frames"].dump());
        EXPECT_EQ(now.at(OfPort(port, std::string(name) + "_bytes_total", label)),
                  stats[direction][cast]["bytes"].dump());
      }
    }
    for (const auto& [reason, frames] : stats["drops"].items())
      EXPECT_EQ(now.at(OfPort(port, "xsw_port_drop_packets_total", ",reason=\"" + reason + "\"")),
                frames.dump());
    EXPECT_EQ(now.at(OfPort(port, "xsw_port_lost_at_function_packets")),
              stats["lost_at_function"].dump());
  }
  EXPECT_EQ(now.at(OfPort(1, "xsw_port_receive_packets_total", ",cast=\"broadcast\"")), "3");
  EXPECT_EQ(now.at(OfPort(1, "xsw_port_drop_packets_total", ",reason=\"spoof\"")), "5");
  EXPECT_EQ(now.at(OfPort(0, "xsw_port_drop_packets_total", ",reason=\"spoof\"")), "0");
}

TEST_F(Metrics, StatesAndTablesAreThoseOfTheOtherCommands) {
  const std::string before = Now().at("xsw_eswitch_last_change_timestamp_seconds{eswitch=\"up0\"}");
  auto now = Now();
  EXPECT_EQ(now.at("xsw_ports{eswitch=\"up0\"}"), "2");
  EXPECT_EQ(now.at("xsw_ports_max{eswitch=\"up0\"}"), "4096");
  EXPECT_EQ(now.at("xsw_fdb_entries{eswitch=\"up0\"}"), std::to_string(t.ShowFdb().size()));
  EXPECT_EQ(now.at("xsw_check_problems{eswitch=\"up0\"}"), "0");
  EXPECT_EQ(now.at(OfPort(1, "xsw_port_attached")), "1");
  EXPECT_EQ(now.at(OfPort(1, "xsw_port_info",
                          ",class=\"netdev\",hw_addr=\"" + Text(MacOf(1)) +
                              "\",netns=\"c1\",ifname=\"eth0\"")),
            "1");
  MustRun("ip -n c1 link set eth0 down");
  // The clock of files may be a tick behind, and the time is in seconds.
  ASSERT_TRUE(WaitFor([&] {
    t.XswOk("port function set up0/2 spoofchk off");
    return Now().at("xsw_eswitch_last_change_timestamp_seconds{eswitch=\"up0\"}") != before;
  }));
  EXPECT_EQ(Now().at(OfPort(1, "xsw_port_attached")), "0");
  EXPECT_EQ(Now().at(OfPort(1, "xsw_port_active")), "1");
  t.XswOk("port add up0 class queues queues 1 owner nobody memory_max 16mb");
  EXPECT_EQ(Now().at(OfPort(3, "xsw_port_memory_max_bytes")), "16777216");
}

TEST_F(Metrics, WhatDisagreesIsCounted) {
  const std::string programs = "xsw_health_error{eswitch=\"up0\",reporter=\"programs\"}";
  EXPECT_EQ(Now().at(programs), "0");
  TakeOff(Representor(1), "ports/1_xsw_port_rx");
  EXPECT_EQ(Now().at(programs), "1");
  EXPECT_NE(Now().at("xsw_check_problems{eswitch=\"up0\"}"), "0");
  t.XswOk("check --repair");
  EXPECT_EQ(Now().at(programs), "0");
  EXPECT_EQ(Now().at("xsw_health_recovered_total{eswitch=\"up0\",reporter=\"programs\"}"), "1");
}

// A container may give its netdev any name that the kernel takes.
TEST_F(Metrics, NamesFromContainersStayInsideTheirQuotes) {
  const std::string name = "a\"}1\\\xff\xc3";
  ASSERT_EQ(RunCommand({"ip", "-n", "c1", "link", "set", "eth0", "down", "name", name}).status, 0);
  const std::string text = t.XswOk("metrics");
  EXPECT_EQ(Promtool(text), "");
  EXPECT_NE(text.find("ifname=\"a\\\"}1\\\\\xef\xbf\xbd"), std::string::npos) << text;
}

TEST_F(Metrics, OneThatCannotBeReadHidesNoOther) {
  MustRun("ip link add up1 type veth peer name far1");
  t.XswOk("eswitch add up1");
  SetAbi(StateDir("up1"), XSW_ABI_VERSION + 1);
  const auto now = Now();
  EXPECT_EQ(now.at("xsw_eswitch_read_success{eswitch=\"up1\"}"), "0");
  EXPECT_EQ(now.count("xsw_ports{eswitch=\"up1\"}"), 0u);
  EXPECT_EQ(now.at("xsw_eswitch_read_success{eswitch=\"up0\"}"), "1");
  EXPECT_EQ(now.at("xsw_ports{eswitch=\"up0\"}"), "2");
}

TEST_F(Metrics, AFileIsReplacedWholeOrNotAtAll) {
  MustRun("mkdir /run/full /run/d");
  MustRun("mount -t tmpfs -o size=4k tmpfs /run/full");
  t.XswOk("metrics --file /run/d/xsw.prom");
  EXPECT_EQ(Promtool(ReadFile("/run/d/xsw.prom")), "");
  struct stat made;
  ASSERT_EQ(stat("/run/d/xsw.prom", &made), 0);
  EXPECT_EQ(made.st_mode & 0777, 0644u);
  // Whose directory it is may lay a link where the new file is made.
  std::ofstream("/run/precious") << "mine";
  MustRun("ln -s /run/precious /run/d/xsw.prom.new");
  t.XswOk("metrics --file /run/d/xsw.prom");
  EXPECT_EQ(ReadFile("/run/precious"), "mine");
  std::ofstream("/run/full/xsw.prom") << "old";
  const Result full = t.Xsw("metrics --file /run/full/xsw.prom");
  EXPECT_EQ(full.status, 1);
  EXPECT_NE(full.err.find("/run/full/xsw.prom.new: No space left on device"), std::string::npos)
      << full.err;
  EXPECT_EQ(ReadFile("/run/full/xsw.prom"), "old");
  EXPECT_EQ(RunCommand("ls /run/full").out, "xsw.prom\n");
}

TEST_F(Metrics, BadInputIsNamed) {
  const struct {
    const char* line;
    int status;
    const char* word;
  } rows[] = {{"metrics no-such", 1, "netdev no-such"},
              {"metrics up0 up1", 2, "\"up1\" is one word too many"},
              {"metrics --file", 2, "the FILE of --file is missing"},
              {"metrics --http --openmetrics", 2, "in the form that the client asks for"},
              {"-j metrics", 2, "metrics are text"},
              {"metrics --file /nowhere/x", 1, "/nowhere/x"},
              {"metrics --foo", 2, "unknown option --foo"}};
  for (const auto& row : rows) {
    const Result result = t.Xsw(row.line);
    EXPECT_EQ(result.status, row.status) << row.line;
    EXPECT_EQ(result.out, "") << row.line;
    EXPECT_NE(result.err.find(row.word), std::string::npos) << row.line << ": " << result.err;
  }
}

}  // namespace
}  // namespace xsw::test
