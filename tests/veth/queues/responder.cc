// SPDX-License-Identifier: Apache-2.0
#include "tests/veth/queues/responder.h"

#include <arpa/inet.h>
#include <linux/icmp.h>
#include <linux/if_arp.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include <algorithm>
#include <cstring>

namespace xsw::test {
namespace {

constexpr uint32_t kIsn = 1000;  // the sequence number of our SYN

template <typename T>
T* At(Bytes& frame, size_t at) {
  return reinterpret_cast<T*>(frame.data() + at);
}

iphdr* Ip(Bytes& frame) { return At<iphdr>(frame, ETH_HLEN); }
size_t L4At(Bytes& frame) { return ETH_HLEN + Ip(frame)->ihl * 4u; }

uint32_t Add(uint32_t sum, const uint8_t* data, size_t size) {
  for (size_t i = 0; i + 1 < size; i += 2) sum += static_cast<uint32_t>(data[i] << 8 | data[i + 1]);
  if (size % 2) sum += static_cast<uint32_t>(data[size - 1] << 8);
  return sum;
}

uint16_t Fold(uint32_t sum) {
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return htons(static_cast<uint16_t>(~sum));
}

uint16_t IpSum(Bytes& frame) { return Fold(Add(0, &frame[ETH_HLEN], Ip(frame)->ihl * 4u)); }

// 0 over a correct packet, pseudo header included.
uint16_t L4Sum(Bytes& frame) {
  const size_t size = frame.size() - L4At(frame);
  uint32_t sum = Ip(frame)->protocol == IPPROTO_ICMP ? 0 : Ip(frame)->protocol + size;
  if (sum) sum = Add(static_cast<uint32_t>(sum), &frame[ETH_HLEN + 12], 8);
  return Fold(Add(sum, &frame[L4At(frame)], size));
}

// Back to where it came from; checksums are the caller's.
void TurnAround(Bytes& frame) {
  std::swap_ranges(frame.begin(), frame.begin() + 6, frame.begin() + 6);
  std::swap(Ip(frame)->saddr, Ip(frame)->daddr);
}

void FinishIp(Bytes& frame) {
  Ip(frame)->tot_len = htons(static_cast<uint16_t>(frame.size() - ETH_HLEN));
  Ip(frame)->ttl = 64;
  Ip(frame)->check = 0;
  Ip(frame)->check = IpSum(frame);
}

}  // namespace

Responder::Responder(const std::string& port, int queues, const Mac& mac, const std::string& ip)
    : app_(port, queues), mac_(mac), ip_(inet_addr(ip.c_str())), thread_([this] { Run(); }) {}

Responder::~Responder() {
  stop_ = true;
  thread_.join();
}

void Responder::Run() {
  while (!stop_) {
    std::optional<Bytes> frame = app_.Receive(20);
    if (!frame || !Answer(*frame)) continue;
    frame->resize(std::max<size_t>(frame->size(), 60));
    if (app_.Send(*frame) == 0) answered_++;
  }
}

bool Responder::Wrong() {
  wrong_++;
  return false;
}

bool Responder::Answer(Bytes& frame) {
  if (frame.size() < 42) return false;
  if (EtherType(frame) == ETH_P_ARP) return AnswerArp(frame);
  if (EtherType(frame) == ETH_P_IP && std::equal(mac_.begin(), mac_.end(), frame.begin()))
    return AnswerIp(frame);
  return false;
}

bool Responder::AnswerArp(Bytes& frame) {
  uint8_t* arp = &frame[ETH_HLEN];
  if (arp[7] != ARPOP_REQUEST || std::memcmp(arp + 24, &ip_, 4) != 0) return false;
  arp[7] = ARPOP_REPLY;
  std::memcpy(arp + 18, arp + 8, 10);
  std::copy(mac_.begin(), mac_.end(), arp + 8);
  std::memcpy(arp + 14, &ip_, 4);
  std::copy_n(arp + 18, 6, frame.begin());
  std::copy(mac_.begin(), mac_.end(), frame.begin() + 6);
  return true;
}

bool Responder::AnswerIp(Bytes& frame) {
  // Off with the padding of short frames.
  frame.resize(std::min<size_t>(frame.size(), ETH_HLEN + ntohs(Ip(frame)->tot_len)));
  if (IpSum(frame) != 0) return Wrong();
  if (Ip(frame)->daddr != ip_) return false;
  const uint8_t protocol = Ip(frame)->protocol;
  const bool unchecked = protocol == IPPROTO_UDP && !At<udphdr>(frame, L4At(frame))->check;
  if (unchecked || L4Sum(frame) != 0) return Wrong();
  if (protocol == IPPROTO_ICMP) return AnswerIcmp(frame);
  if (protocol == IPPROTO_UDP) return AnswerUdp(frame);
  return protocol == IPPROTO_TCP && AnswerTcp(frame);
}

bool Responder::AnswerIcmp(Bytes& frame) {
  auto* icmp = At<icmphdr>(frame, L4At(frame));
  if (icmp->type != ICMP_ECHO) return false;
  TurnAround(frame);
  icmp->type = ICMP_ECHOREPLY;
  icmp->checksum = 0;
  icmp->checksum = L4Sum(frame);
  FinishIp(frame);
  return true;
}

bool Responder::AnswerUdp(Bytes& frame) {
  auto* udp = At<udphdr>(frame, L4At(frame));
  TurnAround(frame);
  std::swap(udp->source, udp->dest);
  udp->check = 0;
  udp->check = L4Sum(frame);
  FinishIp(frame);
  return true;
}

// In order and without loss, as the lab is: each segment is answered by its acknowledgement and its data.
bool Responder::AnswerTcp(Bytes& frame) {
  const size_t at = L4At(frame);
  const tcphdr in = *At<tcphdr>(frame, at);
  const size_t data_at = at + in.doff * 4u;
  const uint32_t length = static_cast<uint32_t>(frame.size() - data_at);
  if (in.rst || (!in.syn && !in.fin && length == 0)) return false;
  const Bytes data(frame.begin() + static_cast<ptrdiff_t>(data_at), frame.end());
  if (in.syn) next_ = kIsn;
  TurnAround(frame);
  frame.resize(at + sizeof(tcphdr));
  auto* out = At<tcphdr>(frame, at);
  *out = {};
  out->source = in.dest;
  out->dest = in.source;
  out->seq = htonl(next_);
  out->ack_seq = htonl(ntohl(in.seq) + length + in.syn + in.fin);
  out->doff = 5;
  out->ack = 1;
  out->window = htons(65535);
  out->rst = in.syn && ntohs(in.dest) < 1000;
  out->syn = in.syn && !out->rst;
  out->fin = in.fin;
  out->psh = length != 0;
  next_ += length + in.syn + in.fin;
  frame.insert(frame.end(), data.begin(), data.end());
  At<tcphdr>(frame, at)->check = L4Sum(frame);
  FinishIp(frame);
  return true;
}

}  // namespace xsw::test
