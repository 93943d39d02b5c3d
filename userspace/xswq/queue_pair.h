// SPDX-License-Identifier: Apache-2.0
// Inside libxswq: what a queue pair consists of, and who makes the parts.
#ifndef XSW_USERSPACE_XSWQ_QUEUE_PAIR_H_
#define XSW_USERSPACE_XSWQ_QUEUE_PAIR_H_

#include <xdp/xsk.h>

#include <cstddef>
#include <cstdint>

#include "userspace/xswq/xswq.h"

struct xswq_qp {
  int fd = -1;  // the AF_XDP socket
  char* memory = nullptr;
  xswq_info info{};
  uint64_t size = 0;       // bytes of memory
  uint64_t mask = 0;       // of an offset: the buffer that it is in
  uint32_t max_frame = 0;  // bytes
  uint32_t sends = 0;      // pieces posted and not completed
  uint32_t held = 0;       // of these: not shown to the kernel yet
  xsk_ring_prod fill{}, tx{};
  xsk_ring_cons comp{}, rx{};
  xswq_stats stats{};

  struct Mapping {
    void* at = nullptr;
    size_t size = 0;
  } rings[4];
};

namespace xswq_internal {

// Sets the thread's message (printf's format) and returns error, a negative errno.
[[gnu::format(printf, 2, 3)]] int Fail(int error, const char* format, ...);

// attr with its defaults filled in. -EINVAL.
int Complete(const xswq_attr* attr, xswq_attr* full);

// Maps memory of at least qp->size bytes into qp and returns the memfd behind it, huge pages if
// there are free ones.
int MakeMemory(xswq_qp* qp);

// Asks xswd for the queue; memfd becomes its memory. Sets qp's fd and info, and maps the rings
// where that must come before the socket is bound.
int Connect(const char* port, const xswq_attr& attr, int memfd, xswq_qp* qp);

// Maps the socket's rings.
int MapRings(const xswq_attr& attr, xswq_qp* qp);

// Unmaps them and closes the socket, if there is one.
void DropSocket(xswq_qp* qp);

}  // namespace xswq_internal

#endif  // XSW_USERSPACE_XSWQ_QUEUE_PAIR_H_
