// SPDX-License-Identifier: Apache-2.0
// Prometheus and node_exporter as Debian has them scrape xsw in both ways that docs/monitoring.md
// says, and what the page's dashboard and rules ask for is there.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <fstream>
#include <memory>

#include "tests/veth/stream.h"
#include "tests/veth/topology.h"

namespace xsw::test {
namespace {

constexpr int kXswPort = 9977, kNodePort = 9100, kPrometheusPort = 9090;
constexpr char kDocs[] = XSW_SOURCE_DIR "/docs/monitoring";

Fd Connect(int port) {
  Fd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(static_cast<uint16_t>(port))};
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd.get(), reinterpret_cast<sockaddr*>(&to), sizeof(to))) return Fd();
  return fd;
}

std::string ReadAll(const Fd& fd) {
  std::string all;
  char part[4096];
  for (ssize_t length; (length = recv(fd.get(), part, sizeof(part), 0)) > 0;)
    all.append(part, static_cast<size_t>(length));
  return all;
}

std::string Ask(const std::string& request) {
  const Fd fd = Connect(kXswPort);
  EXPECT_TRUE(fd);
  EXPECT_EQ(send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(request.size()));
  return ReadAll(fd);
}

// The words behind ExecStart= in a unit, which is what systemd starts.
std::string CommandOf(const std::string& unit) {
  const std::string text = ReadFile(XSW_SOURCE_DIR "/tools/xsw/" + unit + ".in");
  const size_t start = text.find("/xsw ", text.find("ExecStart=")) + 5;
  return text.substr(start, text.find('\n', start) - start);
}

class Scrape : public testing::Test {
 protected:
  Scrape() {
    // As xsw-metrics.socket does, with its service's words.
    Argv argv = {"systemd-socket-activate", "--accept", "--inetd", "-l",
                 "127.0.0.1:" + std::to_string(kXswPort)};
    std::string line = CommandOf("xsw-metrics@.service");
    line.replace(line.find("/sys/fs/bpf"), 11, kTestBpffs);
    for (const std::string& word : Words("env " XSW_BINARY " " + line)) argv.push_back(word);
    listener_ = std::make_unique<Process>(argv);
    EXPECT_TRUE(WaitFor([] { return static_cast<bool>(Connect(kXswPort)); }));
  }

  static constexpr char kGet[] = "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n";
  Topology t{{.ports = 2}};
  std::unique_ptr<Process> listener_;
};

TEST_F(Scrape, EachRequestHasItsAnswer) {
  const struct {
    std::string request;
    const char* status;
  } rows[] = {
      {kGet, "HTTP/1.1 200 OK\r\n"},
      {"GET /metrics?a=b HTTP/1.0\r\n\r\n", "HTTP/1.1 200 OK\r\n"},
      {"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 404 Not Found\r\n"},
      {"GET /metricsx HTTP/1.1\r\n\r\n", "HTTP/1.1 404 Not Found\r\n"},
      {"HEAD /metrics HTTP/1.1\r\n\r\n", "HTTP/1.1 405 Method Not Allowed\r\nAllow: GET\r\n"},
      {"POST /metrics HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", "HTTP/1.1 405 "},
      {"GET /metrics\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n"},
      {"GET /metrics SPDY/1\r\n\r\n", "HTTP/1.1 400 "},
      {std::string(64, '\0') + "\r\n\r\n", "HTTP/1.1 400 "},
      {"GET /metrics HTTP/1.1\r\nA: " + std::string(9000, 'a'), "HTTP/1.1 431 "},
  };
  for (const auto& row : rows) EXPECT_EQ(Ask(row.request).find(row.status), 0u) << row.request;
}

TEST_F(Scrape, TheFormIsWhatTheClientAccepts) {
  const std::string plain = Ask(kGet);
  EXPECT_NE(plain.find("Content-Type: text/plain; version=0.0.4"), std::string::npos);
  EXPECT_NE(plain.find("# TYPE xsw_build_info gauge\n"), std::string::npos);
  const std::string open =
      Ask("GET /metrics HTTP/1.1\r\naccept: "
          "application/openmetrics-text;version=1.0.0,*/*;q=0.1\r\n\r\n");
  EXPECT_NE(open.find("Content-Type: application/openmetrics-text; version=1.0.0"),
            std::string::npos);
  EXPECT_NE(open.find("# TYPE xsw_build info\n"), std::string::npos);
  EXPECT_EQ(open.substr(open.size() - 6), "# EOF\n");
}

