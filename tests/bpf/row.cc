// SPDX-License-Identifier: Apache-2.0
#include "tests/bpf/row.h"

#include <algorithm>

namespace xsw::test {
namespace {

xsw_cast CastOf(const Bytes& frame) {
  if (IsUnicast(frame)) return XSW_UNICAST;
  return std::equal(kBroadcast.begin(), kBroadcast.end(), frame.begin()) ? XSW_BROADCAST
                                                                         : XSW_MULTICAST;
}

}  // namespace

Counters Expected(const Moves& moves, const Bytes& frame) {
  Counters counters;
  const std::string cast = CastName(CastOf(frame));
  for (const Move& move : moves) {
    std::string name;
    switch (move.kind) {
      case Move::kDrops:
        counters[CounterName(move.port, DropName(move.why))]++;
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
    counters[CounterName(move.port, name + " bytes")] += frame.size();
  }
  return counters;
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
Given operator+(Given a, Given b) {
  return [a = std::move(a), b = std::move(b)](SwitchUnderTest& s) {
    a(s);
    b(s);
  };
}

}  // namespace xsw::test
