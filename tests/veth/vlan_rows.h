// SPDX-License-Identifier: Apache-2.0
// Which port sees a frame of which VLAN, and how: the table of access_test.cc (netdev ports) and of
// queues/access_test.cc (queue blocks among them).
//
//   {name, what the ports are set to, from, frame, {{place, the frame as it comes there}, ...}}
#ifndef XSW_TESTS_VETH_VLAN_ROWS_H_
#define XSW_TESTS_VETH_VLAN_ROWS_H_

#include <array>
#include <map>
#include <ostream>
#include <vector>

#include "tests/veth/observers.h"

namespace xsw::test {

// What `xsw port function set up0/N` gets, by port.
using VlanSetting = std::array<const char*, 3>;
inline constexpr VlanSetting kMixed = {"vlan 7 qos 5", "vlans 7-8", "vlan 7"};
inline constexpr VlanSetting kPvid = {"vlans 7,8 pvid 7 qos 3", "vlans 7,8", "vlan 8"};
inline constexpr VlanSetting kApart = {"vlan 7", "novlan", "vlan 8"};

struct VlanRow {
  const char* name;
  const VlanSetting* setting;
  Place from;
  Frame frame;
  std::map<Place, Frame> to;
};
inline std::ostream& operator<<(std::ostream& out, const VlanRow& row) { return out << row.name; }

inline const Payload kVlanData(100);

inline Frame Plain(const Mac& dst, const Mac& src) {
  return Eth{.dst = dst, .src = src} / kVlanData;
}
inline Frame Tagged(const Mac& dst, const Mac& src, uint16_t id, uint8_t priority = 0) {
  return Eth{.dst = dst, .src = src} / Vlan{.id = id, .priority = priority} / kVlanData;
}
inline Frame Ad(const Mac& dst, const Mac& src) {
  return Eth{.dst = dst, .src = src} / Dot1ad{.id = 7} / kVlanData;
}
inline Frame PriorityTagged(const Mac& dst, const Mac& src) { return Tagged(dst, src, 0, 2); }

inline std::vector<VlanRow> VlanUnicast() {
  const Mac out = kOutsideMac, host = kHostMac;
  return {
      {"AccessToAccess",
       &kMixed,
       kFunction1,
       Plain(kMac3, kMac1),
       {{kFunction3, Plain(kMac3, kMac1)}}},
      {"AccessToTrunk",
       &kMixed,
       kFunction1,
       Plain(kMac2, kMac1),
       {{kFunction2, Tagged(kMac2, kMac1, 7, 5)}}},
      {"AccessToWire", &kMixed, kFunction1, Plain(out, kMac1), {{kWire, Tagged(out, kMac1, 7, 5)}}},
      {"AccessToHost",
       &kMixed,
       kFunction1,
       Plain(host, kMac1),
       {{kHost, Tagged(host, kMac1, 7, 5)}}},
      {"AccessPriorityTagToWire",
       &kMixed,
       kFunction1,
       PriorityTagged(out, kMac1),
       {{kWire, Tagged(out, kMac1, 7, 5)}}},
      {"AccessTagsItsOwnVlan", &kMixed, kFunction1, Tagged(kMac2, kMac1, 7), {}},
      {"AccessTagsAnother", &kMixed, kFunction1, Tagged(out, kMac1, 8), {}},
      {"TrunkToAccess",
       &kMixed,
       kFunction2,
       Tagged(kMac1, kMac2, 7, 6),
       {{kFunction1, Plain(kMac1, kMac2)}}},
      {"TrunkToWire",
       &kMixed,
       kFunction2,
       Tagged(out, kMac2, 8, 6),
       {{kWire, Tagged(out, kMac2, 8, 6)}}},
      {"TrunkToHost",
       &kMixed,
       kFunction2,
       Tagged(host, kMac2, 7, 6),
       {{kHost, Tagged(host, kMac2, 7, 6)}}},
      {"TrunkInAVlanOfItsOwnToAccess",
       &kMixed,
       kFunction2,
       Tagged(kMac1, kMac2, 8),
       {{kWire, Tagged(kMac1, kMac2, 8)}}},
      {"TrunkForeignVlan", &kMixed, kFunction2, Tagged(out, kMac2, 9), {}},
      {"TrunkUntagged", &kMixed, kFunction2, Plain(out, kMac2), {}},
      {"TrunkDot1ad", &kMixed, kFunction2, Ad(out, kMac2), {}},
      {"WireToAccess", &kMixed, kWire, Tagged(kMac1, out, 7, 3), {{kFunction1, Plain(kMac1, out)}}},
      {"WireToTrunk",
       &kMixed,
       kWire,
       Tagged(kMac2, out, 8, 3),
       {{kFunction2, Tagged(kMac2, out, 8, 3)}}},
      {"WireUntaggedForAccess", &kMixed, kWire, Plain(kMac1, out), {{kHost, Plain(kMac1, out)}}},
      {"WireAnotherVlanForAccess",
       &kMixed,
       kWire,
       Tagged(kMac1, out, 8),
       {{kHost, Tagged(kMac1, out, 8)}}},
      {"WireDot1adForTrunk", &kMixed, kWire, Ad(kMac2, out), {{kHost, Ad(kMac2, out)}}},
      {"HostToAccess",
       &kMixed,
       kHost,
       Tagged(kMac1, host, 7, 3),
       {{kFunction1, Plain(kMac1, host)}}},
      {"HostToTrunk",
       &kMixed,
       kHost,
       Tagged(kMac2, host, 7, 3),
       {{kFunction2, Tagged(kMac2, host, 7, 3)}}},
      {"HostUntaggedForAccess", &kMixed, kHost, Plain(kMac1, host), {{kWire, Plain(kMac1, host)}}},
      {"RepresentorToAccess",
       &kMixed,
       kRepresentor1,
       Tagged(kMac1, host, 9, 3),
       {{kFunction1, Tagged(kMac1, host, 9, 3)}}},

      {"PvidToTrunk",
       &kPvid,
       kFunction1,
       Plain(kMac2, kMac1),
       {{kFunction2, Tagged(kMac2, kMac1, 7, 3)}}},
      {"PvidToWire", &kPvid, kFunction1, Plain(out, kMac1), {{kWire, Tagged(out, kMac1, 7, 3)}}},
      {"TrunkToPvid",
       &kPvid,
       kFunction2,
       Tagged(kMac1, kMac2, 7),
       {{kFunction1, Plain(kMac1, kMac2)}}},
      {"TrunkToTrunkBesidePvid",
       &kPvid,
       kFunction2,
       Tagged(kMac1, kMac2, 8, 1),
       {{kFunction1, Tagged(kMac1, kMac2, 8, 1)}}},
      {"AccessToTrunkBesidePvid",
       &kPvid,
       kFunction3,
       Plain(kMac1, kMac3),
       {{kFunction1, Tagged(kMac1, kMac3, 8)}}},
      {"TrunkBesidePvidToAccess",
       &kPvid,
       kFunction1,
       Tagged(kMac3, kMac1, 8, 1),
       {{kFunction3, Plain(kMac3, kMac1)}}},
      {"WireToPvid", &kPvid, kWire, Tagged(kMac1, out, 7), {{kFunction1, Plain(kMac1, out)}}},

      {"AccessToUntaggedPort",
       &kApart,
       kFunction1,
       Plain(kMac2, kMac1),
       {{kWire, Tagged(kMac2, kMac1, 7)}}},
      {"AccessToAnotherVlan",
       &kApart,
       kFunction1,
       Plain(kMac3, kMac1),
       {{kWire, Tagged(kMac3, kMac1, 7)}}},
      {"UntaggedPortToAccess",
       &kApart,
       kFunction2,
       Plain(kMac1, kMac2),
       {{kWire, Plain(kMac1, kMac2)}}},
  };
}

inline std::vector<VlanRow> VlanFloods() {
  const Mac all = kBroadcast, out = kOutsideMac, host = kHostMac;
  return {
      {"AccessBroadcast",
       &kMixed,
       kFunction1,
       Plain(all, kMac1),
       {{kFunction2, Tagged(all, kMac1, 7, 5)},
        {kFunction3, Plain(all, kMac1)},
        {kWire, Tagged(all, kMac1, 7, 5)},
        {kHost, Tagged(all, kMac1, 7, 5)}}},
      {"TrunkBroadcast",
       &kMixed,
       kFunction2,
       Tagged(all, kMac2, 7, 6),
       {{kFunction1, Plain(all, kMac2)},
        {kFunction3, Plain(all, kMac2)},
        {kWire, Tagged(all, kMac2, 7, 6)},
        {kHost, Tagged(all, kMac2, 7, 6)}}},
      {"TrunkBroadcastInItsOwnVlan",
       &kMixed,
       kFunction2,
       Tagged(all, kMac2, 8),
       {{kWire, Tagged(all, kMac2, 8)}, {kHost, Tagged(all, kMac2, 8)}}},
      {"WireBroadcast",
       &kMixed,
       kWire,
       Tagged(all, out, 7, 3),
       {{kFunction1, Plain(all, out)},
        {kFunction2, Tagged(all, out, 7, 3)},
        {kFunction3, Plain(all, out)},
        {kHost, Tagged(all, out, 7, 3)}}},
      {"WireMulticast",
       &kMixed,
       kWire,
       Tagged(kMulticast6, out, 7, 3),
       {{kFunction1, Plain(kMulticast6, out)},
        {kFunction2, Tagged(kMulticast6, out, 7, 3)},
        {kFunction3, Plain(kMulticast6, out)},
        {kHost, Tagged(kMulticast6, out, 7, 3)}}},
      {"WireUntaggedBroadcast", &kMixed, kWire, Plain(all, out), {{kHost, Plain(all, out)}}},
      {"HostBroadcast",
       &kMixed,
       kHost,
       Tagged(all, host, 7, 3),
       {{kFunction1, Plain(all, host)},
        {kFunction2, Tagged(all, host, 7, 3)},
        {kFunction3, Plain(all, host)},
        {kWire, Tagged(all, host, 7, 3)}}},
      {"UntaggedPortBroadcast",
       &kApart,
       kFunction2,
       Plain(all, kMac2),
       {{kWire, Plain(all, kMac2)}, {kHost, Plain(all, kMac2)}}},
  };
}

// The host has no VLAN netdev, so its stack takes the tag off and calls the frame another's; what
// it was on its way there is in the tables of tests/bpf.
inline Bytes AtTheHost(Bytes frame) {
  if (IsTagged(frame)) frame.erase(frame.begin() + 12, frame.begin() + 16);
  return frame;
}

}  // namespace xsw::test

#endif  // XSW_TESTS_VETH_VLAN_ROWS_H_
