// SPDX-License-Identifier: Apache-2.0
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <new>

#include "userspace/xswq/queue_pair.h"

namespace {

using xswq_internal::Fail;

constexpr uint32_t kDepth = 2048, kMinDepth = 64, kMaxDepth = 32768;
constexpr uint64_t kMaxMemory = 256 << 20;
constexpr uint32_t kMaxHeadroom = 512;
constexpr uint32_t kHeaders =
    14 + 4;  // Ethernet and one VLAN tag: the kernel's own limit above the MTU

bool IsDepth(uint32_t depth) {
  return depth >= kMinDepth && depth <= kMaxDepth && (depth & (depth - 1)) == 0;
}

void DropMemory(xswq_qp* qp) {
  if (qp->memory) munmap(qp->memory, qp->size);
  qp->memory = nullptr;
}

// The kernel frees a queue some milliseconds after its last owner has ended, and a program that
// starts anew must not have to know that. Each try has memory of its own: xswd takes none twice.
int OpenPatiently(const char* port, const xswq_attr& attr, xswq_qp* qp) {
  constexpr timespec kPause = {.tv_sec = 0, .tv_nsec = 20'000'000};
  int error = 0;
  for (int tries = 0; tries < 10; tries++) {
    qp->size = attr.memory;
    const int memfd = xswq_internal::MakeMemory(qp);
    if (memfd < 0) return memfd;
    error = xswq_internal::Connect(port, attr, memfd, qp);
    close(memfd);
    if (error != -EBUSY && error != -EAGAIN) break;
    xswq_internal::DropSocket(qp);
    DropMemory(qp);
    nanosleep(&kPause, nullptr);
  }
  return error;
}

// One ring of the socket. Counters lie where the kernel says, descriptors behind them.
template <typename Ring>
int MapRing(xswq_qp* qp, int which, const xdp_ring_offset& offset, uint64_t page, uint32_t entries,
            size_t entry_size, Ring* ring) {
  const size_t size = offset.desc + entries * entry_size;
  void* at = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, qp->fd,
                  static_cast<off_t>(page));
  if (at == MAP_FAILED) return Fail(-errno, "map a ring of the queue: %s", std::strerror(errno));
  qp->rings[which] = {at, size};
  char* base = static_cast<char*>(at);
  ring->mask = entries - 1;
  ring->size = entries;
  ring->producer = reinterpret_cast<uint32_t*>(base + offset.producer);
  ring->consumer = reinterpret_cast<uint32_t*>(base + offset.consumer);
  ring->flags = reinterpret_cast<uint32_t*>(base + offset.flags);
  ring->ring = base + offset.desc;
  return 0;
}

}  // namespace

int xswq_internal::Complete(const xswq_attr* attr, xswq_attr* full) {
  *full = attr ? *attr : xswq_attr{};
  if (!full->recv_depth) full->recv_depth = kDepth;
  if (!full->send_depth) full->send_depth = kDepth;
  if (!full->buffer_size) full->buffer_size = 2048;
  if (!full->memory)
    full->memory = uint64_t{full->recv_depth + full->send_depth} * full->buffer_size;
  if (!IsDepth(full->recv_depth) || !IsDepth(full->send_depth))
    return Fail(-EINVAL, "recv_depth %u and send_depth %u must be powers of two from %u to %u",
                full->recv_depth, full->send_depth, kMinDepth, kMaxDepth);
  if (full->buffer_size != 2048 && full->buffer_size != 4096)
    return Fail(-EINVAL, "buffer_size %u is neither 2048 nor 4096", full->buffer_size);
  if (full->headroom > kMaxHeadroom)
    return Fail(-EINVAL, "headroom %u is above %u", full->headroom, kMaxHeadroom);
  if (full->memory < 65536 || full->memory > kMaxMemory || full->memory % 4096)
    return Fail(-EINVAL, "memory %llu is not whole pages (4096) from 64 KiB to 256 MiB",
                static_cast<unsigned long long>(full->memory));
  if (full->reserved) return Fail(-EINVAL, "attr.reserved must be 0");
  return 0;
}

int xswq_internal::MapRings(const xswq_attr& attr, xswq_qp* qp) {
  xdp_mmap_offsets offsets;
  socklen_t size = sizeof(offsets);
  if (getsockopt(qp->fd, SOL_XDP, XDP_MMAP_OFFSETS, &offsets, &size))
    return Fail(-errno, "read the queue's ring offsets: %s", std::strerror(errno));
  int error = MapRing(qp, 0, offsets.fr, XDP_UMEM_PGOFF_FILL_RING, attr.recv_depth,
                      sizeof(uint64_t), &qp->fill);
  if (!error)
    error = MapRing(qp, 1, offsets.cr, XDP_UMEM_PGOFF_COMPLETION_RING, attr.send_depth,
                    sizeof(uint64_t), &qp->comp);
  if (!error)
    error =
        MapRing(qp, 2, offsets.rx, XDP_PGOFF_RX_RING, attr.recv_depth, sizeof(xdp_desc), &qp->rx);
  if (!error)
    error =
        MapRing(qp, 3, offsets.tx, XDP_PGOFF_TX_RING, attr.send_depth, sizeof(xdp_desc), &qp->tx);
  // libxdp's helpers keep a producer's view of the consumer one ring ahead.
  qp->fill.cached_cons = qp->fill.size;
  qp->tx.cached_cons = qp->tx.size;
  return error;
}

int xswq_open(const char* port, const xswq_attr* wanted, xswq_qp** result) {
  xswq_attr attr;
  if (int error = xswq_internal::Complete(wanted, &attr)) return error;
  // Not operator new, so that the library needs no C++ runtime.
  void* room = std::malloc(sizeof(xswq_qp));
  if (!room) return Fail(-ENOMEM, "open %s: out of memory", port);
  xswq_qp* qp = new (room) xswq_qp;
  int error = OpenPatiently(port, attr, qp);
  if (!error && !qp->rings[0].at) error = xswq_internal::MapRings(attr, qp);
  if (error) {
    xswq_close(qp);
    return error;
  }
  qp->mask = ~(uint64_t{attr.buffer_size} - 1);
  qp->max_frame = qp->info.mtu + kHeaders;
  qp->info.buffer_size = attr.buffer_size;
  qp->info.buffers = static_cast<uint32_t>(qp->size / attr.buffer_size);
  qp->info.recv_depth = attr.recv_depth;
  qp->info.send_depth = attr.send_depth;
  *result = qp;
  return 0;
}

void xswq_internal::DropSocket(xswq_qp* qp) {
  for (xswq_qp::Mapping& ring : qp->rings) {
    if (ring.at) munmap(ring.at, ring.size);
    ring = {};
  }
  if (qp->fd >= 0) close(qp->fd);
  qp->fd = -1;
}

void xswq_close(xswq_qp* qp) {
  if (!qp) return;
  xswq_internal::DropSocket(qp);
  DropMemory(qp);
  std::free(qp);
}