// The first child of a process that has one.
std::string ChildOf(const std::string& pid) {
  return RunCommand("cat /proc/" + pid + "/task/" + pid + "/children").out;
}

TEST_F(Scrape, WhoReadsTheRequestHasNoRightsAndLittleTime) {
  const Fd silent = Connect(kXswPort);
  ASSERT_TRUE(silent);
  std::string reader;
  ASSERT_TRUE(WaitFor([&] {
    const std::string xsw = ChildOf(std::to_string(listener_->pid()));
    if (xsw.empty()) return false;
    reader = ChildOf(xsw.substr(0, xsw.find(' ')));
    reader = reader.substr(0, reader.find(' '));
    if (reader.empty()) return false;
    const std::string status = RunCommand("cat /proc/" + reader + "/status").out;
    return status.find("Uid:\t65534\t65534\t65534\t65534") != std::string::npos &&
           status.find("CapEff:\t0000000000000000") != std::string::npos &&
           status.find("CapPrm:\t0000000000000000") != std::string::npos &&
           status.find("NoNewPrivs:\t1") != std::string::npos;
  })) << reader;
  EXPECT_EQ(Ask(kGet).find("HTTP/1.1 200 "), 0u) << "a silent client keeps others waiting";
  EXPECT_EQ(ReadAll(silent).find("HTTP/1.1 408 "), 0u);
}

TEST_F(Scrape, WhatCannotBeReadIs503) {
  listener_ =
      std::make_unique<Process>(Argv{"systemd-socket-activate", "--accept", "--inetd", "-l",
                                     "127.0.0.1:" + std::to_string(kXswPort + 1), "env", XSW_BINARY,
                                     "--bpffs", kTestBpffs, "metrics", "no-such", "--http"});
  ASSERT_TRUE(WaitFor([] { return static_cast<bool>(Connect(kXswPort + 1)); }));
  const Fd fd = Connect(kXswPort + 1);
  ASSERT_EQ(send(fd.get(), kGet, sizeof(kGet) - 1, 0), static_cast<ssize_t>(sizeof(kGet) - 1));
  const std::string answer = ReadAll(fd);
  EXPECT_EQ(answer.find("HTTP/1.1 503 Service Unavailable\r\n"), 0u) << answer;
  EXPECT_NE(answer.find("netdev no-such"), std::string::npos) << answer;
}

// A real Prometheus with the page's configuration, but scraping each second.
class Prometheus : public Scrape {
 protected:
  Prometheus() {
    std::string config = ReadFile(std::string(kDocs) + "/prometheus.yml");
    config.replace(config.find("15s"), 3, "1s");
    std::ofstream("/run/prometheus.yml") << config;
    std::ofstream("/run/alerts.yml") << ReadFile(std::string(kDocs) + "/alerts.yml");
    MustRun("mkdir /run/textfile");
    node_ = std::make_unique<Process>(
        Argv{"prometheus-node-exporter", "--collector.disable-defaults", "--collector.textfile",
             "--collector.netdev", "--collector.textfile.directory=/run/textfile",
             "--web.listen-address=127.0.0.1:" + std::to_string(kNodePort)});
    prometheus_ = std::make_unique<Process>(
        Argv{"prometheus", "--config.file=/run/prometheus.yml", "--storage.tsdb.path=/run/tsdb",
             "--web.listen-address=127.0.0.1:" + std::to_string(kPrometheusPort)});
  }

  // What `promtool query` prints: "{labels} => value @[time]" a line.
  static Result Query(const std::string& expression) {
    return RunCommand({"promtool", "query", "instant",
                       "http://127.0.0.1:" + std::to_string(kPrometheusPort), expression});
  }
  // Until the answer is that.
  static void ExpectAnswer(const std::string& expression, const std::string& value) {
    std::string last;
    EXPECT_TRUE(WaitFor(
        [&] {
          last = Query(expression).out;
          return last.find("=> " + value + " @") != std::string::npos;
        },
        30000 * Patience()))
        << expression << ": " << last;
  }

  std::unique_ptr<Process> node_, prometheus_;
};

