// SPDX-License-Identifier: Apache-2.0
#include "bench/contender.h"

#include <fstream>

#include "bench/command.h"
#include "userspace/ethtool.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

constexpr Place kPorts[] = {kPort1, kPort2};

std::string RepName(Place port) { return absl::StrCat("rep", port - kPort1 + 1); }

absl::Status AddXswPorts(const World& world) {
  for (Place port : kPorts) {
    XSW_RETURN_IF_ERROR(
        Xsw(world.NetnsName(kHost), {"port", "add", "up0", "netns", world.NetnsName(port), "ifname",
                                     "eth0", "hw_addr", FormatMac(MacOf(port)), "state", "active"})
            .status());
    XSW_RETURN_IF_ERROR(SetUpIpv4(world, {port, "eth0"}));
  }
  return SetUpIpv4(world, {kHost, "up0"});
}

absl::Status BuildXswStack(const World& world) {
  XSW_RETURN_IF_ERROR(Xsw(world.NetnsName(kHost), {"eswitch", "add", "up0"}).status());
  return AddXswPorts(world);
}

// The far end sends finished frames, as the manual asks of an uplink with XDP.
absl::Status BuildXswXdp(const World& world) {
  {
    XSW_ASSIGN_OR_RETURN(ScopedNetns out, ScopedNetns::Enter(world.netns[kOut]));
    XSW_RETURN_IF_ERROR(Run({"ethtool", "-K", "eth0", "tx", "off", "txvlan", "off"}).status());
  }
  XSW_RETURN_IF_ERROR(
      Xsw(world.NetnsName(kHost), {"eswitch", "add", "up0", "xdp", "on", "rx_path", "xdp"})
          .status());
  return AddXswPorts(world);
}

// With the ports' addresses in its FDB from the start.
absl::Status BuildBridgeAsIs(const World& world) {
  XSW_RETURN_IF_ERROR(MakePlainPorts(world));
  std::string lines = absl::StrCat("link add br0 address ", FormatMac(MacOf(kHost)),
                                   " type bridge\nlink set up0 master br0\n");
  for (Place port : kPorts) absl::StrAppend(&lines, "link set ", RepName(port), " master br0\n");
  XSW_RETURN_IF_ERROR(Ip(world.NetnsName(kHost), lines));
  for (Place port : kPorts) {
    XSW_RETURN_IF_ERROR(SetUpIpv4(world, {port, "eth0"}));
    XSW_RETURN_IF_ERROR(Run({"bridge", "-n", world.NetnsName(kHost), "fdb", "add",
                             FormatMac(MacOf(port)), "dev", RepName(port), "master", "static"})
                            .status());
  }
  return SetUpIpv4(world, {kHost, "br0"});
}

// Without netfilter: a kernel that has br_netfilter calls it for every IP frame, rules or not; a
// Debian without the module loaded does not. Turning it off is what bridge users are advised to do.
absl::Status BuildBridge(const World& world) {
  {
    XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(world.netns[kHost]));
    for (const char* family : {"ip", "ip6", "arp"})
      std::ofstream(absl::StrCat("/proc/sys/net/bridge/bridge-nf-call-", family, "tables")) << "0";
  }
  return BuildBridgeAsIs(world);
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
      {kBridge, "bridge", BuildBridge, port1, true, false},
      {kBridgeNetfilter, "bridgenf", BuildBridgeAsIs, port1, true, false},
      {kMacvlan, "macvlan", BuildMacvlan, port1, false, false},
      {"limit: fixed redirect_peer", "peer", BuildPeerLimit, port1, false, true},
      {"limit: fixed devmap redirect", "devmap", BuildDevmapLimit, port1, false, true},
      {"limit: one veth hop, XDP_DROP", "drop", BuildDropLimit, {kHost, "up0"}, false, true},
  };
  return all;
}

absl::StatusOr<World> Build(const Contender& contender, const std::string& suffix, bool raw) {
  XSW_ASSIGN_OR_RETURN(World world, World::Make(contender.slug + suffix));
  if (raw) {
    XSW_ASSIGN_OR_RETURN(ScopedNetns host, ScopedNetns::Enter(world.netns[kHost]));
    XSW_RETURN_IF_ERROR(SetGro("up0", true));
  }
  XSW_RETURN_IF_ERROR(contender.build(world));
  return world;
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
