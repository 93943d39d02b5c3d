// SPDX-License-Identifier: Apache-2.0
#include "bench/contender.h"

#include <fstream>

#include "bench/command.h"
#include "bench/scoped_netns.h"
#include "userspace/ethtool.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

constexpr Place kPorts[] = {kPort1, kPort2};

using Ports = std::array<std::string, 2>;  // netdevs of the host

std::string RepName(Place port) { return absl::StrCat("rep", port - kPort1 + 1); }

// It has the host's address.
absl::Status BridgeOver(const World& world, const Ports& ports) {
  std::string lines = absl::StrCat("link add br0 address ", FormatMac(MacOf(kHost)),
                                   " type bridge\nlink set up0 master br0\n");
  for (const std::string& port : ports) absl::StrAppend(&lines, "link set ", port, " master br0\n");
  XSW_RETURN_IF_ERROR(Ip(world.NetnsName(kHost), lines));
  return SetUpIpv4(world, {kHost, "br0"});
}

// The addresses of the ports and of the far end are in its FDB from the start.
absl::Status TeachBridge(const World& world, const Ports& ports) {
  auto add = [&](Place place, const std::string& netdev) {
    return Run({"bridge", "-n", world.NetnsName(kHost), "fdb", "add", FormatMac(MacOf(place)),
                "dev", netdev, "master", "static"})
        .status();
  };
  for (Place port : kPorts) XSW_RETURN_IF_ERROR(add(port, ports[port - kPort1]));
  return add(kOut, "up0");
}

absl::Status BuildXswStack(const World& world) {
  XSW_RETURN_IF_ERROR(Xsw(world.NetnsName(kHost), {"eswitch", "add", "up0"}).status());
  XSW_RETURN_IF_ERROR(AddXswPorts(world));
  return SetUpIpv4(world, {kHost, "up0"});
}

absl::Status BuildXswXdp(const World& world) {
  XSW_RETURN_IF_ERROR(FinishFramesOutside(world));
  XSW_RETURN_IF_ERROR(
      Xsw(world.NetnsName(kHost), {"eswitch", "add", "up0", "xdp", "on", "rx_path", "xdp"})
          .status());
  XSW_RETURN_IF_ERROR(AddXswPorts(world));
  return SetUpIpv4(world, {kHost, "up0"});
}

absl::Status MakePlainBridge(const World& world) {
  XSW_RETURN_IF_ERROR(MakePlainPorts(world));
  XSW_RETURN_IF_ERROR(BridgeOver(world, {RepName(kPort1), RepName(kPort2)}));
  for (Place port : kPorts) XSW_RETURN_IF_ERROR(SetUpIpv4(world, {port, "eth0"}));
  return absl::OkStatus();
}

absl::Status BuildBridgeAsIs(const World& world) {
  XSW_RETURN_IF_ERROR(MakePlainBridge(world));
  return TeachBridge(world, {RepName(kPort1), RepName(kPort2)});
}

absl::Status BuildBridge(const World& world) {
  XSW_RETURN_IF_ERROR(TurnBridgeNetfilterOff(world));
  return BuildBridgeAsIs(world);
}

// It never learns where port 1 is, as when nobody there has sent anything for 5 minutes.
absl::Status BuildFloodingBridge(const World& world) {
  XSW_RETURN_IF_ERROR(TurnBridgeNetfilterOff(world));
  XSW_RETURN_IF_ERROR(MakePlainBridge(world));
  std::string lines;
  for (Place port : kPorts)
    absl::StrAppend(&lines, "link set ", RepName(port), " type bridge_slave learning off\n");
  return Ip(world.NetnsName(kHost), lines);
}

absl::Status BuildMacvlan(const World& world) {
  std::string lines;
  for (Place port : kPorts)
    absl::StrAppend(&lines, "link add link up0 name eth0 address ", FormatMac(MacOf(port)),
                    " netns ", world.NetnsName(port), " type macvlan mode bridge\n");
  XSW_RETURN_IF_ERROR(Ip(world.NetnsName(kHost), lines));
  for (Place port : kPorts) XSW_RETURN_IF_ERROR(SetUpIpv4(world, {port, "eth0"}));
  return SetUpIpv4(world, {kHost, "up0"});
}

}  // namespace

