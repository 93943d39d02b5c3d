// SPDX-License-Identifier: Apache-2.0
#include "tests/bpf/row.h"

#include <algorithm>
#include <array>

namespace xsw::test {
namespace {

xsw_cast CastOf(const Bytes& frame) {
  if (IsUnicast(frame)) return XSW_UNICAST;
  return std::equal(kBroadcast.begin(), kBroadcast.end(), frame.begin()) ? XSW_BROADCAST
                                                                         : XSW_MULTICAST;
}

// size: of the frame at a port.
Counters Count(const Moves& moves, const Bytes& frame, const std::function<size_t(Place)>& size) {
  Counters counters;
  const std::string cast = CastName(CastOf(frame));
  for (const Move& move : moves) {
    std::string name;
    switch (move.kind) {
      case Move::kDrops:
        counters[CounterName(move.port, DropName(move.why))]++;
        continue;
      case Move::kMisses:
        counters[CounterName(move.port, "misses")]++;
        continue;
      case Move::kRx:
        name = "rx " + cast;
        break;
      case Move::kTx:
        name = "tx " + cast;
        break;
      case Move::kSlowRx:
        name = "slow_rx";
        break;
      case Move::kSlowTx:
        name = "slow_tx";
        break;
    }
    counters[CounterName(move.port, name + " frames")]++;
    // The bytes of the frame on the wire, wherever the skb keeps its tag.
    counters[CounterName(move.port, name + " bytes")] +=
        move.kind == Move::kTx ? size(static_cast<Place>(move.port)) : frame.size();
  }
  return counters;
}

}  // namespace

Counters Expected(const Moves& moves, const Bytes& frame) {
  return Count(moves, frame, [&](Place) { return frame.size(); });
}

Counters Expected(const Row& row) {
  return Count(row.moves, row.frame.bytes, [&](Place port) {
    const bool copied = std::count(row.copies.begin(), row.copies.end(), port) != 0;
    return copied ? row.CopyAt(port).size() : row.After().size();
  });
}

Table Join(std::initializer_list<Table> tables) {
  Table all;
  for (const Table& table : tables) all.insert(all.end(), table.begin(), table.end());
  return all;
}

void HostOff(SwitchUnderTest& s) {
  s.ConfigureEswitch([](xsw_eswitch& e) { e.host = 0; });
}
void EswitchInactive(SwitchUnderTest& s) {
  s.ConfigureEswitch([](xsw_eswitch& e) { e.mode = XSW_MODE_SWITCHDEV_INACTIVE; });
}
Given Inactive(Place port) {
  return [port](SwitchUnderTest& s) {
    s.ConfigurePort(port, [](xsw_port& p) { p.flags &= static_cast<uint16_t>(~XSW_PORT_ACTIVE); });
  };
}
Given Detached(Place port) {
  return [port](SwitchUnderTest& s) { s.lab().DeletePort(port); };
}
Given Down(Place at) {
  return [at](SwitchUnderTest& s) { s.lab().TakeDown(at); };
}
Given PortFlags(Place port, uint16_t flags) {
  return [=](SwitchUnderTest& s) { s.ConfigurePort(port, [=](xsw_port& p) { p.flags |= flags; }); };
}
Given Overdrawn(Place port) {
  return [=](SwitchUnderTest& s) { s.Overdraw(port); };
}
Given Miss(xsw_miss policy) {
  return [=](SwitchUnderTest& s) {
    s.ConfigureEswitch([=](xsw_eswitch& e) { e.misses = static_cast<uint8_t>(policy); });
  };
}
Given SpoofCheckOff(Place port) {
  return [port](SwitchUnderTest& s) {
    s.ConfigurePort(port,
                    [](xsw_port& p) { p.flags &= static_cast<uint16_t>(~XSW_PORT_SPOOFCHK); });
  };
}
void UplinkTakesXdpFrames(SwitchUnderTest& s) {
  s.ConfigureEswitch([](xsw_eswitch& e) { e.xdp_wire = 1; });
}
Given IsQueueBlock(Place port) {
  return [port](SwitchUnderTest& s) {
    s.ConfigurePort(port, [](xsw_port& p) { p.flags |= XSW_PORT_QUEUES; });
  };
}
namespace {

Mac HwAddr(Place port) { return std::array{kMac1, kMac2, kMac3}[port - 1]; }

void SetVlans(SwitchUnderTest& s, Place port, const std::vector<uint16_t>& vlans, uint16_t pvid,
              uint8_t qos) {
  s.ConfigurePort(port, [&](xsw_port& p) {
    p.flags = static_cast<uint16_t>(p.flags & ~XSW_PORT_TRUNK);
    if (!vlans.empty()) p.flags |= XSW_PORT_TRUNK;
    p.pvid = pvid;
    p.qos = qos;
  });
  s.SetTrunk(port, vlans);
  s.RemoveFdb(HwAddr(port), 0);
  if (pvid != XSW_VLAN_NONE) s.AddFdb(HwAddr(port), pvid, port);
  for (uint16_t vlan : vlans) s.AddFdb(HwAddr(port), vlan, port);
}

}  // namespace

Given Access(Place port, uint16_t vlan, uint8_t qos) {
  return [=](SwitchUnderTest& s) { SetVlans(s, port, {}, vlan, qos); };
}
Given Trunk(Place port, std::vector<uint16_t> vlans, uint16_t pvid, uint8_t qos) {
  return [=](SwitchUnderTest& s) { SetVlans(s, port, vlans, pvid, qos); };
}
Given Fdb(const Mac& mac, uint16_t vlan, Place port) {
  return [=](SwitchUnderTest& s) { s.AddFdb(mac, vlan, port); };
}
Given Joined(const Mac& group, uint16_t vlan, std::vector<Place> ports) {
  return [=](SwitchUnderTest& s) {
    for (Place port : ports) s.AddMdb(group, vlan, port);
    s.AddMdb(group, vlan, XSW_UPLINK);
  };
}
Given Promisc(Place port) {
  return [port](SwitchUnderTest& s) {
    s.ConfigurePort(port, [](xsw_port& p) { p.flags |= XSW_PORT_PROMISC; });
    s.ConfigureEswitch([](xsw_eswitch& e) { e.promisc = 1; });
  };
}
void Switchdev(SwitchUnderTest& s) {
  s.ConfigureEswitch([](xsw_eswitch& e) {
    e.mode = XSW_MODE_SWITCHDEV;
    e.misses = XSW_MISS_REPRESENTOR;
  });
}
Given operator+(Given a, Given b) {
  return [a = std::move(a), b = std::move(b)](SwitchUnderTest& s) {
    a(s);
    b(s);
  };
}

}  // namespace xsw::test
