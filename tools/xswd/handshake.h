// SPDX-License-Identifier: Apache-2.0
// The handshake of the afxdp-plugins for Kubernetes, byte for byte, as DPDK and CNDP speak it. The
// client makes its AF_XDP socket itself, in the namespace where the function is, and gets the
// port's XSKMAP.
//
//   /connect,<hostname>                    /host_ok
//   /version                               0.1
//   /xsk_map_fd,<netdev>                   /fd_ack and the map, or /fd_nak
//   /config_busy_poll,<us>,<budget> + fd   /config_busy_poll_ack or _nak
//   /fin                                   /fin_ack
//   anything else                          /nak
//
// After any nak the connection is closed: DPDK does not notice /fd_nak. The hostname is only a
// claim and not looked at.
#ifndef XSW_TOOLS_XSWD_HANDSHAKE_H_
#define XSW_TOOLS_XSWD_HANDSHAKE_H_

#include <string>

#include "tools/xswd/message.h"
#include "tools/xswd/queue_block.h"
#include "userspace/fd.h"

namespace xsw {

struct Answer {
  std::string text;  // empty: none
  Fd fd;
  bool close = false;
};

// connected: whether /connect has come before on this connection; set by it.
Answer AnswerHandshake(const QueueBlock& block, const Message& request, bool* connected);

}  // namespace xsw

#endif  // XSW_TOOLS_XSWD_HANDSHAKE_H_
