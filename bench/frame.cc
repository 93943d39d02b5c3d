// SPDX-License-Identifier: Apache-2.0
#include "bench/frame.h"

#include <arpa/inet.h>

#include <algorithm>

namespace xsw::bench {
namespace {

constexpr size_t kEth = 14, kIp = 20, kUdp = 8;
constexpr uint16_t kVxlanPort = 4789;
constexpr uint16_t kIpv4 = 0x0800, kVlanTag = 0x8100;

void Put16(std::vector<uint8_t>& frame, size_t at, size_t value) {
  frame[at] = static_cast<uint8_t>(value >> 8);
  frame[at + 1] = static_cast<uint8_t>(value);
}

// RFC 1071, over the IPv4 header.
uint16_t Checksum(const std::vector<uint8_t>& frame) {
  uint32_t sum = 0;
  for (size_t i = kEth; i < kEth + kIp; i += 2)
    sum += static_cast<uint32_t>(frame[i] << 8 | frame[i + 1]);
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<uint16_t>(~sum);
}

void PutIpv4(std::vector<uint8_t>& frame, Place from, Place to) {
  frame[kEth] = 0x45;
  Put16(frame, kEth + 2, frame.size() - kEth);
  frame[kEth + 8] = 64;
  frame[kEth + 9] = IPPROTO_UDP;
  inet_pton(AF_INET, Ipv4Of(from).c_str(), &frame[kEth + 12]);
  inet_pton(AF_INET, Ipv4Of(to).c_str(), &frame[kEth + 16]);
  Put16(frame, kEth + 10, Checksum(frame));
}

// Checksum 0: none.
void PutUdp(std::vector<uint8_t>& frame, uint16_t to_port) {
  Put16(frame, kEth + kIp, 4321);
  Put16(frame, kEth + kIp + 2, to_port);
  Put16(frame, kEth + kIp + 4, frame.size() - kEth - kIp);
}

std::vector<uint8_t> MakeFrame(Place from, Place to, size_t size, uint16_t to_port) {
  std::vector<uint8_t> frame(size);
  const Mac src = MacOf(from), dst = MacOf(to);
  std::copy(dst.begin(), dst.end(), frame.begin());
  std::copy(src.begin(), src.end(), frame.begin() + 6);
  Put16(frame, 12, kIpv4);
  PutIpv4(frame, from, to);
  PutUdp(frame, to_port);
  return frame;
}

}  // namespace

std::vector<uint8_t> MakeFrame(Place from, Place to, size_t size) {
  return MakeFrame(from, to, size, kSinkPort);
}

std::vector<uint8_t> InVxlan(uint32_t vni, Place from, Place to,
                             const std::vector<uint8_t>& frame) {
  constexpr size_t kVxlanAt = kEth + kIp + kUdp, kVxlan = 8;
  constexpr uint8_t kHasVni = 0x08;
  std::vector<uint8_t> outer = MakeFrame(from, to, kVxlanAt + kVxlan + frame.size(), kVxlanPort);
  outer[kVxlanAt] = kHasVni;
  Put16(outer, kVxlanAt + 4, vni >> 8);
  outer[kVxlanAt + 6] = static_cast<uint8_t>(vni);
  std::copy(frame.begin(), frame.end(), outer.begin() + kVxlanAt + kVxlan);
  return outer;
}

void AddTag(uint16_t vlan, std::vector<uint8_t>* frame) {
  frame->insert(frame->begin() + 12, 4, 0);
  Put16(*frame, 12, kVlanTag);
  Put16(*frame, 14, vlan);
}

}  // namespace xsw::bench
