// SPDX-License-Identifier: Apache-2.0
#include "tests/bpf/tap.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace xsw::test {
namespace {

constexpr int kReceiveLimitMs = 2000;

// Puts the tag that the kernel tells of beside the frame back into it.
void RestoreTag(msghdr* message, Bytes& frame) {
  for (cmsghdr* c = CMSG_FIRSTHDR(message); c != nullptr; c = CMSG_NXTHDR(message, c)) {
    if (c->cmsg_level != SOL_PACKET || c->cmsg_type != PACKET_AUXDATA) continue;
    tpacket_auxdata aux;
    memcpy(&aux, CMSG_DATA(c), sizeof(aux));
    if (!(aux.tp_status & TP_STATUS_VLAN_VALID)) continue;
    Bytes tag;
    Append16(tag, aux.tp_vlan_tpid);
    Append16(tag, aux.tp_vlan_tci);
    frame.insert(frame.begin() + 12, tag.begin(), tag.end());
  }
}

}  // namespace

void Die(const std::string& what) {
  fprintf(stderr, "bpf tests cannot run: %s\n", what.c_str());
  exit(EXIT_FAILURE);
}

void Must(bool ok, const std::string& what) {
  if (!ok) Die(what + ": " + std::strerror(errno));
}

Tap::Tap(std::string dev, uint16_t protocol)
    : dev_(std::move(dev)),
      ifindex_(static_cast<int>(if_nametoindex(dev_.c_str()))),
      fd_(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0)) {
  Must(fd_.get() >= 0, "socket AF_PACKET");
  const int on = 1;
  // An accelerated tag is told in the auxiliary data only.
  Must(setsockopt(fd_.get(), SOL_PACKET, PACKET_AUXDATA, &on, sizeof(on)) == 0, "PACKET_AUXDATA");
  Must(setsockopt(fd_.get(), SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on)) == 0,
       "PACKET_IGNORE_OUTGOING");
  sockaddr_ll where = {.sll_family = AF_PACKET, .sll_protocol = htons(protocol)};
  where.sll_ifindex = ifindex_;
  Must(bind(fd_.get(), reinterpret_cast<sockaddr*>(&where), sizeof(where)) == 0, "bind to " + dev_);
}

void Tap::Send(const Bytes& frame) const {
  const bool sent =
      send(fd_.get(), frame.data(), frame.size(), 0) == static_cast<ssize_t>(frame.size());
  // ENOBUFS: a program has dropped it on its way out.
  Must(sent || errno == ENOBUFS, "send on " + dev_);
}

void Tap::SendBypassingTc(const Bytes& frame) const {
  int on = 1;
  Must(setsockopt(fd_.get(), SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof(on)) == 0,
       "PACKET_QDISC_BYPASS");
  Send(frame);
}

// header: struct virtio_net_hdr; <linux/virtio_net.h> is no C++.
void Tap::SendWithHeader(const Bytes& header, const Bytes& frame, uint16_t protocol) const {
  const int on = 1, off = 0;
  Must(setsockopt(fd_.get(), SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)) == 0, "VNET_HDR on");
  Bytes both = header;
  both.insert(both.end(), frame.begin(), frame.end());
  sockaddr_ll to = {.sll_family = AF_PACKET, .sll_protocol = htons(protocol)};
  to.sll_ifindex = ifindex_;
  Must(sendto(fd_.get(), both.data(), both.size(), 0, reinterpret_cast<sockaddr*>(&to),
              sizeof(to)) == static_cast<ssize_t>(both.size()),
       "send on " + dev_);
  Must(setsockopt(fd_.get(), SOL_PACKET, PACKET_VNET_HDR, &off, sizeof(off)) == 0, "VNET_HDR off");
}

// With a virtio header the kernel puts no more into the linear part than that header asks for
// (packet_alloc_skb() in net/packet/af_packet.c). Not told that the frame is tagged, the socket does not
// pull its tags into the linear part.
void Tap::SendNonlinear(const Bytes& frame) const {
  SendWithHeader({0, 0, ETH_HLEN, 0, 0, 0, 0, 0, 0, 0}, frame, kTestType);
}

void Tap::SendGso(const Bytes& frame, uint16_t segment) const {
  constexpr uint8_t kNeedsChecksum = 1, kTcp4 = 1;
  constexpr uint8_t kTcpAt = ETH_HLEN + 20, kHeaders = kTcpAt + 20, kChecksumAt = 16;
  SendWithHeader({kNeedsChecksum, kTcp4, kHeaders, 0, static_cast<uint8_t>(segment),
                  static_cast<uint8_t>(segment >> 8), kTcpAt, 0, kChecksumAt, 0},
                 frame, ETH_P_IP);
}

Bytes Tap::Receive() const {
  pollfd readable = {.fd = fd_.get(), .events = POLLIN, .revents = 0};
  if (poll(&readable, 1, kReceiveLimitMs) != 1) Die("nothing arrives on " + dev_ + " any more");
  Bytes frame(16384);
  iovec data = {.iov_base = frame.data(), .iov_len = frame.size()};
  alignas(cmsghdr) char control[256];
  msghdr message = {};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  ssize_t n = recvmsg(fd_.get(), &message, 0);
  Must(n >= ETH_HLEN, "receive on " + dev_);
  frame.resize(static_cast<size_t>(n));
  RestoreTag(&message, frame);
  return frame;
}

}  // namespace xsw::test
