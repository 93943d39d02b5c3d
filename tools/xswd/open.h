// SPDX-License-Identifier: Apache-2.0
// The request of libxswq: a queue as a ready AF_XDP socket over the client's own memory.
//
//   client: /open,<queue>,<rx>,<tx>,<fill>,<comp>,<chunk>,<headroom>   and a memfd
//   xswd:   /open_ok,<ifindex>,<queue>,<mtu>,<multi-buffer 0|1>,<hw_addr>   and the socket
//           /open_nak,<errno>,<what is wrong and what to do>
//
// Before Linux 6.4 the rings of a bound socket cannot be mapped, so there is one more step:
//
//   xswd:   /open_map   and the socket, not bound yet
//   client: /bind       its rings are mapped
//   xswd:   /open_ok,... or /open_nak,... as above, without the socket
//
// Sizes of rings are in entries, of chunk and headroom in bytes. The whole memfd becomes the
// memory; its pages must be there, and the client's mapping of it too: it is sealed (memory.h).
#ifndef XSW_TOOLS_XSWD_OPEN_H_
#define XSW_TOOLS_XSWD_OPEN_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/xswd/account.h"
#include "tools/xswd/message.h"
#include "tools/xswd/queue_block.h"
#include "userspace/fd.h"

namespace xsw {

struct OpenRequest {
  uint32_t queue = 0;
  uint32_t rx = 0, tx = 0, fill = 0, comp = 0;  // entries
  uint32_t chunk = 0, headroom = 0;             // bytes
};

// InvalidArgument: what is wrong with it, whatever the port.
absl::StatusOr<OpenRequest> ParseOpen(const std::string& text);

struct XdpSocket;

// The queue's socket; it is bound, unless its rings must be mapped first. FailedPrecondition: the
// port is inactive, or the kernel too old for it. OutOfRange: no such queue. Unavailable: it is
// taken. ResourceExhausted: more memory than the queue or the user may have. begin is called once
// the queue is ours, and before the memory is touched.
absl::StatusOr<XdpSocket> OpenQueue(const QueueBlock& block, const OpenRequest& request,
                                    const Fd& memory, const Account& account,
                                    const std::function<absl::Status()>& begin);
// The step after /open_map.
absl::Status BindQueue(const QueueBlock& block, XdpSocket* socket);

// "/open_ok,...", or "/open_map" for a socket that is not bound.
std::string OpenReply(const XdpSocket& socket);

// "/open_nak,16,port eth0/3: queue 0 is taken"
std::string OpenNak(const absl::Status& status);

}  // namespace xsw

#endif  // XSW_TOOLS_XSWD_OPEN_H_
