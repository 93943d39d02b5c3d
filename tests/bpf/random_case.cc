// SPDX-License-Identifier: Apache-2.0
#include "tests/bpf/random_case.h"

#include <iomanip>
#include <iterator>
#include <vector>

namespace xsw::test {
namespace {

constexpr Mac kUnicast[] = {kMac1, kMac2, kMac3, kHostMac, kOutsideMac, kExtraMac1, kExtraMac2};
constexpr Mac kGroups[] = {kMulticast, kMulticast6};
constexpr Mac kOthers[] = {kBroadcast, kStpMac, kLastLinkLocalMac, kPastLinkLocalMac};
constexpr uint16_t kVlans[] = {5, 7, 9};

class Maker {
 public:
  explicit Maker(std::mt19937& random) : random_(random) {}

  bool Chance(int percent) { return Below(100) < static_cast<uint32_t>(percent); }
  uint32_t Below(uint32_t n) { return std::uniform_int_distribution<uint32_t>(0, n - 1)(random_); }
  template <typename T, size_t N>
  T Any(const T (&values)[N]) {
    return values[Below(N)];
  }

  Mac Destination() {
    if (Chance(65)) return Any(kUnicast);
    return Chance(50) ? Any(kGroups) : Any(kOthers);
  }

  RefPort Port(const Mac& mac) {
    RefPort p{.mac = mac};
    p.active = Chance(92);
    p.attached = Chance(95);
    p.link = Chance(95);
    p.spoofchk = Chance(80);
    p.isolated = Chance(15);
    p.promisc = Chance(20);
    p.allmulti = Chance(20);
    p.over_tx = Chance(7);
    p.over_rx = Chance(7);
    if (Chance(30)) p.pvid = Any(kVlans);
    p.qos = static_cast<uint8_t>(Below(8));
    if (Chance(35)) MakeTrunk(p);
    return p;
  }

  void MakeTrunk(RefPort& p) {
    p.trunk = true;
    for (uint16_t vlan : kVlans)
      if (Chance(50)) p.tagged.insert(vlan);
    if (p.pvid) p.tagged.insert(p.pvid);
    if (!p.pvid && Chance(60)) p.pvid = XSW_VLAN_NONE;
  }

  RefSwitch Switch() {
    RefSwitch s{.host_mac = kHostMac};
    s.mode = Chance(70) ? XSW_MODE_LEGACY : static_cast<xsw_mode>(Below(XSW_MODE_COUNT));
    s.miss = Chance(70) ? XSW_MISS_AUTO : static_cast<xsw_miss>(Below(XSW_MISS_COUNT));
    s.host = Chance(85);
    s.fdb[{kHostMac, 0}] = 0;
    const Mac macs[] = {kMac1, kMac2, kMac3};
    for (uint32_t port = 1; port <= kRefPorts; port++) {
      s.ports[port] = Port(macs[port - 1]);
      const RefPort& p = s.ports[port];
      if (p.pvid != XSW_VLAN_NONE) s.fdb[{p.mac, p.pvid}] = port;
      for (uint16_t vlan : p.tagged) s.fdb[{p.mac, vlan}] = port;
    }
    for (int i = 0; i < 4; i++)
      if (Chance(40)) s.fdb.insert({{Any(kUnicast), Vlan()}, Below(kRefPorts + 1)});
    for (int i = 0; i < 2; i++)
      if (Chance(50)) s.groups[{Any(kGroups), Vlan()}].insert(1 + Below(kRefPorts));
    return s;
  }

  uint16_t Vlan() { return Chance(50) ? uint16_t{0} : Any(kVlans); }

  Frame Tagged(Frame frame) {
    const int tags = Chance(50) ? 0 : 1 + static_cast<int>(Below(3));
    for (int i = 0; i < tags; i++) {
      const uint16_t id = Chance(35) ? uint16_t{0} : Any(kVlans);
      const auto priority = static_cast<uint8_t>(Below(8));
      const bool dei = Chance(20);
      frame = Chance(85) ? frame / xsw::test::Vlan{.id = id, .priority = priority, .dei = dei}
                         : frame / Dot1ad{.id = id, .priority = priority, .dei = dei};
    }
    return frame / Payload(46);
  }

