// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/demo/report.h"

#include "absl/strings/str_format.h"
#include "switchdev_model/ports/port.h"
#include "tools/xsw/show_port.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr char kPicture[] =
    "  xsw-demo-out     xsw-demo-host                              xsw-demo-c1\n"
    " +------------+   +--------------------------------------+   +-------------+\n"
    " | outside    |   | host 10.0.0.1                        |   |             |\n"
    " | 10.0.0.9   |   |  |                    +--- eth0sf1 --|---|- eth0       |\n"
    " |            |   |  |                    |    (eth0/1)  |   |  10.0.0.11  |\n"
    " |      eth0 -|---|- eth0 ---[ eswitch ]--+              |   +-------------+\n"
    " |            |   | (uplink)   BPF on tc  |              |    xsw-demo-c2\n"
    " |            |   |                       +--- eth0sf2 --|---|- eth0       |\n"
    " |            |   |                            (eth0/2)  |   |  10.0.0.12  |\n"
    " +------------+   +--------------------------------------+   +-------------+\n";

// Five characters at most: 999, 12.3k, 1.23G.
std::string Short(uint64_t number) {
  if (number < 1000) return absl::StrCat(number);
  double value = number;
  size_t unit = 0;
  while (value >= 999.5 && unit < 5) value /= 1000, unit++;
  return absl::StrFormat("%.3g%c", value, " kMGTP"[unit]);
}

struct Sum {
  uint64_t frames = 0, bytes = 0, group = 0;
};

Sum SumOf(const Json& casts) {
  Sum sum;
  for (const auto& [cast, count] : casts.items()) {
    const uint64_t frames = count["frames"];
    sum.frames += frames;
    sum.bytes += count["bytes"].get<uint64_t>();
    if (cast != "unicast") sum.group += frames;
  }
  return sum;
}

uint64_t DropsOf(const Json& statistics) {
  uint64_t drops = 0;
  for (const auto& [reason, count] : statistics["drops"].items()) drops += count.get<uint64_t>();
  return drops;
}

std::string Flow(const Sum& sum) {
  return absl::StrFormat(" %6s %6s %5s", Short(sum.frames), Short(sum.bytes), Short(sum.group));
}

std::string PortRow(const std::string& handle, const Json& port) {
  const Json& statistics = port["statistics"];
  std::string row = absl::StrFormat("%-6s %-7s ", handle, port.value("netdev", "-"));
  if (!port.contains("function")) {
    const Json& uplink = port["uplink"];
    absl::StrAppend(&row, absl::StrFormat("%-18s %6s %6s %5s %6s %6s %5s", "the wire",
                                          Short(uplink["rx_frames"]), "-", "-",
                                          Short(uplink["tx_frames"]), "-", "-"));
  } else {
    const Json& function = port["function"];
    absl::StrAppend(&row,
                    absl::StrFormat("%-11s %-6s", function.value("netns", "-"),
                                    function["state"].get<std::string>()),
                    Flow(SumOf(statistics["rx"])), Flow(SumOf(statistics["tx"])));
  }
  const uint64_t lost = statistics.value("lost_at_function", uint64_t{0});
  return absl::StrCat(row, absl::StrFormat(" %5s\n", Short(DropsOf(statistics) + lost)));
}

std::string PortTable(const Json& ports) {
  std::string table =
      absl::StrFormat("%-33s %19s %19s\n%-6s %-7s %-11s %-6s%s%s  lost\n", "", "---- from it ----",
                      "----- to it -----", "port", "netdev", "function", "state",
                      " frames  bytes group", " frames  bytes group");
  for (const auto& [handle, port] : ports.items()) absl::StrAppend(&table, PortRow(handle, port));
  return table;
}

// The right-hand column next to the matrix of paths.
std::vector<std::string> Facts(const DemoNodes& nodes, const DemoTraffic& traffic) {
  std::vector<std::string> facts = {
      absl::StrCat("ARP       ", traffic.resolved(), " of ", traffic.paths.size(), " resolved"),
      absl::StrCat("broadcast ", traffic.broadcast.arrived, " of ", traffic.broadcast.expected,
                   " copies, ", traffic.broadcast.again, " twice")};
  const char* label = "TCP";
  for (const DemoStream& stream : traffic.streams) {
    std::string rate = stream.error.empty() ? absl::StrFormat("%.1f Gb/s", stream.gbit_per_s())
                                            : std::string("FAILED");
    std::string name = absl::StrCat(nodes[stream.from].name, " -> ", nodes[stream.to].name);
    facts.push_back(absl::StrFormat("%-9s %-13s %s", label, name, rate));
    label = "";
  }
  return facts;
}

std::string Cell(const DemoTraffic& traffic, size_t from, size_t to) {
  for (const DemoPath& path : traffic.paths) {
    if (path.from != from || path.to != to) continue;
    return path.error.empty() ? absl::StrCat(path.echo_us) : "FAIL";
  }
  return "-";
}

