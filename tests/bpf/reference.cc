// SPDX-License-Identifier: Apache-2.0
#include "tests/bpf/reference.h"

#include <algorithm>

namespace xsw::test {
namespace {

// What steering sees of a frame. vlan: the first that is not 0 among two tags.
struct Seen {
  Mac dst{}, src{};
  uint16_t vlan = 0;
};

std::optional<Seen> See(const Bytes& frame) {
  Seen seen;
  std::copy_n(frame.begin(), 6, seen.dst.begin());
  std::copy_n(frame.begin() + 6, 6, seen.src.begin());
  for (size_t at = 12, tags = 0;; at += 4, tags++) {
    const int type = frame[at] << 8 | frame[at + 1];
    if (type != ETH_P_8021Q && type != ETH_P_8021AD) return seen;
    if (tags == 2 || at + 6 > frame.size()) return std::nullopt;
    const uint16_t id = static_cast<uint16_t>((frame[at + 2] << 8 | frame[at + 3]) & 0xfff);
    if (!id) continue;
    seen.vlan = static_cast<uint16_t>(type == ETH_P_8021AD ? id | XSW_VLAN_AD : id);
    return seen;
  }
}

bool IsLinkLocal(const Mac& mac) {
  return mac[0] == 1 && mac[1] == 0x80 && mac[2] == 0xc2 && !mac[3] && !mac[4] && mac[5] < 16;
}
bool IsMulticast(const Mac& mac) { return mac[0] & 1; }

class Way {
 public:
  Way(const RefSwitch& s, uint32_t from) : s_(s), from_(from) {}

  std::vector<Fate> Done() {
    std::sort(fates_.begin(), fates_.end());
    return fates_;
  }

  void Wire(const Seen& f) {
    if (s_.mode == XSW_MODE_SWITCHDEV) return Stack(0);
    if (IsMulticast(f.dst)) {
      if (IsLinkLocal(f.dst)) return Stack(0);
      if (s_.mode == XSW_MODE_LEGACY) Flood(f);
    } else if (std::optional<uint32_t> port = Lookup(f); port && *port) {
      return Port(*port, f);
    } else if (!ForHost(f)) {
      CopyToPromiscuous(f);
    }
    s_.host ? Stack(0) : Drop(0, XSW_DROP_HOST_OFF);
  }

  // Sent by the host on the uplink; what is not for a port goes on to the wire.
  void Host(const Seen& f) {
    if (!s_.host || s_.mode != XSW_MODE_LEGACY) return Stack(0);
    if (IsMulticast(f.dst)) {
      if (!IsLinkLocal(f.dst)) Flood(f);
    } else if (std::optional<uint32_t> port = Lookup(f); port && *port) {
      return Port(*port, f);
    } else if (!ForHost(f)) {
      CopyToPromiscuous(f);
    }
    Stack(0);
  }

  void Function(Seen f) {
    if (xsw_drop why = Admit(f)) return Drop(from_, why);
    if (s_.mode == XSW_MODE_SWITCHDEV) return Stack(from_);
    if (!IsMulticast(f.dst)) return Unicast(f);
    if (IsLinkLocal(f.dst)) return Drop(from_, XSW_DROP_LINK_LOCAL);
    if (!Me().isolated) Flood(f);
    fates_.push_back({Fate::kToWire, 0, f.vlan != 0});
    if (s_.host) fates_.push_back({Fate::kToHost, 0, f.vlan != 0});
  }

  void Stack(uint32_t port) { fates_.push_back({Fate::kToStack, port}); }
  void Drop(uint32_t port, xsw_drop why) { fates_.push_back({Fate::kDropped, port, false, why}); }

 private:
  const RefPort& Me() const { return s_.ports[from_]; }

  std::optional<uint32_t> Lookup(const Seen& f) const {
    auto entry = s_.fdb.find({f.dst, f.vlan});
    if (entry == s_.fdb.end()) return std::nullopt;
    return entry->second;
  }

  bool ForHost(const Seen& f) const {
    std::optional<uint32_t> owner = Lookup(f);
    return owner ? *owner == 0 : f.dst == s_.host_mac;
  }

  xsw_drop Closed(const RefPort& p) const {
    if (s_.mode == XSW_MODE_SWITCHDEV_INACTIVE) return XSW_DROP_ESWITCH_INACTIVE;
    if (!p.active) return XSW_DROP_INACTIVE;
    return p.link ? XSW_DROP_NONE : XSW_DROP_LINK_DOWN;
  }

  // The rules for what a function sends, in their order. Untagged frames are the pvid's.
  xsw_drop Admit(Seen& f) {
    const RefPort& p = Me();
    if (xsw_drop why = Closed(p)) return why;
    // In mode switchdev the VLANs of a port of which nothing is said are the bridge's.
    const bool any = s_.mode == XSW_MODE_SWITCHDEV && !p.trunk && !p.pvid;
    bool member = any || (p.trunk && p.tagged.count(f.vlan));
    if (!f.vlan) {
      member = p.pvid != XSW_VLAN_NONE;
      if (member) f.vlan = p.pvid;
    }
    auto own = s_.fdb.find({f.src, f.vlan});
    const bool mine = f.src == p.mac || (own != s_.fdb.end() && own->second == from_);
    if (p.spoofchk && !mine) return XSW_DROP_SPOOF;
    if (!member) return XSW_DROP_VLAN;
    return p.over_tx ? XSW_DROP_TX_RATE : XSW_DROP_NONE;
  }

