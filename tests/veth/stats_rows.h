// SPDX-License-Identifier: Apache-2.0
// What `xsw -s port show` must count: the table of stats_test.cc.
#ifndef XSW_TESTS_VETH_STATS_ROWS_H_
#define XSW_TESTS_VETH_STATS_ROWS_H_

#include <ostream>
#include <string>
#include <vector>

#include "tests/bpf/frames.h"

namespace xsw::test {

inline constexpr int kN = 20;
inline constexpr int kLen = 114;

enum From { kFromWire, kFromWireXdp, kFromHost, kFromPort1, kFromRepresentor1 };

// "1/tx/unicast" stands for frames and bytes, "1/drops/spoof" for frames alone.
struct Row {
  const char* name;
  From from;
  Frame frame;
  std::vector<std::string> moves;
  std::vector<std::string> given = {};  // commands before (xsw ..., or any other), and
  std::vector<std::string> after = {};  // to make it as it was
};
inline std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }

inline Frame Untagged(const Mac& dst, const Mac& src) {
  return Eth{.dst = dst, .src = src} / Payload(100);
}
inline Frame Tagged(const Mac& dst, const Mac& src) {
  return Eth{.dst = dst, .src = src} / Vlan{.id = 7} / Payload(96);
}

inline constexpr char kDown1[] = "ip -n c1 link set eth0 down",
                      kUp1[] = "ip -n c1 link set eth0 up";
inline constexpr char kDown2[] = "ip -n c2 link set eth0 down",
                      kUp2[] = "ip -n c2 link set eth0 up";
inline constexpr char kInactive[] = "xsw eswitch set up0 mode switchdev_inactive";
inline constexpr char kLegacy[] = "xsw eswitch set up0 mode legacy";