TEST_F(Prometheus, ScrapesOverHttp) {
  ExpectAnswer("up{job=\"xsw\"}", "1");
  ExpectAnswer("xsw_ports{eswitch=\"up0\",job=\"xsw\"}", "2");
  ASSERT_TRUE(Ping({"c1", IpOf(1)}, {"c2", IpOf(2)}));
  const Json sent = t.ShowPort(1)["statistics"]["rx"]["unicast"]["frames"];
  ASSERT_GT(sent.get<int>(), 0);
  ExpectAnswer("xsw_port_receive_packets_total{job=\"xsw\",port=\"1\",cast=\"unicast\"}",
               sent.dump());
}

TEST_F(Prometheus, ReadsNodeExportersTextfileAndJoinsByDevice) {
  std::string line = CommandOf("xsw-textfile.service");
  const std::string there = "/var/lib/prometheus/node-exporter";
  ASSERT_NE(line.find(there), std::string::npos);
  line.replace(line.find(there), there.size(), "/run/textfile");
  t.XswOk(line);
  ExpectAnswer("xsw_ports{eswitch=\"up0\",job=\"node\"}", "2");
  ExpectAnswer("node_textfile_scrape_error", "0");
  ExpectAnswer(
      "count(node_network_receive_packets_total * on (instance, device) group_left (port) "
      "xsw_port_info{job=\"node\"})",
      "2");
}

// Names of labels and metrics that are wrong would only show an empty panel.
TEST_F(Prometheus, TheDashboardAsksForWhatIsThere) {
  ExpectAnswer("xsw_ports{eswitch=\"up0\",job=\"xsw\"}", "2");
  t.XswOk("port add up0 class queues queues 1 owner nobody");
  ExpectAnswer("xsw_ports{eswitch=\"up0\",job=\"xsw\"}", "3");
  const Json dashboard = Json::parse(ReadFile(std::string(kDocs) + "/dashboard.json"));
  int asked = 0;
  for (const Json& panel : dashboard["panels"]) {
    for (const Json& target : panel["targets"]) {
      std::string expression = target["expr"];
      const std::pair<const char*, const char*> variables[] = {
          {"$eswitch", ".*"}, {"$port", ".*"}, {"$__rate_interval", "10s"}, {" > 0", ""}};
      for (const auto& [variable, value] : variables) {
        for (size_t at; (at = expression.find(variable)) != std::string::npos;)
          expression.replace(at, std::string(variable).size(), value);
      }
      EXPECT_TRUE(WaitFor([&] { return Query(expression).out.find("=>") != std::string::npos; },
                          30000 * Patience()))
          << panel["title"] << ": " << expression << ": " << Query(expression).err;
      asked++;
    }
  }
  EXPECT_GT(asked, 12);
}

TEST(AlertRules, FireForWhatTheySayAndForNothingElse) {
  const Result checked = RunCommand("promtool check rules " + std::string(kDocs) + "/alerts.yml");
  EXPECT_EQ(checked.status, 0) << checked.err;
  const Result tested =
      RunCommand("promtool test rules " XSW_SOURCE_DIR "/tests/veth/alerts_test.yml");
  EXPECT_EQ(tested.status, 0) << tested.out << tested.err;
}

// Each family that is printed has its line in the page, and each name there is printed.
TEST_F(Scrape, ThePageNamesEachMetric) {
  t.XswOk("port add up0 class queues queues 1 owner nobody");
  const std::string page = ReadFile(XSW_SOURCE_DIR "/docs/monitoring.md");
  const std::string text = t.XswOk("metrics");
  int families = 0;
  for (size_t at = 0; (at = text.find("# TYPE ", at)) != std::string::npos; at++) {
    const std::string name = text.substr(at + 7, text.find(' ', at + 7) - at - 7);
    EXPECT_NE(page.find("`" + name + "`"), std::string::npos) << name << " is not in the page";
    families++;
  }
  EXPECT_GT(families, 25);
  for (size_t at = 0; (at = page.find("`xsw_", at)) != std::string::npos; at++) {
    const std::string name = page.substr(at + 1, page.find('`', at + 1) - at - 1);
    EXPECT_NE(text.find("\n" + name + "{"), std::string::npos) << name << " is not printed";
  }
}

}  // namespace
}  // namespace xsw::test
