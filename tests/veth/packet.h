// SPDX-License-Identifier: Apache-2.0
// Raw frames: AF_PACKET sockets, and frames that never were skbs.
#ifndef XSW_TESTS_VETH_PACKET_H_
#define XSW_TESTS_VETH_PACKET_H_

#include <cstdint>
#include <optional>
#include <string>

#include "tests/bpf/frames.h"  // Eth{} / Vlan{} / Payload(), kMac1, kTestType, ...
#include "userspace/fd.h"

namespace xsw::test {

struct Received {
  Bytes frame;                    // as on the wire: an accelerated tag is back in its place
  bool accelerated = false;       // it was beside the data
  int pkttype = 0;                // PACKET_HOST, PACKET_OTHERHOST, ...: what the stack thinks of it
  bool checksum_partial = false;  // a sender's stack left it unfinished
};

// A packet socket on one netdev. Sees what the netdev receives, never what is sent on it.
class PacketSocket {
 public:
  // protocol ETH_P_ALL sees frames before tc ingress does; any other (kTestType) only what tc has
  // let through to the stack, with tags removed.
  PacketSocket(const std::string& netns, const std::string& dev, uint16_t protocol);

  // As an application would: through qdisc and tc egress. False: the netdev is down or gone.
  bool Send(const Bytes& frame) const;
  // Past them.
  bool SendBypassingTc(const Bytes& frame) const;
  // The next frame that has arrived or arrives within limit_ms.
  std::optional<Received> Receive(int limit_ms) const;

  int fd() const { return fd_.get(); }

 private:
  std::string name_;
  Fd fd_;
};

// An XDP frame out of a netdev (live-frame BPF_PROG_TEST_RUN in its namespace): to the receiver at
// its other end it is what a NIC's driver gives, never an skb before. A veth takes it only if its
// other end runs NAPI: an XDP program or GRO there (`ethtool -K ... gro on`).
class XdpSender {
 public:
  XdpSender(const std::string& netns, const std::string& dev);
  // So often, as fast as it goes.
  void Send(const Bytes& frame, uint32_t times = 1) const;

 private:
  std::string netns_;
  Fd program_;
};

// Frames that can be told apart: the last 4 bytes are a number.
Bytes Numbered(const Frame& frame, uint32_t id);
uint32_t IdOf(const Bytes& frame);

// Whether it is one of a test's (kTestType behind up to two tags), not of some stack's.
bool IsTestFrame(const Bytes& frame);

}  // namespace xsw::test

#endif  // XSW_TESTS_VETH_PACKET_H_
