// SPDX-License-Identifier: Apache-2.0
// Posting and polling. The rings are those of the AF_XDP socket (Documentation/networking/af_xdp.rst).
#include <linux/if_ether.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "userspace/xswq/queue_pair.h"

#ifndef XDP_PKT_CONTD
#define XDP_PKT_CONTD (1 << 0)
#endif

namespace {

using xswq_internal::Fail;

constexpr uint32_t kMaxPieces = 17;  // MAX_SKB_FRAGS of the kernel's default configuration
// Pieces that the kernel is given before the first of them has completed, which it does once the switch
// has taken it. A veth's receive ring has 256 places (VETH_RING_SIZE), which become free 16 at a time
// (ptr_ring.h), and drops what is beyond: within this window nothing posted is lost before the switch.
constexpr uint32_t kWindow = 256 - 2 * 16;

uint64_t OffsetOf(const xswq_qp* qp, const void* data) {
  return static_cast<uint64_t>(static_cast<const char*>(data) - qp->memory);
}

// A frame being checked, piece by piece.
struct Pending {
  uint64_t length = 0;
  uint32_t pieces = 0;
};

int BadFrame(const xswq_qp* qp, const Pending& frame) {
  if (frame.length < ETH_HLEN)
    return Fail(-EMSGSIZE, "send: a frame of %llu bytes is shorter than its Ethernet header",
                static_cast<unsigned long long>(frame.length));
  return Fail(-EMSGSIZE, "send: a frame of %llu bytes is longer than the MTU %u allows (%u bytes)",
              static_cast<unsigned long long>(frame.length), qp->info.mtu, qp->max_frame);
}

int CheckPiece(const xswq_qp* qp, const xswq_sge& sge, Pending* frame) {
  const uint64_t offset = OffsetOf(qp, sge.data);
  if (offset >= qp->size || sge.length == 0 || sge.length > qp->info.buffer_size ||
      ((offset + sge.length - 1) & qp->mask) != (offset & qp->mask))
    return Fail(-EFAULT, "send: %u bytes at %p are not within one buffer", sge.length, sge.data);
  frame->length += sge.length;
  frame->pieces++;
  if (sge.flags & XSWQ_MORE) {
    if (!qp->info.multi_buffer)
      return Fail(-EINVAL, "send: this kernel has no multi-buffer frames (Linux 6.6)");
    if (frame->pieces == kMaxPieces)
      return Fail(-EINVAL, "send: a frame of more than %u entries", kMaxPieces);
    return 0;
  }
  if (frame->length < ETH_HLEN || frame->length > qp->max_frame) return BadFrame(qp, *frame);
  return 0;
}

int TakeReceives(xswq_qp* qp, xswq_wc* wc, int n) {
  uint32_t index = 0;
  const uint32_t count = xsk_ring_cons__peek(&qp->rx, static_cast<uint32_t>(n), &index);
  for (uint32_t i = 0; i < count; i++) {
    const xdp_desc* desc = xsk_ring_cons__rx_desc(&qp->rx, index + i);
    const bool more = desc->options & XDP_PKT_CONTD;
    wc[i] = {qp->memory + desc->addr, desc->len, XSWQ_RECV,
             static_cast<uint16_t>(more ? XSWQ_MORE : 0)};
    qp->stats.recv_frames += !more;
    qp->stats.recv_bytes += desc->len;
  }
  if (count) xsk_ring_cons__release(&qp->rx, count);
  return static_cast<int>(count);
}

int TakeSends(xswq_qp* qp, xswq_wc* wc, int n) {
  uint32_t index = 0;
  const uint32_t count = xsk_ring_cons__peek(&qp->comp, static_cast<uint32_t>(n), &index);
  for (uint32_t i = 0; i < count; i++)
    wc[i] = {qp->memory + *xsk_ring_cons__comp_addr(&qp->comp, index + i), 0, XSWQ_SEND, 0};
  if (count) xsk_ring_cons__release(&qp->comp, count);
  qp->sends -= count;
  return static_cast<int>(count);
}

bool KernelHasSends(const xswq_qp* qp) {
  return __atomic_load_n(qp->tx.consumer, __ATOMIC_ACQUIRE) != *qp->tx.producer;
}

// Shows the kernel of the posted pieces what the window allows.
void Publish(xswq_qp* qp) {
  const uint32_t published = qp->sends - qp->held;
  const uint32_t more = std::min(qp->held, kWindow - std::min(published, kWindow));
  if (!more) return;
  xsk_ring_prod__submit(&qp->tx, more);
  qp->held -= more;
}

// The kernel sends in copy mode within this call, some 32 descriptors a time (EAGAIN: there are more).
// What it cannot take now poll_cq comes back to.
int Doorbell(xswq_qp* qp) {
  while (KernelHasSends(qp)) {
    const uint32_t before = *qp->tx.consumer;
    qp->stats.doorbells++;
    if (sendto(qp->fd, nullptr, 0, MSG_DONTWAIT, nullptr, 0) >= 0) return 0;
    if (errno == ENETDOWN || errno == ENXIO || errno == ENODEV)
      return Fail(-errno, "send: the port is gone or down: %s", std::strerror(errno));
    if (errno != EAGAIN || *qp->tx.consumer == before) return 0;
  }
  return 0;
}

}  // namespace

