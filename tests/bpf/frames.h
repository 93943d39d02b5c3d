// SPDX-License-Identifier: Apache-2.0
// Frames, written as they nest: Eth{.dst = kMac2, .src = kMac1} / Vlan{.id = 7} / Payload(46).
//
// Each header sets the ethertype of the one before it, so a frame is well-formed unless a row asks
// for something else: Eth{.type = ...} / Payload(...) says what it likes.
#ifndef XSW_TESTS_BPF_FRAMES_H_
#define XSW_TESTS_BPF_FRAMES_H_

#include <linux/if_ether.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace xsw::test {

using Mac = std::array<uint8_t, 6>;
using Bytes = std::vector<uint8_t>;

// IEEE 802's "local experimental" ethertype: no stack answers it.
constexpr uint16_t kTestType = 0x88b5;

// The addresses of the switch under test, see switch_under_test.h.
constexpr Mac kMac1 = {2, 0, 0, 0, 0, 1};  // hw_addr of port 1, and so on
constexpr Mac kMac2 = {2, 0, 0, 0, 0, 2};
constexpr Mac kMac3 = {2, 0, 0, 0, 0, 3};
constexpr Mac kHostMac = {2, 0, 0, 0, 0, 0x10};     // of the uplink
constexpr Mac kOutsideMac = {2, 0, 0, 0, 0, 0x20};  // somewhere on the wire, not in the FDB
constexpr Mac kExtraMac1 = {2, 0, 0, 0, 0xa, 1};    // second FDB address of port 1
constexpr Mac kExtraMac2 = {2, 0, 0, 0, 0xa, 2};    // second FDB address of port 2
constexpr Mac kVlanMac = {2, 0, 0, 0, 0xb, 7};      // 802.1Q 7: port 2; 802.1ad 7: port 3
constexpr Mac kBroadcast = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
constexpr Mac kMulticast = {0x01, 0x00, 0x5e, 0, 0, 0x16};  // IGMPv3
constexpr Mac kMulticast6 = {0x33, 0x33, 0, 0, 0, 1};       // all IPv6 nodes
constexpr Mac kStpMac = {0x01, 0x80, 0xc2, 0, 0, 0x00};     // first link-local address
constexpr Mac kPauseMac = {0x01, 0x80, 0xc2, 0, 0, 0x01};
constexpr Mac kLldpMac = {0x01, 0x80, 0xc2, 0, 0, 0x0e};
constexpr Mac kLastLinkLocalMac = {0x01, 0x80, 0xc2, 0, 0, 0x0f};
constexpr Mac kPastLinkLocalMac = {0x01, 0x80, 0xc2, 0, 0, 0x10};  // ordinary multicast

// A frame still being built knows where its last ethertype is.
struct Frame {
  Bytes bytes;
  size_t type_at = 12;
};

struct Eth {
  Mac dst = {};
  Mac src = {};
  uint16_t type = kTestType;
};

struct Vlan {
  uint16_t id = 0;
  uint8_t priority = 0;
  bool dei = false;           // drop eligible indicator, the bit above the ID
  uint16_t type = kTestType;  // what follows
};

// An 802.1ad ("service") tag.
struct Dot1ad {
  uint16_t id = 0;
  uint8_t priority = 0;
  bool dei = false;
  uint16_t type = kTestType;
};

// size bytes: 1 to 64, then zeros, so that a test program can make a frame longer by zeros alone.
struct Payload {
  explicit constexpr Payload(size_t bytes) : size(bytes) {}
  size_t size;
};

inline void Append16(Bytes& to, uint16_t value) {
  to.push_back(static_cast<uint8_t>(value >> 8));
  to.push_back(static_cast<uint8_t>(value));
}

inline Frame ToFrame(const Eth& eth) {
  Frame frame;
  frame.bytes.assign(eth.dst.begin(), eth.dst.end());
  frame.bytes.insert(frame.bytes.end(), eth.src.begin(), eth.src.end());
  Append16(frame.bytes, eth.type);
  return frame;
}

template <typename Tag>
Frame AddTag(Frame frame, uint16_t proto, const Tag& tag) {
  frame.bytes[frame.type_at] = static_cast<uint8_t>(proto >> 8);
  frame.bytes[frame.type_at + 1] = static_cast<uint8_t>(proto);
  Append16(frame.bytes, static_cast<uint16_t>(tag.priority << 13 | tag.dei << 12 | tag.id));
  frame.type_at = frame.bytes.size();
  Append16(frame.bytes, tag.type);
  return frame;
}

