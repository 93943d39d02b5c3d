// SPDX-License-Identifier: Apache-2.0
// Permits: what the kernel's bridge has decided, mode switchdev does in the fast path. Ports 1 and
// 2 and the wire are ports of a bridge; what no permit is for rises.
#include <netinet/in.h>

#include "tests/bpf/row.h"

namespace xsw::test {
namespace {

const Payload kData(46);
constexpr uint32_t kBridge = 50, kOtherBridge = 51;
constexpr uint16_t kBoth = XSW_PERMIT_FROM | XSW_PERMIT_TO;
constexpr uint64_t kSecond = 1'000'000'000;
constexpr uint64_t kNever = ~0ULL >> 1;

Eth Out(const Mac& dst, const Mac& src = kMac1) { return {.dst = dst, .src = src}; }
Eth In(const Mac& dst, const Mac& src = kOutsideMac) { return {.dst = dst, .src = src}; }

Given InBridge(Place port, const xsw_bport& place) {
  return [=](SwitchUnderTest& s) { s.PutInBridge(port, place); };
}
Given Permit(const Mac& mac, uint16_t vlan, Place port, uint16_t flags, uint64_t rise_at = 0) {
  return [=](SwitchUnderTest& s) {
    s.AddPermit(mac, vlan, {.port = port, .flags = flags, .rise_at = rise_at});
  };
}
void InLegacyMode(SwitchUnderTest& s) {
  s.ConfigureEswitch([](xsw_eswitch& e) {
    e.mode = XSW_MODE_LEGACY;
    e.misses = XSW_MISS_UPLINK;
  });
}
void LeaseIsOver(SwitchUnderTest& s) { s.EndLease(); }

// A bridge that looks at no VLAN, all of whose addresses are known.
Given Plain(uint16_t bport_flags = 0) {
  const xsw_bport place = {.bridge = kBridge, .flags = bport_flags, .refresh = kSecond};
  return Given(Switchdev) + InBridge(kWire, place) + InBridge(kFunction1, place) +
         InBridge(kFunction2, place) + Permit(kMac1, 0, kFunction1, kBoth) +
         Permit(kMac2, 0, kFunction2, kBoth) + Permit(kOutsideMac, 0, kWire, kBoth);
}

// A VLAN-aware one: port 1 has 7 untagged, port 2 and the wire have it tagged; port 2 has 8
// untagged.
Given Aware() {
  const auto place = [](uint16_t pvid) {
    return xsw_bport{.bridge = kBridge, .flags = XSW_BPORT_VLANS, .pvid = pvid, .refresh = kSecond};
  };
  return Given(Switchdev) + PortFlags(kFunction2, 0) + InBridge(kWire, place(0)) +
         InBridge(kFunction1, place(7)) + InBridge(kFunction2, place(8)) +
         Trunk(kFunction2, {7, 8}, 0) + Permit(kMac1, 7, kFunction1, kBoth) +
         Permit(kMac2, 7, kFunction2, kBoth | XSW_PERMIT_TAGGED) +
         Permit(kOutsideMac, 7, kWire, kBoth | XSW_PERMIT_TAGGED);
}

const Moves kRisen = Rx(1) + SlowRx(1);

Frame Ip4() { return Eth{kMac2, kMac1, ETH_P_IP} / Udp4{.payload = 40}; }
Frame Ip6() { return Eth{kMac2, kMac1, ETH_P_IPV6} / Tcp6{.payload = 40}; }

Table Sent() {
  const Source port = From(kFunction1), wire = FromUplink();
  const Vlan seven{.id = 7, .priority = 3};
  return {
      Row{"by permit from port to port", port, Out(kMac2) / kData, kRedirect, Rx(1) + Tx(2)}
          .To(kFunction2)
          .With(Plain()),
      Row{"by permit from port to the wire", port, Out(kOutsideMac) / kData, kRedirect, Rx(1)}
          .To(kWire)
          .With(Plain()),
      Row{"by permit from the wire to port", wire, In(kMac1) / kData, kRedirect, Tx(1)}
          .To(kFunction1)
          .With(Plain()),
      Row{"by permit a tag that the bridge does not look at stays", port,
          Out(kOutsideMac) / seven / kData, kRedirect, Rx(1)}
          .To(kWire)
          .With(Plain()),
      Row{"by permit an 802.1ad tag that the bridge does not look at stays", port,
          Out(kOutsideMac) / Dot1ad{.id = 7} / kData, kRedirect, Rx(1)}
          .To(kWire)
          .With(Plain()),
      Row{"by permit of an isolated port to one that is not", port, Out(kMac2) / kData, kRedirect,
          Rx(1) + Tx(2)}
          .To(kFunction2)
          .With(Plain() + Permit(kMac1, 0, kFunction1, kBoth | XSW_PERMIT_ISOLATED)),
      Row{"by permit of an address that the bridge has just seen", port, Out(kMac2) / kData,
          kRedirect, Rx(1) + Tx(2)}
          .To(kFunction2)
          .With(Plain() + Permit(kMac1, 0, kFunction1, kBoth | XSW_PERMIT_AGES, kNever)),
      Row{"by permit IPv4 where the bridge answers ARP", port,
          Eth{.dst = kMac2, .src = kMac1, .type = ETH_P_IP} / kData, kRedirect, Rx(1) + Tx(2)}
          .To(kFunction2)
          .With(Plain(XSW_BPORT_SUPPRESS)),
      Row{"by permit IPv6 where the bridge answers neighbour discovery", port, Ip6(), kRedirect,
          Rx(1) + Tx(2)}
          .To(kFunction2)
          .With(Plain(XSW_BPORT_SUPPRESS)),
      Row{"by permit IPv4 that br_netfilter leaves as it is", port, Ip4(), kRedirect, Rx(1) + Tx(2)}
          .To(kFunction2)
          .With(Plain(XSW_BPORT_NETFILTER)),
      Row{"by permit IPv6 that br_netfilter leaves as it is", port, Ip6(), kRedirect, Rx(1) + Tx(2)}
          .To(kFunction2)
          .With(Plain(XSW_BPORT_NETFILTER)),
      Row{"by permit a wrong IPv4 header with a tag, which br_netfilter does not look at", port,
          Eth{kMac2, kMac1} / Vlan{.id = 7, .type = ETH_P_IP} / kData, kRedirect, Rx(1) + Tx(2)}
          .To(kFunction2)
          .With(Plain(XSW_BPORT_NETFILTER)),
      Row{"by permit whatever the port's own rules in legacy mode", port, Out(kMac2) / kData,
          kRedirect, Rx(1) + Tx(2)}
          .To(kFunction2)
          .With(Plain() + PortFlags(kFunction1, XSW_PORT_ISOLATED) + Miss(XSW_MISS_DROP)),
      Row{"by permit from pvid to a port gets its tag", port, Out(kMac2) / kData, kRedirect,
          Rx(1) + Tx(2)}
          .Becomes(Out(kMac2) / Vlan{.id = 7} / kData)
          .To(kFunction2)
          .With(Aware()),
      Row{"by permit from pvid to the wire gets its tag", port, Out(kOutsideMac) / kData, kRedirect,
          Rx(1)}
          .Becomes(Out(kOutsideMac) / Vlan{.id = 7} / kData)
          .To(kWire)
          .With(Aware()),
      Row{"by permit from the wire to an untagged port loses its tag", wire,
          In(kMac1) / seven / kData, kRedirect, Tx(1)}
          .Becomes(In(kMac1) / kData)
          .To(kFunction1)
          .With(Aware()),
      Row{"by permit from the wire to a tagged port keeps its tag", wire, In(kMac2) / seven / kData,
          kRedirect, Tx(2)}
          .To(kFunction2)
          .With(Aware()),
      Row{"by permit a tagged frame of the pvid to the wire keeps its tag", port,
          Out(kOutsideMac) / seven / kData, kRedirect, Rx(1)}
          .To(kWire)
          .With(Aware()),
      Row{"by permit a tagged frame to an untagged port loses its tag", From(kFunction2),
          Out(kMac1, kMac2) / seven / kData, kRedirect, Rx(2) + Tx(1)}
          .Becomes(Out(kMac1, kMac2) / kData)
          .To(kFunction1)
          .With(Aware()),
  };
}

// On the sender's representor, though the address has a permit.
Table Rising() {
  const Frame frame = Out(kMac2) / kData;
  const std::pair<const char*, Given> cases[] = {
      {"the lease is over", LeaseIsOver},
      {"the sender stands aside", InBridge(kFunction1, {})},
      {"the sender is in another bridge", InBridge(kFunction1, {.bridge = kOtherBridge})},
      {"the receiver may get nothing", Permit(kMac2, 0, kFunction2, XSW_PERMIT_FROM)},
      {"the sender may send nothing", Permit(kMac1, 0, kFunction1, XSW_PERMIT_TO)},
      {"the sender's address is at another port",
       InBridge(kFunction3, {.bridge = kBridge}) + Permit(kMac1, 0, kFunction3, kBoth)},
      {"the sender's address is on the wire", Permit(kMac1, 0, kWire, kBoth)},
      {"the receiver is the sender", Permit(kMac2, 0, kFunction1, kBoth)},
      {"both are isolated", Permit(kMac1, 0, kFunction1, kBoth | XSW_PERMIT_ISOLATED) +
                                Permit(kMac2, 0, kFunction2, kBoth | XSW_PERMIT_ISOLATED)},
      {"the bridge has not seen the sender for long",
       Permit(kMac1, 0, kFunction1, kBoth | XSW_PERMIT_AGES, 1)},
      {"the receiver is inactive", Inactive(kFunction2)},
      {"the receiver's link is disabled", PortFlags(kFunction2, XSW_PORT_LINK_OFF)},
      {"the bridge answers ARP",
       InBridge(kFunction1, {.bridge = kBridge, .flags = XSW_BPORT_SUPPRESS, .refresh = kSecond})},
  };
  Table rows;
  for (const auto& [name, given] : cases)
    rows.push_back(
        Row{std::string("no permit: ") + name, From(kFunction1), frame, kPass, kRisen}.With(
            Plain() + given));
  for (const Mac& dst : {kMac3, kHostMac, kBroadcast, kMulticast, kStpMac})
    rows.push_back(Row{"no permit to " + std::to_string(dst[0]) + "_" + std::to_string(dst[5]),
                       From(kFunction1), Out(dst) / kData, kPass, kRisen}
                       .With(Plain()));
  return rows;
}

// A byte of it is another.
Frame Changed(Frame frame, size_t at, uint8_t value) {
  frame.bytes.at(at) = value;
  return frame;
}

// So many bytes longer than its header says.
Frame Resized(Frame frame, int more) {
  frame.bytes.resize(frame.bytes.size() + static_cast<size_t>(more));
  return frame;
}

// Its checksum is right again.
Frame Finished(Frame frame) {
  FinishIpv4(frame.bytes, 14);
  return frame;
}

// What br_netfilter would drop or change, and what the bridge may answer.
Table RisingOfIp() {
  constexpr size_t kIp = 14;
  const struct {
    const char* name;
    uint16_t flag;
    Frame frame;
  } cases[] = {
      {"for IPv4 with a wrong checksum", XSW_BPORT_NETFILTER, Changed(Ip4(), kIp + 11, 0xff)},
      {"for IPv4 of another version", XSW_BPORT_NETFILTER, Finished(Changed(Ip4(), kIp, 0x55))},
      {"for IPv4 with options", XSW_BPORT_NETFILTER, Finished(Changed(Ip4(), kIp, 0x46))},
      {"for IPv4 that is longer than its frame", XSW_BPORT_NETFILTER, Resized(Ip4(), -2)},
      {"for IPv4 with padding", XSW_BPORT_NETFILTER, Resized(Ip4(), 6)},
      {"for IPv6 of another version", XSW_BPORT_NETFILTER, Changed(Ip6(), kIp, 0x50)},
      {"for IPv6 with hop-by-hop options", XSW_BPORT_NETFILTER, Changed(Ip6(), kIp + 6, 0)},
      {"for IPv6 with padding", XSW_BPORT_NETFILTER, Resized(Ip6(), 6)},
      {"for ICMPv6 where the bridge answers neighbour discovery", XSW_BPORT_SUPPRESS,
       Changed(Ip6(), kIp + 6, IPPROTO_ICMPV6)},
  };
  Table rows;
  for (const auto& [name, flag, frame] : cases)
    rows.push_back(
        Row{std::string("no permit ") + name, From(kFunction1), frame, kPass, kRisen}.With(
            Plain(flag)));
  return rows;
}

Table RisingOfVlans() {
  const Source port = From(kFunction1), wire = FromUplink();
  return {
      Row{"no permit in another VLAN", port, Out(kMac2) / Vlan{.id = 8} / kData, kPass, kRisen}
          .With(Aware()),
      Row{"no permit for a priority tag", port, Out(kMac2) / Vlan{.priority = 5} / kData, kPass,
          kRisen}
          .With(Aware()),
      Row{"no permit for a tag behind a priority tag", port,
          Out(kMac2) / Vlan{} / Vlan{.id = 7} / kData, kPass, kRisen}
          .With(Aware()),
      Row{"no permit for an 802.1ad tag", port, Out(kMac2) / Dot1ad{.id = 7} / kData, kPass, kRisen}
          .With(Aware()),
      Row{"no permit for untagged frames where there is no pvid", wire, In(kMac1) / kData, kPass}
          .With(Aware()),
      Row{"no permit for the untagged VLAN of a bridge that looks at VLANs", wire,
          In(kMac1) / kData, kPass}
          .With(Aware() + Permit(kMac1, 0, kFunction1, kBoth) +
                Permit(kOutsideMac, 0, kWire, kBoth)),
      Row{"no permit on the wire for a port's address", wire, In(kMac1, kMac2) / kData, kPass}.With(
          Plain()),
      Row{"no permit on the wire when the lease is over", wire, In(kMac1) / kData, kPass}.With(
          Plain() + LeaseIsOver),
      Row{"legacy mode looks at no permit", port, Out(kOutsideMac) / kData, kRedirect,
          Rx(1) + Missed(1)}
          .To(kWire)
          .With(Plain() + InLegacyMode),
  };
}

}  // namespace

Table PermitRows() {
  Table rows = Join({Sent(), Rising(), RisingOfIp(), RisingOfVlans()});
  for (Row& row : rows) row = row.ByTcAlone();
  return rows;
}

}  // namespace xsw::test
