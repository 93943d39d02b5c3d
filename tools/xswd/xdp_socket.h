// SPDX-License-Identifier: Apache-2.0
// An AF_XDP socket made for somebody else: over a client's memory, bound to one queue of a port and
// to nothing else for ever.
#ifndef XSW_TOOLS_XSWD_XDP_SOCKET_H_
#define XSW_TOOLS_XSWD_XDP_SOCKET_H_

#include "absl/status/statusor.h"
#include "tools/xswd/account.h"
#include "tools/xswd/memory.h"
#include "tools/xswd/open.h"
#include "tools/xswd/queue_block.h"
#include "userspace/fd.h"
#include "userspace/mac.h"

namespace xsw {

struct XdpSocket {
  Fd fd;
  uint32_t queue = 0;
  bool bound = false;
  int ifindex = 0;
  uint32_t mtu = 0;
  bool multi_buffer = false;
  Mac hw_addr{};
};

// In the queue's slot of the port's XSKMAP, until the last copy of fd is closed: whoever has the
// slot has the queue, so there are never more sockets of a port than queues. Without memory and not
// bound, so that finding out costs nothing. Unavailable: the queue is taken.
absl::StatusOr<XdpSocket> TakeQueue(const QueueBlock& block, uint32_t queue);
// Its memory and rings. ResourceExhausted: more memory than the user may have.
absl::Status GiveMemory(const XdpSocket& socket, const OpenRequest& request,
                        const ClientMemory& memory, const Account& account);
// Unavailable: a socket that is not in the XSKMAP has the queue.
absl::Status BindXdpSocket(const QueueBlock& block, XdpSocket* socket);

// SO_PREFER_BUSY_POLL and its numbers on an AF_XDP socket of this port's namespace; anything else
// is refused. timeout in microseconds, budget in frames.
absl::Status SetBusyPoll(const QueueBlock& block, const Fd& socket, uint32_t timeout,
                         uint32_t budget);

}  // namespace xsw

#endif  // XSW_TOOLS_XSWD_XDP_SOCKET_H_
