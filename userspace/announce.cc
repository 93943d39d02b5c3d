// SPDX-License-Identifier: Apache-2.0
// Announce() of address.h.
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <netinet/icmp6.h>
#include <netinet/if_ether.h>
#include <netinet/ip6.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "userspace/address.h"
#include "userspace/fd.h"
#include "userspace/status.h"

namespace xsw {
namespace {

using Bytes = std::vector<uint8_t>;

template <typename Header>
void Append(Bytes& bytes, const Header& header) {
  const auto* data = reinterpret_cast<const uint8_t*>(&header);
  bytes.insert(bytes.end(), data, data + sizeof(header));
}

// RFC 5227: a request in which sender and target are the same.
Bytes GratuitousArp(const Mac& mac, const IpAddress& ip) {
  ether_arp arp = {};
  arp.ea_hdr = {htons(ARPHRD_ETHER), htons(ETHERTYPE_IP), ETH_ALEN, 4, htons(ARPOP_REQUEST)};
  std::copy(mac.begin(), mac.end(), arp.arp_sha);
  std::copy(ip.bytes.begin(), ip.bytes.end(), arp.arp_spa);
  std::copy(ip.bytes.begin(), ip.bytes.end(), arp.arp_tpa);
  Bytes bytes;
  Append(bytes, arp);
  return bytes;
}

uint16_t Checksum(const Bytes& bytes) {
  uint32_t sum = 0;
  for (size_t i = 0; i + 1 < bytes.size(); i += 2) sum += (bytes[i] << 8) + bytes[i + 1];
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return htons(static_cast<uint16_t>(~sum));
}

constexpr in6_addr kAllNodes = {{{0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}}};

// RFC 4861, 7.2.6: to all nodes, with the override flag.
Bytes UnsolicitedAdvertisement(const Mac& mac, const IpAddress& ip) {
  nd_neighbor_advert advert = {};
  advert.nd_na_type = ND_NEIGHBOR_ADVERT;
  advert.nd_na_flags_reserved = ND_NA_FLAG_OVERRIDE;
  std::memcpy(&advert.nd_na_target, ip.bytes.data(), sizeof(advert.nd_na_target));
  struct {
    nd_opt_hdr header = {ND_OPT_TARGET_LINKADDR, 1};
    Mac mac;
  } option = {.mac = mac};
  ip6_hdr header = {};
  header.ip6_flow = htonl(6u << 28);
  header.ip6_plen = htons(sizeof(advert) + sizeof(option));
  header.ip6_nxt = IPPROTO_ICMPV6;
  header.ip6_hlim = 255;
  std::memcpy(&header.ip6_src, ip.bytes.data(), sizeof(header.ip6_src));
  header.ip6_dst = kAllNodes;
  // RFC 8200, 8.1: what the sum is over beside the message.
  struct {
    in6_addr from, to;
    uint32_t length, next;
  } pseudo = {header.ip6_src, header.ip6_dst, htonl(sizeof(advert) + sizeof(option)),
              htonl(IPPROTO_ICMPV6)};
  Bytes summed;
  Append(summed, pseudo);
  Append(summed, advert);
  Append(summed, option);
  advert.nd_na_cksum = Checksum(summed);
  Bytes bytes;
  Append(bytes, header);
  Append(bytes, advert);
  Append(bytes, option);
  return bytes;
}

}  // namespace

absl::Status Announce(int ifindex, const Mac& mac, const IpAddress& ip) {
  const Bytes bytes = ip.is_v4() ? GratuitousArp(mac, ip) : UnsolicitedAdvertisement(mac, ip);
  const Mac to = ip.is_v4() ? Mac{0xff, 0xff, 0xff, 0xff, 0xff, 0xff} : Mac{0x33, 0x33, 0, 0, 0, 1};
  sockaddr_ll where = {.sll_family = AF_PACKET,
                       .sll_protocol = htons(ip.is_v4() ? ETHERTYPE_ARP : ETHERTYPE_IPV6),
                       .sll_ifindex = ifindex,
                       .sll_halen = ETH_ALEN};
  std::copy(to.begin(), to.end(), where.sll_addr);
  const Fd sock(socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!sock || sendto(sock.get(), bytes.data(), bytes.size(), 0,
                      reinterpret_cast<sockaddr*>(&where), sizeof(where)) < 0)
    return ErrnoStatus(errno, absl::StrCat("announce ", FormatIp(ip)));
  return absl::OkStatus();
}

}  // namespace xsw