  RandomCase Case() {
    RandomCase c{.s = Switch()};
    c.from = Chance(60) ? 1 + Below(kRefPorts) : 0;
    c.origin = c.from ? Origin::kPort : Chance(65) ? Origin::kWire : Origin::kHost;
    const Mac src = c.from && Chance(75) ? c.s.ports[c.from].mac : Any(kUnicast);
    c.frame = Tagged(ToFrame(Eth{.dst = Destination(), .src = src})).bytes;
    for (uint32_t port = 1; port <= kRefPorts; port++) c.blocks[port] = Chance(40);
    c.steers = static_cast<uint8_t>(Below(3));
    c.xdp_wire = Chance(50);
    c.accelerated = Chance(50);
    return c;
  }

 private:
  std::mt19937& random_;
};

// Each takes one thing away.
std::vector<std::function<void(RandomCase&)>> Simplifications(const RandomCase& c) {
  std::vector<std::function<void(RandomCase&)>> all = {
      [](RandomCase& x) { x.s.mode = XSW_MODE_LEGACY; },
      [](RandomCase& x) { x.s.miss = XSW_MISS_AUTO; },
      [](RandomCase& x) { x.s.host = true; },
      [](RandomCase& x) { x.steers = XSW_STEERS_NOTHING; },
      [](RandomCase& x) { x.xdp_wire = false; },
      [](RandomCase& x) { x.accelerated = false; },
  };
  for (uint32_t port = 1; port <= kRefPorts; port++) {
    all.push_back([=](RandomCase& x) { x.s.ports[port] = RefPort{.mac = x.s.ports[port].mac}; });
    all.push_back([=](RandomCase& x) { x.blocks[port] = false; });
    for (bool RefPort::*off : {&RefPort::isolated, &RefPort::promisc, &RefPort::allmulti,
                               &RefPort::over_tx, &RefPort::over_rx})
      all.push_back([=](RandomCase& x) { x.s.ports[port].*off = false; });
    for (bool RefPort::*on :
         {&RefPort::active, &RefPort::attached, &RefPort::link, &RefPort::spoofchk})
      all.push_back([=](RandomCase& x) { x.s.ports[port].*on = true; });
  }
  for (const auto& [address, port] : c.s.fdb)
    all.push_back([address = address](RandomCase& x) { x.s.fdb.erase(address); });
  for (const auto& [address, ports] : c.s.groups)
    all.push_back([address = address](RandomCase& x) { x.s.groups.erase(address); });
  return all;
}

void Print(std::ostream& out, const Bytes& bytes, size_t count) {
  out << std::hex << std::setfill('0');
  for (size_t i = 0; i < count && i < bytes.size(); i++)
    out << std::setw(2) << static_cast<int>(bytes[i]);
  out << std::dec;
}

void PrintAddress(std::ostream& out, const Address& address) {
  Print(out, Bytes(address.first.begin(), address.first.end()), 6);
  out << " vlan " << address.second;
}

}  // namespace

RandomCase MakeCase(std::mt19937& random) { return Maker(random).Case(); }

RandomCase Minimise(RandomCase c, const std::function<bool(const RandomCase&)>& fails) {
  for (const auto& simplify : Simplifications(c)) {
    RandomCase simpler = c;
    simplify(simpler);
    if (fails(simpler)) c = simpler;
  }
  return c;
}

std::ostream& operator<<(std::ostream& out, const RandomCase& c) {
  out << "mode " << c.s.mode << " miss " << c.s.miss << " host " << c.s.host << " steers "
      << int{c.steers} << " xdp_wire " << c.xdp_wire << " accelerated "
      << c.accelerated << "\n";
  for (uint32_t port = 1; port <= kRefPorts; port++) {
    const RefPort& p = c.s.ports[port];
    out << "port " << port << ": active " << p.active << " attached " << p.attached << " link "
        << p.link << " spoofchk " << p.spoofchk << " isolated " << p.isolated << " promisc "
        << p.promisc << " allmulti " << p.allmulti << " over_tx " << p.over_tx << " over_rx "
        << p.over_rx << " trunk " << p.trunk << " pvid " << p.pvid << " qos " << int{p.qos} << " tagged";
    for (uint16_t vlan : p.tagged) out << " " << vlan;
    out << (c.blocks[port] ? " queues\n" : "\n");
  }
  for (const auto& [address, port] : c.s.fdb) {
    out << "fdb ";
    PrintAddress(out, address);
    out << " port " << port << "\n";
  }
  for (const auto& [address, ports] : c.s.groups) {
    out << "group ";
    PrintAddress(out, address);
    for (uint32_t port : ports) out << " port " << port;
    out << "\n";
  }
  out << (c.origin == Origin::kWire   ? "from the wire "
          : c.origin == Origin::kHost ? "from the host "
                                      : "from port ")
      << c.from << ": ";
  Print(out, c.frame, 30);
  return out << "\n";
}

}  // namespace xsw::test