inline Frame operator/(Frame frame, const Vlan& tag) {
  return AddTag(std::move(frame), ETH_P_8021Q, tag);
}
inline Frame operator/(Frame frame, const Dot1ad& tag) {
  return AddTag(std::move(frame), ETH_P_8021AD, tag);
}
inline Frame operator/(Frame frame, Payload payload) {
  for (size_t i = 0; i < payload.size; i++)
    frame.bytes.push_back(i < 64 ? static_cast<uint8_t>(i + 1) : 0);
  return frame;
}
// Length and checksum (RFC 1071) of the IPv4 header that begins there, and goes to the frame's end.
inline void FinishIpv4(Bytes& frame, size_t at) {
  const size_t length = frame.size() - at;
  frame[at + 2] = static_cast<uint8_t>(length >> 8);
  frame[at + 3] = static_cast<uint8_t>(length);
  frame[at + 10] = frame[at + 11] = 0;
  uint32_t sum = 0;
  for (size_t i = at; i < at + 20; i += 2)
    sum += static_cast<uint32_t>(frame[i] << 8 | frame[i + 1]);
  const uint32_t checksum = ~(sum + (sum >> 16));
  frame[at + 10] = static_cast<uint8_t>(checksum >> 8);
  frame[at + 11] = static_cast<uint8_t>(checksum);
}
// IPv4 and TCP around so many bytes; the Ethernet header in front has ETH_P_IP.
struct Tcp4 {
  uint16_t payload = 0;
  uint8_t options = 0;  // bytes of TCP options, a multiple of 4
};
inline Frame operator/(Frame frame, const Tcp4& tcp) {
  const auto tcp_header = static_cast<uint8_t>(20 + tcp.options);
  const size_t at = frame.bytes.size();
  frame.bytes.insert(frame.bytes.end(),
                     {0x45, 0, 0, 0, 0, 1, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2});
  frame.bytes.insert(frame.bytes.end(), {0, 80, 0, 80, 0, 0, 0, 1, 0, 0, 0, 1,
                                         static_cast<uint8_t>(tcp_header << 2), 0x10, 1, 0});
  frame.bytes.resize(frame.bytes.size() + tcp_header - 16);
  frame = frame / Payload(tcp.payload);
  FinishIpv4(frame.bytes, at);
  return frame;
}
// IPv6 and TCP, IPv4 and UDP: what a rate needs of them, and no more.
struct Tcp6 {
  uint16_t payload = 0;
};
inline Frame operator/(Frame frame, const Tcp6& tcp) {
  Bytes header(60);
  header[0] = 0x60;
  header[4] = static_cast<uint8_t>((20 + tcp.payload) >> 8);
  header[5] = static_cast<uint8_t>(20 + tcp.payload);
  header[6] = 6;
  header[40 + 12] = 5 << 4;
  frame.bytes.insert(frame.bytes.end(), header.begin(), header.end());
  return frame / Payload(tcp.payload);
}
struct Udp4 {
  uint16_t payload = 0;
};
inline Frame operator/(Frame frame, const Udp4& udp) {
  Bytes header(28);
  header[0] = 0x45;
  header[8] = 64;
  header[9] = 17;
  const size_t at = frame.bytes.size();
  frame.bytes.insert(frame.bytes.end(), header.begin(), header.end());
  frame = frame / Payload(udp.payload);
  FinishIpv4(frame.bytes, at);
  return frame;
}
template <typename Next>
Frame operator/(const Eth& eth, const Next& next) {
  return ToFrame(eth) / next;
}

// What a test knows of a frame by itself, without asking the code under test.
inline uint16_t EtherType(const Bytes& f) { return static_cast<uint16_t>(f[12] << 8 | f[13]); }
inline bool IsTagged(const Bytes& f) {
  return f.size() >= 18 && (EtherType(f) == ETH_P_8021Q || EtherType(f) == ETH_P_8021AD);
}
inline bool IsUnicast(const Bytes& f) { return (f[0] & 1) == 0; }

}  // namespace xsw::test

#endif  // XSW_TESTS_BPF_FRAMES_H_