  static bool Member(const RefPort& p, uint16_t vlan) {
    return vlan == p.pvid || (p.trunk && p.tagged.count(vlan));
  }

  void Unicast(const Seen& f) {
    std::optional<uint32_t> port = Lookup(f);
    if (port && *port) {
      if (*port == from_) return Drop(from_, XSW_DROP_HAIRPIN);
      if (!Me().isolated) return Port(*port, f);
      fates_.push_back({Fate::kToWire, 0, f.vlan != 0});
    } else if (ForHost(f)) {
      if (!s_.host) return Drop(from_, XSW_DROP_HOST_OFF);
      fates_.push_back({Fate::kToHost, 0, f.vlan != 0});
    } else {
      Unknown(f);
    }
  }

  void Unknown(const Seen& f) {
    if (!Me().isolated) CopyToPromiscuous(f);
    if (s_.miss == XSW_MISS_REPRESENTOR) return Stack(from_);
    if (s_.miss == XSW_MISS_DROP) return Drop(from_, XSW_DROP_MISS);
    fates_.push_back({Fate::kToWire, 0, f.vlan != 0});
  }

  void Port(uint32_t port, const Seen& f) {
    const RefPort& p = s_.ports[port];
    if (xsw_drop why = Closed(p)) return Drop(port, why);
    if (!Member(p, f.vlan)) return Drop(port, XSW_DROP_VLAN);
    if (from_ && p.isolated) return Drop(port, XSW_DROP_ISOLATED);
    Deliver(port, f);
  }

  void Deliver(uint32_t port, const Seen& f) {
    const RefPort& p = s_.ports[port];
    if (!p.attached) return Drop(port, XSW_DROP_DETACHED);
    if (p.over_rx) return Drop(port, XSW_DROP_RX_RATE);
    fates_.push_back({Fate::kToPort, port, f.vlan != p.pvid});
  }

  bool Hears(uint32_t port, const Seen& f) const {
    const RefPort& p = s_.ports[port];
    return port != from_ && p.active && Member(p, f.vlan) && !(from_ && p.isolated);
  }

  void Copy(uint32_t port, const Seen& f) {
    if (!s_.ports[port].link) return Drop(port, XSW_DROP_LINK_DOWN);
    Deliver(port, f);
  }

  void Flood(const Seen& f) {
    auto group = s_.groups.find({f.dst, f.vlan});
    for (uint32_t port = 1; port <= kRefPorts; port++) {
      if (!Hears(port, f)) continue;
      if (group == s_.groups.end() || group->second.count(port) || s_.ports[port].allmulti)
        Copy(port, f);
    }
  }

  // Not in an inactive eswitch.
  void CopyToPromiscuous(const Seen& f) {
    if (s_.mode != XSW_MODE_LEGACY) return;
    for (uint32_t port = 1; port <= kRefPorts; port++)
      if (s_.ports[port].promisc && Hears(port, f)) Copy(port, f);
  }

  const RefSwitch& s_;
  uint32_t from_;
  std::vector<Fate> fates_;
};

}  // namespace

std::ostream& operator<<(std::ostream& out, const Fate& fate) {
  constexpr const char* kKinds[] = {"to port ", "to wire ", "to host ", "to stack of ",
                                    "dropped at "};
  out << kKinds[fate.kind] << fate.port;
  if (fate.kind == Fate::kDropped) return out << " reason " << fate.why;
  return out << (fate.tagged ? " tagged" : "");
}

Bytes WithoutPriorityTags(Bytes frame) {
  while (IsTagged(frame) && !((frame[14] << 8 | frame[15]) & 0xfff))
    frame.erase(frame.begin() + 12, frame.begin() + 16);
  return frame;
}

Bytes AsSeen(const RefSwitch& s, uint32_t from, const Bytes& frame, const Fate& fate) {
  const std::optional<Seen> seen = See(frame);
  const bool came_tagged = seen && seen->vlan;
  if (fate.kind == Fate::kToStack || fate.tagged == came_tagged) return frame;
  Bytes other = WithoutPriorityTags(frame);
  if (came_tagged) {
    other.erase(other.begin() + 12, other.begin() + 16);
    return other;
  }
  // Only a port's untagged frames get a tag: its own VLAN's.
  const RefPort& p = s.ports[from];
  Bytes tag;
  Append16(tag, ETH_P_8021Q);
  Append16(tag, static_cast<uint16_t>(p.qos << 13 | p.pvid));
  other.insert(other.begin() + 12, tag.begin(), tag.end());
  return other;
}

std::vector<Fate> Decide(const RefSwitch& s, Origin origin, uint32_t from, const Bytes& frame) {
  Way way(s, from);
  const std::optional<Seen> seen = See(frame);
  if (!seen) {
    origin == Origin::kPort ? way.Drop(from, XSW_DROP_MALFORMED) : way.Stack(0);
  } else if (origin == Origin::kWire) {
    way.Wire(*seen);
  } else if (origin == Origin::kHost) {
    way.Host(*seen);
  } else {
    way.Function(*seen);
  }
  return way.Done();
}

}  // namespace xsw::test