inline std::vector<Row> Rows() {
  const Frame to1 = Untagged(kMac1, kOutsideMac);
  return {
      {"WireToPort", kFromWire, to1, {"1/tx/unicast"}},
      {"WireToPortXdpFrame", kFromWireXdp, to1, {"1/tx/unicast"}},
      {"WireBroadcast",
       kFromWire,
       Untagged(kBroadcast, kOutsideMac),
       {"1/tx/broadcast", "2/tx/broadcast", "3/tx/broadcast"}},
      {"WireMulticastXdpFrame",
       kFromWireXdp,
       Untagged(kMulticast6, kOutsideMac),
       {"1/tx/multicast", "2/tx/multicast", "3/tx/multicast"}},
      {"WireToHost", kFromWire, Untagged(kHostMac, kOutsideMac), {}},
      {"HostToPort", kFromHost, Untagged(kMac1, kHostMac), {"1/tx/unicast"}},
      {"HostMulticast",
       kFromHost,
       Untagged(kMulticast, kHostMac),
       {"1/tx/multicast", "2/tx/multicast", "3/tx/multicast"}},
      {"HostToWire", kFromHost, Untagged(kOutsideMac, kHostMac), {}},
      {"HostOnRepresentor", kFromRepresentor1, Untagged(kMac1, kHostMac), {"1/slow_path/tx"}},
      {"HostBroadcastOnRepresentor",
       kFromRepresentor1,
       Untagged(kBroadcast, kHostMac),
       {"1/slow_path/tx"}},
      {"PortToPort", kFromPort1, Untagged(kMac2, kMac1), {"1/rx/unicast", "2/tx/unicast"}},
      {"PortToWire", kFromPort1, Untagged(kOutsideMac, kMac1), {"1/rx/unicast", "1/misses"}},
      {"PortToHost", kFromPort1, Untagged(kHostMac, kMac1), {"1/rx/unicast"}},
      {"PortBroadcast",
       kFromPort1,
       Untagged(kBroadcast, kMac1),
       {"1/rx/broadcast", "2/tx/broadcast", "3/tx/broadcast"}},
      {"PortMulticast",
       kFromPort1,
       Untagged(kMulticast, kMac1),
       {"1/rx/multicast", "2/tx/multicast", "3/tx/multicast"}},

      {"DropSpoof", kFromPort1, Untagged(kMac2, kMac3), {"1/rx/unicast", "1/drops/spoof"}},
      {"DropSpoofedBroadcast",
       kFromPort1,
       Untagged(kBroadcast, kMac3),
       {"1/rx/broadcast", "1/drops/spoof"}},
      {"DropVlan", kFromPort1, Tagged(kMac2, kMac1), {"1/rx/unicast", "1/drops/vlan"}},
      {"DropLinkLocal",
       kFromPort1,
       Untagged(kStpMac, kMac1),
       {"1/rx/multicast", "1/drops/link_local"}},
      {"DropHairpin", kFromPort1, Untagged(kMac1, kMac1), {"1/rx/unicast", "1/drops/hairpin"}},
      {"DropHostOffOfPort",
       kFromPort1,
       Untagged(kHostMac, kMac1),
       {"1/rx/unicast", "1/drops/host_off"},
       {"xsw eswitch set up0 host off"},
       {"xsw eswitch set up0 host on"}},
      {"DropHostOffOfWire",
       kFromWire,
       Untagged(kHostMac, kOutsideMac),
       {"0/drops/host_off"},
       {"xsw eswitch set up0 host off"},
       {"xsw eswitch set up0 host on"}},
      {"DropInactive",
       kFromWire,
       Untagged(kMac3, kOutsideMac),
       {"3/drops/inactive"},
       {"xsw port function set up0/3 state inactive"},
       {"xsw port function set up0/3 state active", "ip -n c3 link set eth0 up"}},
      {"DropInactiveXdpFrame",
       kFromWireXdp,
       Untagged(kMac3, kOutsideMac),
       {"3/drops/inactive"},
       {"xsw port function set up0/3 state inactive"},
       {"xsw port function set up0/3 state active", "ip -n c3 link set eth0 up"}},
      {"DropInactiveOfPort",
       kFromPort1,
       Untagged(kMac3, kMac1),
       {"1/rx/unicast", "3/drops/inactive"},
       {"xsw port function set up0/3 state inactive"},
       {"xsw port function set up0/3 state active", "ip -n c3 link set eth0 up"}},
      {"DropEswitchInactiveOfWire",
       kFromWire,
       to1,
       {"1/drops/eswitch_inactive"},
       {kInactive},
       {kLegacy}},
      {"DropEswitchInactiveOfXdpFrame",
       kFromWireXdp,
       to1,
       {"1/drops/eswitch_inactive"},
       {kInactive},
       {kLegacy}},
      {"DropEswitchInactiveOfPort",
       kFromPort1,
       Untagged(kMac2, kMac1),
       {"1/rx/unicast", "1/drops/eswitch_inactive"},
       {kInactive},
       {kLegacy}},
      {"DropIsolated",
       kFromPort1,
       Untagged(kMac2, kMac1),
       {"1/rx/unicast", "2/drops/isolated"},
       {"xsw port function set up0/2 isolated on"},
       {"xsw port function set up0/2 isolated off"}},
      {"DropMiss",
       kFromPort1,
       Untagged(kOutsideMac, kMac1),
       {"1/rx/unicast", "1/misses", "1/drops/miss"},
       {"xsw eswitch set up0 miss drop"},
       {"xsw eswitch set up0 miss auto"}},
      {"DropLinkDown",
       kFromWire,
       Untagged(kMac3, kOutsideMac),
       {"3/drops/link_down"},
       {"xsw port function set up0/3 link disable"},
       {"xsw port function set up0/3 link enable"}},
      {"DropTagOfAnAccessPort",
       kFromPort1,
       Tagged(kMac2, kMac1),
       {"1/rx/unicast", "1/drops/vlan"},
       {"xsw port function set up0/1 vlan 7"},
       {"xsw port function set up0/1 novlan"}},
      {"AHitRisesInModeSwitchdev",
       kFromPort1,
       Untagged(kMac2, kMac1),
       {"1/rx/unicast", "1/slow_path/rx"},
       {"xsw eswitch set up0 mode switchdev"},
       {kLegacy}},
      {"RisesOnTheRepresentor",
       kFromPort1,
       Untagged(kBroadcast, kMac1),
       {"1/rx/broadcast", "1/slow_path/rx"},
       {"xsw eswitch set up0 mode switchdev"},
       {kLegacy}},
      {"ToAPromiscuousPort",
       kFromWire,
       Untagged(kOutsideMac, kOutsideMac),
       {"2/tx/unicast"},
       {"xsw port function set up0/2 trust on promisc on"},
       {"xsw port function set up0/2 trust off promisc off"}},
      {"ToTheMembersOfAGroup",
       kFromWire,
       Untagged(kMulticast, kOutsideMac),
       {"2/tx/multicast"},
       {"xsw mdb add up0 01:00:5e:00:00:16 port up0/2"},
       {"xsw mdb del up0 01:00:5e:00:00:16 port up0/2"}},

      {"LostWhileDown", kFromWire, to1, {"1/tx/unicast", "1/lost_at_function"}, {kDown1}, {kUp1}},
      {"LostWhileDownOfXdpFrame",
       kFromWireXdp,
       to1,
       {"1/tx/unicast", "1/lost_at_function"},
       {kDown1},
       {kUp1}},
      {"LostWhileDownOfHost",
       kFromHost,
       Untagged(kMac1, kHostMac),
       {"1/tx/unicast", "1/lost_at_function"},
       {kDown1},
       {kUp1}},
      {"LostWhileDownOfPort",
       kFromPort1,
       Untagged(kMac2, kMac1),
       {"1/rx/unicast", "2/tx/unicast", "2/lost_at_function"},
       {kDown2},
       {kUp2}},
      {"BroadcastWhileARepresentorIsDown",
       kFromPort1,
       Untagged(kBroadcast, kMac1),
       {"1/rx/broadcast", "2/drops/detached", "3/tx/broadcast"},
       {"ip link set up0sf2 down"},
       {"ip link set up0sf2 up"}},
      // The kernel refuses each copy, so they are not "sent".
      {"BroadcastWhileOneIsDown",
       kFromPort1,
       Untagged(kBroadcast, kMac1),
       {"1/rx/broadcast", "2/drops/detached", "3/tx/broadcast"},
       {kDown2},
       {kUp2}},
  };
}

}  // namespace xsw::test

#endif  // XSW_TESTS_VETH_STATS_ROWS_H_
