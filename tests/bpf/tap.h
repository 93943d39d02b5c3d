// SPDX-License-Identifier: Apache-2.0
// A packet socket on a netdev: sends frames, and sees those that come.
#ifndef XSW_TESTS_BPF_TAP_H_
#define XSW_TESTS_BPF_TAP_H_

#include <string>

#include "tests/bpf/frames.h"
#include "userspace/fd.h"

namespace xsw::test {

// A test without its environment is no test: says what failed and ends the process.
[[noreturn]] void Die(const std::string& what);
// Dies with errno's text unless ok.
void Must(bool ok, const std::string& what);

class Tap {
 public:
  // protocol ETH_P_ALL sees frames before tc ingress does, any other only what tc has let through.
  Tap(std::string dev, uint16_t protocol);

  void Send(const Bytes& frame) const;
  // Past the netdev's tc egress programs.
  void SendBypassingTc(const Bytes& frame) const;
  // With only 14 bytes in the skb's linear part; for frames longer than a page.
  void SendNonlinear(const Bytes& frame) const;
  // TCP over IPv4 without options, to be cut into segments of so many bytes of payload.
  void SendGso(const Bytes& frame, uint16_t segment) const;
  // The next frame, an accelerated tag put back where the wire has it. None within 2 s: dies.
  Bytes Receive() const;

 private:
  void SendWithHeader(const Bytes& header, const Bytes& frame, uint16_t protocol) const;

  std::string dev_;
  int ifindex_;
  Fd fd_;
};

}  // namespace xsw::test

#endif  // XSW_TESTS_BPF_TAP_H_