std::string Matrix(const DemoNodes& nodes, const DemoTraffic& traffic) {
  std::vector<std::string> lines = {absl::StrFormat("%-15s", "TCP echo, us")};
  for (const DemoNode& to : nodes) absl::StrAppend(&lines[0], absl::StrFormat("%7s", to.name));
  for (size_t from = 0; from < nodes.size(); from++) {
    std::string& line = lines.emplace_back(absl::StrFormat("  from %-8s", nodes[from].name));
    for (size_t to = 0; to < nodes.size(); to++)
      absl::StrAppend(&line, absl::StrFormat("%7s", Cell(traffic, from, to)));
  }
  const std::vector<std::string> facts = Facts(nodes, traffic);
  std::string text;
  for (size_t i = 0; i < lines.size(); i++)
    absl::StrAppend(&text, lines[i], i < facts.size() ? "   " + facts[i] : "", "\n");
  return text;
}

Json PathJson(const DemoNodes& nodes, const DemoPath& path) {
  Json json = {
      {"from", nodes[path.from].name}, {"to", nodes[path.to].name}, {"works", path.error.empty()}};
  if (path.lladdr != Mac{}) json["lladdr"] = FormatMac(path.lladdr);
  if (path.error.empty())
    json["echo_us"] = path.echo_us;
  else
    json["error"] = path.error;
  return json;
}

Json StreamJson(const DemoNodes& nodes, const DemoStream& stream) {
  Json json = {{"from", nodes[stream.from].name},
               {"to", nodes[stream.to].name},
               {"bytes", stream.bytes},
               {"us", stream.us},
               {"bit_per_s", static_cast<uint64_t>(stream.gbit_per_s() * 1e9)}};
  if (!stream.error.empty()) json["error"] = stream.error;
  return json;
}

}  // namespace

absl::StatusOr<Json> DemoPorts(const std::string& bpffs) {
  XSW_ASSIGN_OR_RETURN(Fd host, OpenNetns(kDemoHost));
  return InNetns(host, [&]() -> absl::StatusOr<Json> {
    XSW_ASSIGN_OR_RETURN(Eswitch eswitch, Eswitch::OpenToRead(bpffs, kDemoDev));
    const Options options{.json = true, .statistics = true};
    Output output(/*json=*/true, /*pretty=*/false);
    Call call{options, "port", bpffs, Args({}), output};
    std::vector<uint32_t> indices = PortIndices(eswitch);
    indices.insert(indices.begin(), XSW_UPLINK);
    XSW_RETURN_IF_ERROR(ShowPorts(call, eswitch, indices));
    const Link& uplink = eswitch.uplink();
    Json ports = output.doc()["port"];
    ports.front()["uplink"] = {{"rx_frames", uplink.rx_packets}, {"tx_frames", uplink.tx_packets}};
    return ports;
  });
}

std::string DemoVerdict(const DemoTraffic& traffic) {
  return absl::StrCat(traffic.paths_ok(), " of ", traffic.paths.size(), " paths work");
}

std::string DemoScreen(const DemoNodes& nodes, const DemoTraffic& traffic, const Json& ports) {
  return absl::StrCat(kPicture, PortTable(ports), "\n", Matrix(nodes, traffic), "\n",
                      DemoVerdict(traffic));
}

Json DemoJson(const DemoNodes& nodes, const DemoTraffic& traffic, const Json& ports) {
  Json json = {{"paths", traffic.paths.size()}, {"paths_working", traffic.paths_ok()}};
  for (const DemoPath& path : traffic.paths) json["path"].push_back(PathJson(nodes, path));
  json["broadcast"] = {{"expected", traffic.broadcast.expected},
                       {"arrived", traffic.broadcast.arrived},
                       {"duplicates", traffic.broadcast.again}};
  for (const DemoStream& stream : traffic.streams)
    json["stream"].push_back(StreamJson(nodes, stream));
  json["port"] = ports;
  return json;
}

std::vector<std::string> DemoCommandsToTry(const std::string& xsw) {
  const std::string at = absl::StrCat(xsw, " -n ", kDemoHost);
  return {absl::StrCat(at, " -s port show"),
          absl::StrCat(at, " fdb show"),
          "ip netns exec xsw-demo-c1 ping -c 3 10.0.0.12",
          "ip netns exec xsw-demo-out ping -c 3 10.0.0.11",
          absl::StrCat(at, " port add ", kDemoDev, " netns xsw-demo-c2 ifname eth1 state active"),
          absl::StrCat(at, " eswitch set ", kDemoDev, " mode switchdev_inactive")};
}

std::string DemoCommandToRemove(const std::string& xsw) {
  return absl::StrCat(xsw, " -n ", kDemoHost, " eswitch del ", kDemoDev,
                      "; for n in out host c1 c2; do ip netns del xsw-demo-$n; done");
}

}  // namespace xsw