const std::vector<Contender>& Contenders() {
  static const Netdev port1 = {kPort1, "eth0"};
  static const std::vector<Contender> all = {
      {kXswStack, "xsw", BuildXswStack, port1, true, false},
      {kXswXdp, "xswxdp", BuildXswXdp, port1, true, false},
      {kXswBridged, "xswbr", BuildXswBridged, port1, true, false},
      {kBridge, "bridge", BuildBridge, port1, true, false},
      {kBridgeNetfilter, "bridgenf", BuildBridgeAsIs, port1, true, false},
      {kBridgeFlooding, "bridgefl", BuildFloodingBridge, port1, true, false, true, true},
      {kOvs, "ovs", BuildOvs, port1, false, false, true},
      {kMacvlan, "macvlan", BuildMacvlan, port1, false, false},
      {kPeerLimit, "peer", BuildPeerLimit, port1, false, true},
      {kDevmapLimit, "devmap", BuildDevmapLimit, port1, false, true},
      {"limit: one veth hop, XDP_DROP", "drop", BuildDropLimit, {kHost, "up0"}, false, true},
  };
  return all;
}

absl::Status AddXswPorts(const World& world) {
  for (Place port : kPorts) {
    XSW_RETURN_IF_ERROR(
        Xsw(world.NetnsName(kHost), {"port", "add", "up0", "sfnum", absl::StrCat(port - kPort1 + 1),
                                     "netns", world.NetnsName(port), "ifname", "eth0", "hw_addr",
                                     FormatMac(MacOf(port)), "state", "active"})
            .status());
    XSW_RETURN_IF_ERROR(SetUpIpv4(world, {port, "eth0"}));
  }
  return absl::OkStatus();
}

absl::Status MakeBridge(const World& world, const std::array<std::string, 2>& ports) {
  XSW_RETURN_IF_ERROR(TurnBridgeNetfilterOff(world));
  XSW_RETURN_IF_ERROR(BridgeOver(world, ports));
  return TeachBridge(world, ports);
}

const Contender* FindContender(const std::string& name) {
  for (const Contender& contender : Contenders())
    if (contender.name == name) return &contender;
  return nullptr;
}

absl::StatusOr<World> Build(const Contender& contender, const std::string& suffix, bool raw) {
  XSW_ASSIGN_OR_RETURN(World world, World::Make(contender.slug + suffix));
  if (raw) {
    XSW_ASSIGN_OR_RETURN(ScopedNetns host, ScopedNetns::Enter(world.netns[kHost]));
    XSW_RETURN_IF_ERROR(SetGro(IndexOf("up0"), true));
  }
  XSW_RETURN_IF_ERROR(contender.build(world));
  return world;
}

absl::Status FinishFramesOutside(const World& world) {
  XSW_ASSIGN_OR_RETURN(ScopedNetns out, ScopedNetns::Enter(world.netns[kOut]));
  return Run({"ethtool", "-K", "eth0", "tx", "off", "txvlan", "off"}).status();
}

absl::Status TurnBridgeNetfilterOff(const World& world) {
  XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(world.netns[kHost]));
  for (const char* family : {"ip", "ip6", "arp"})
    std::ofstream(absl::StrCat("/proc/sys/net/bridge/bridge-nf-call-", family, "tables")) << "0";
  return absl::OkStatus();
}

absl::Status MakePlainPorts(const World& world) {
  std::string lines;
  for (Place port : kPorts)
    absl::StrAppend(&lines, "link add ", RepName(port), " type veth peer name eth0 address ",
                    FormatMac(MacOf(port)), " netns ", world.NetnsName(port), "\nlink set ",
                    RepName(port), " up\n");
  return Ip(world.NetnsName(kHost), lines);
}

}  // namespace xsw::bench
