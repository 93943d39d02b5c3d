// SPDX-License-Identifier: Apache-2.0
#include "bench/world.h"

#include <net/if.h>

#include <cerrno>
#include <csignal>
#include <fstream>

#include "bench/command.h"
#include "bench/scoped_netns.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

constexpr const char* kSuffix[kPlaces] = {"-out", "-host", "-c1", "-c2"};
constexpr const char* kIpv4[kPlaces] = {"10.0.0.9", "10.0.0.1", "10.0.0.101", "10.0.0.102"};

absl::StatusOr<Fd> MakeQuietNetns(const std::string& name) {
  XSW_RETURN_IF_ERROR(MakeNetns(absl::StrCat(kNetnsDir, "/", name)));
  XSW_ASSIGN_OR_RETURN(Fd netns, OpenNetns(name));
  XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(netns));
  // No such file where the kernel has no IPv6.
  std::ofstream("/proc/sys/net/ipv6/conf/default/disable_ipv6") << "1";
  std::ofstream("/proc/sys/net/ipv6/conf/all/disable_ipv6") << "1";
  return netns;
}

// A netdev's received packets, 0 if it is not there.
uint64_t NetdevPackets(const std::string& netdev) {
  std::ifstream dev("/proc/thread-self/net/dev");
  std::string line;
  while (std::getline(dev, line)) {
    const size_t start = line.find_first_not_of(' '), colon = line.find(':');
    if (colon == std::string::npos || line.substr(start, colon - start) != netdev) continue;
    unsigned long long bytes = 0, packets = 0;
    sscanf(line.c_str() + colon + 1, "%llu %llu", &bytes, &packets);
    return packets;
  }
  return 0;
}

uint64_t Ipv4Packets() {
  std::ifstream snmp("/proc/thread-self/net/snmp");
  std::string names, values;
  std::getline(snmp, names);
  std::getline(snmp, values);
  unsigned long long received = 0;  // "Ip: Forwarding DefaultTTL InReceives"
  sscanf(values.c_str(), "Ip: %*u %*u %llu", &received);
  return received;
}

}  // namespace

absl::StatusOr<World> World::Make(const std::string& name) {
  World world{.name = name};
  for (int place = 0; place < kPlaces; place++) {
    XSW_ASSIGN_OR_RETURN(world.netns[place], MakeQuietNetns(name + kSuffix[place]));
  }
  XSW_RETURN_IF_ERROR(Ip(world.NetnsName(kHost),
                         absl::StrCat("link add up0 address ", FormatMac(MacOf(kHost)),
                                      " type veth peer name eth0 address ", FormatMac(MacOf(kOut)),
                                      " netns ", world.NetnsName(kOut), "\nlink set up0 up\n")));
  XSW_RETURN_IF_ERROR(SetUpIpv4(world, {kOut, "eth0"}));
  return world;
}

Awake::Awake(const World& world) : world_(world) {
  for (const auto& daemon : world_.daemons) daemon->Signal(SIGCONT);
}

Awake::~Awake() {
  for (const auto& daemon : world_.daemons) daemon->Signal(SIGSTOP);
}

std::string World::NetnsName(Place place) const { return name + kSuffix[place]; }

absl::StatusOr<int> World::Ifindex(const Netdev& netdev) const {
  XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(netns[netdev.place]));
  const unsigned index = if_nametoindex(netdev.name.c_str());
  if (index == 0)
    return ErrnoStatus(errno, absl::StrCat(netdev.name, " in ", NetnsName(netdev.place)));
  return static_cast<int>(index);
}

int IndexOf(const std::string& netdev) { return static_cast<int>(if_nametoindex(netdev.c_str())); }

std::string Ipv4Of(Place place) { return kIpv4[place]; }

Mac MacOf(Place place) { return {0x02, 0, 0, 0, 0, static_cast<uint8_t>(0x10 + place)}; }

absl::Status SetUpIpv4(const World& world, const Netdev& netdev) {
  return Ip(world.NetnsName(netdev.place),
            absl::StrCat("link set ", netdev.name, " up\naddr add ", Ipv4Of(netdev.place),
                         "/24 dev ", netdev.name, "\n"));
}

absl::StatusOr<Received> CountReceived(const World& world, const Netdev& netdev) {
  XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(world.netns[netdev.place]));
  return Received{.frames = NetdevPackets(netdev.name), .at_stack = Ipv4Packets()};
}

}  // namespace xsw::bench
