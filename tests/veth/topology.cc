// SPDX-License-Identifier: Apache-2.0
#include "tests/veth/topology.h"

#include <gtest/gtest.h>

#include <cstdio>

namespace xsw::test {
namespace {

// For ip(8): up, with addresses that are usable at once.
std::string UpLines(const std::string& dev, const std::string& ip, const std::string& ip6,
                    bool ipv6) {
  std::string lines = "link set " + dev + " up\naddr add " + ip + "/24 dev " + dev + "\n";
  if (ipv6) lines += "addr add " + ip6 + "/64 dev " + dev + " nodad\n";
  return lines;
}

}  // namespace

Topology::Topology(const TopologyOptions& options)
    : options_(options), sandbox_({.ipv6 = options.ipv6, .any_cpu = options.any_cpu}) {
  BuildWire();
  if (!options.eswitch) return;
  XswOk("eswitch add up0 xdp " + options.xdp);
  // Some drivers reset their link when a program is attached.
  if (OnNics()) FinishWire();
  for (int port = 1; port <= options.ports; port++) {
    AddPort(port);
    ConfigureFunction(port);
  }
}

Topology::~Topology() {
  if (!OnNics()) return;
  // Its pins live as long as the process.
  Xsw("eswitch del up0");
  ReturnNics({{"", kUplink}, {kOutside, kContainerDev}});
}

void Topology::BuildWire() {
  const std::string mtu = " mtu " + std::to_string(options_.mtu) + " ";
  sandbox_.AddNetns(kOutside);
  if (OnNics()) {
    TakeNics({{"", kUplink}, {kOutside, kContainerDev}});
    Ip("", "link set up0 address " + Text(kHostMac) + mtu);
    Ip(kOutside, "link set eth0 address " + Text(kOutsideMac) + mtu);
  } else {
    Ip("", "link add up0 address " + Text(kHostMac) + mtu + "type veth peer name eth0 address " +
               Text(kOutsideMac) + mtu + "netns out");
  }
  Ip("", UpLines(kUplink, kHostIp, kHostIp6, options_.ipv6));
  Ip(kOutside, UpLines(kContainerDev, kOutsideIp, kOutsideIp6, options_.ipv6));
  FinishWire();
}

void Topology::FinishWire() {
  WaitForCarrier({kUplink});
  if (OnNics()) {
    InNetns in(kOutside);
    // Tests look at all that the wire carries.
    Ip("", "link set eth0 promisc on");
    WaitForCarrier({kContainerDev});
  } else if (options_.xdp.starts_with("on") || options_.xdp == "shared") {
    InNetns in(kOutside);
    MustRun("ethtool -K eth0 tx off txvlan off");
  }
}

Argv Topology::XswArgv(const std::string& line) const {
  Argv argv = {XSW_BINARY, "--bpffs", kTestBpffs};
  for (const std::string& word : Words(line)) argv.push_back(word);
  return argv;
}

Result Topology::Xsw(const std::string& line) const { return RunCommand(XswArgv(line)); }

std::string Topology::XswOk(const std::string& line) const {
  Result result = Xsw(line);
  if (result.status != 0)
    ADD_FAILURE() << "xsw " << line << ": status " << result.status << "\n" << result.err;
  return result.out;
}

Json Topology::ShowPort(int port) const {
  const std::string out = XswOk("-j -s port show " + Handle(port));
  Json json = Json::parse(out, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded() || !json["port"].contains(Handle(port))) {
    ADD_FAILURE() << "xsw port show " << Handle(port) << " is not as expected: " << out;
    return Json::object();
  }
  return json["port"][Handle(port)];
}

Json Topology::ShowFdb() const {
  const std::string out = XswOk("-j fdb show up0");
  Json json = Json::parse(out, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded() || !json["fdb"].contains("up0")) {
    ADD_FAILURE() << "xsw fdb show is not as expected: " << out;
    return Json::array();
  }
  return json["fdb"]["up0"];
}

void Topology::AddPort(int port, const std::string& more) {
  sandbox_.AddNetns(ContainerName(port));
  XswOk("port add up0 sfnum " + std::to_string(port) + " hw_addr " + Text(MacOf(port)) + " netns " +
        ContainerName(port) + " ifname eth0 state active " + more);
}

void Topology::ConfigureFunction(int port) {
  Ip(ContainerName(port), UpLines(kContainerDev, IpOf(port), Ip6Of(port), options_.ipv6));
  WaitForCarrier({Representor(port)});
}

void Topology::WaitForCarrier(const std::vector<std::string>& devs) {
  auto ready = [](const std::string& dev) {
    const Json link = Json::parse(MustRun("ip -j link show " + dev))[0];
    return link["operstate"] == "UP" && link["qdisc"] != "noop";
  };
  for (const std::string& dev : devs) {
    if (!WaitFor([&] { return ready(dev); }, 20000)) Die(dev + " does not see its other end");
  }
}

std::string Text(const Mac& mac) {
  char text[18];
  std::snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
                mac[4], mac[5]);
  return text;
}

}  // namespace xsw::test