void* xswq_buffer(const xswq_qp* qp, uint32_t i) {
  return qp->memory + uint64_t{i} * qp->info.buffer_size;
}

int xswq_post_recv(xswq_qp* qp, void* const* buffers, int n) {
  uint32_t index = 0;
  const uint32_t count =
      std::min(static_cast<uint32_t>(std::max(n, 0)), xsk_prod_nb_free(&qp->fill, n));
  if (count == 0 || !xsk_ring_prod__reserve(&qp->fill, count, &index)) return 0;
  for (uint32_t i = 0; i < count; i++) {
    const uint64_t offset = OffsetOf(qp, buffers[i]);
    if (offset >= qp->size) {
      qp->fill.cached_prod -= count;
      return Fail(-EFAULT, "receive: %p is not in the memory of the queue", buffers[i]);
    }
    *xsk_ring_prod__fill_addr(&qp->fill, index + i) = offset & qp->mask;
  }
  xsk_ring_prod__submit(&qp->fill, count);
  if (xsk_ring_prod__needs_wakeup(&qp->fill))
    recvfrom(qp->fd, nullptr, 0, MSG_DONTWAIT, nullptr, nullptr);
  return static_cast<int>(count);
}

int xswq_post_send(xswq_qp* qp, const xswq_sge* sge, int n) {
  Pending frame;
  const uint32_t room =
      std::min(xsk_prod_nb_free(&qp->tx, n), qp->info.send_depth - qp->sends);
  const uint32_t first = qp->tx.cached_prod;
  uint32_t whole = 0;  // entries of complete frames that have room
  uint64_t bytes = 0, frames = 0;
  for (int i = 0; i < n; i++) {
    if (int error = CheckPiece(qp, sge[i], &frame)) return error;
    const bool more = sge[i].flags & XSWQ_MORE;
    if (static_cast<uint32_t>(i) < room)
      *xsk_ring_prod__tx_desc(&qp->tx, first + i) = {OffsetOf(qp, sge[i].data), sge[i].length,
                                                     more ? __u32{XDP_PKT_CONTD} : 0};
    if (more) continue;
    if (static_cast<uint32_t>(i) < room) {
      whole = i + 1;
      bytes += frame.length;
      frames++;
    }
    frame = {};
  }
  if (frame.pieces) return Fail(-EINVAL, "send: XSWQ_MORE on the last entry");
  if (whole) {
    qp->tx.cached_prod += whole;
    qp->sends += whole;
    qp->held += whole;
    qp->stats.send_frames += frames;
    qp->stats.send_bytes += bytes;
  }
  Publish(qp);
  const int error = Doorbell(qp);
  return error ? error : static_cast<int>(whole);
}

int xswq_poll_cq(xswq_qp* qp, xswq_wc* wc, int n) {
  if (n <= 0) return 0;
  // Neither kind may starve the other.
  int done = TakeReceives(qp, wc, (n + 1) / 2);
  if (qp->sends) {
    if (done < n) done += TakeSends(qp, wc + done, n - done);
    Publish(qp);
    Doorbell(qp);
  }
  if (done < n) done += TakeReceives(qp, wc + done, n - done);
  return done;
}

int xswq_fd(const xswq_qp* qp) { return qp->fd; }

int xswq_wait(xswq_qp* qp, int timeout_ms) {
  constexpr int kLookMs = 1000;
  for (int left = timeout_ms;; left -= kLookMs) {
    pollfd wanted = {.fd = qp->fd, .events = POLLIN, .revents = 0};
    const int slice = left < 0 && timeout_ms < 0 ? kLookMs : std::clamp(left, 0, kLookMs);
    const int ready = poll(&wanted, 1, slice);
    if (ready < 0) return Fail(-errno, "wait: %s", std::strerror(errno));
    if (ready) return 1;
    // The end of a netdev wakes nobody who polls its AF_XDP socket (xsk_poll() in Linux 6.18).
    if (recvfrom(qp->fd, nullptr, 0, MSG_DONTWAIT, nullptr, nullptr) < 0 &&
        (errno == ENXIO || errno == ENETDOWN))
      return Fail(-errno, "wait: the port is gone or down: %s", std::strerror(errno));
    if (timeout_ms >= 0 && left <= kLookMs) return 0;
  }
}

void xswq_query(const xswq_qp* qp, xswq_info* info) { *info = qp->info; }

int xswq_query_stats(const xswq_qp* qp, xswq_stats* stats) {
  xdp_statistics kernel = {};
  socklen_t size = sizeof(kernel);
  if (getsockopt(qp->fd, SOL_XDP, XDP_STATISTICS, &kernel, &size))
    return Fail(-errno, "read the queue's statistics: %s", std::strerror(errno));
  *stats = qp->stats;
  stats->no_recv = kernel.rx_fill_ring_empty_descs;
  stats->recv_full = kernel.rx_ring_full;
  // The kernel counts a frame for which there was no buffer in both.
  stats->too_long = kernel.rx_dropped - std::min<uint64_t>(kernel.rx_dropped, stats->no_recv);
  stats->invalid_recv = kernel.rx_invalid_descs;
  stats->invalid_send = kernel.tx_invalid_descs;
  return 0;
}
