/* SPDX-License-Identifier: Apache-2.0 */
/* libxswq: raw Ethernet over one queue of an xsw port of class queues, without privileges.
 *
 * The words are those of RDMA's raw packet queue pair. A queue pair has memory, cut into buffers of one
 * size. A buffer belongs to the application until it posts it, and again once a completion names it:
 *
 *   struct xswq_qp *qp;
 *   struct xswq_wc wc[64];
 *   if (xswq_open("eth0/3", NULL, &qp))
 *           errx(1, "%s", xswq_error());
 *   for (uint32_t i = 0; i < 1024; i++)
 *           xswq_post_recv(qp, (void *[]){xswq_buffer(qp, i)}, 1);
 *   while ((n = xswq_poll_cq(qp, wc, 64)) >= 0)
 *           ...
 *
 * docs/xswq-echo.c is a whole program. What a queue receives is the eswitch's decision: there is no call
 * for it here. With several queues a frame comes to the one that its sender's queue or CPU maps to: serve
 * them all.
 *
 * Threads: one queue pair, one thread at a time. No call after xswq_open() allocates or locks; post_recv
 * and poll_cq without work to hand to the kernel make no system call.
 *
 * Errors: a negative errno; xswq_error() then says in words what failed and what to do about it.
 * Units: lengths and sizes are in bytes; a frame starts with its Ethernet header, VLAN tags in their
 * place, and has no FCS. Frames that come in have finished checksums; so must those that go out.
 */
#ifndef XSWQ_H
#define XSWQ_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define XSWQ_API __attribute__((visibility("default")))

struct xswq_qp; /* a queue pair */

/* What to open; 0 in a field is its default. */
struct xswq_attr {
	uint32_t queue;	      /* of the port, from 0 */
	uint32_t recv_depth;  /* receives in flight: a power of two, 64 to 32768; default 2048 */
	uint32_t send_depth;  /* sends in flight: the same */
	uint32_t buffer_size; /* 2048 (default: any frame up to an MTU of 1500 is one buffer) or 4096 */
	uint32_t headroom;    /* free bytes wanted before each received frame, up to 512; 256 are always there */
	uint32_t reserved;    /* 0 */
	uint64_t memory;      /* whole buffers, up to 256 MiB; default (recv_depth + send_depth) buffers */
};

struct xswq_info {
	uint32_t ifindex; /* of the function, in its own network namespace */
	uint32_t queue;
	uint32_t mtu; /* of the function when it was opened: a frame has up to mtu + 18 bytes (one tag) */
	uint32_t buffer_size;
	uint32_t buffers;
	uint32_t recv_depth;
	uint32_t send_depth;
	uint32_t multi_buffer; /* 1: frames longer than a buffer come and go as several (Linux 6.6) */
	uint32_t huge_pages;   /* 1: the memory is in huge pages */
	uint8_t hw_addr[6];    /* the function's when it was opened: what it may send from */
	uint8_t reserved[2];
};

/* Flags of a piece of a frame. */
#define XSWQ_MORE 0x1u /* the frame goes on in the next entry */

/* A piece of a frame to send: it must lie within one buffer. */
struct xswq_sge {
	void *data;
	uint32_t length;
	uint32_t flags;
};

enum xswq_opcode {
	XSWQ_RECV = 0,
	XSWQ_SEND,
};

/* A completion: the buffer that data points into is the application's again. */
struct xswq_wc {
	void *data;	 /* XSWQ_RECV: the frame's first byte; XSWQ_SEND: as it was posted */
	uint32_t length; /* XSWQ_RECV: bytes of this piece; XSWQ_SEND: 0 */
	uint16_t opcode; /* enum xswq_opcode */
	uint16_t flags;	 /* XSWQ_RECV: XSWQ_MORE: the next XSWQ_RECV is of the same frame */
};

/* Frames and bytes are this queue pair's own count, the rest the kernel's, since it was opened. */
struct xswq_stats {
	uint64_t recv_frames;
	uint64_t recv_bytes;
	uint64_t send_frames; /* posted; see drops of the port for what the eswitch refused */
	uint64_t send_bytes;
	uint64_t doorbells;   /* system calls made to send */
	uint64_t no_recv;     /* frames lost: no buffer was posted (the fill ring ran dry) */
	uint64_t recv_full;   /* frames lost: poll_cq was not called in time */
	uint64_t too_long;    /* frames lost: longer than a buffer without multi_buffer, and other reasons */
	uint64_t invalid_recv; /* posted buffers that the kernel refused */
	uint64_t invalid_send;
};

/* Opens a queue of a port for this process through xswd. port is "UPLINK/INDEX", or the path of the
 * port's socket (starts with '/'). attr may be NULL. On success *qp is to be given to xswq_close().
 *
 * -ENOENT        xswd does not run, or the port is none of class queues
 * -ECONNREFUSED  xswd has ended
 * -EACCES        the caller is not the port's owner, nor of its group
 * -EBUSY         the queue is taken, for 200 ms now; -EAGAIN: too many connections of this user
 * -ENETDOWN      the port is inactive
 * -ENOMEM        more memory than the queue's share of the port's memory_max
 * -ERANGE        the port has no such queue
 * -EINVAL        sizes: xswq_error() says which
 * -ETIMEDOUT     no answer from xswd within 5 s
 */
XSWQ_API int xswq_open(const char *port, const struct xswq_attr *attr, struct xswq_qp **qp);

/* Frees the queue for the next one, and the memory: all pointers into it are dead. NULL is allowed. */
XSWQ_API void xswq_close(struct xswq_qp *qp);

XSWQ_API void xswq_query(const struct xswq_qp *qp, struct xswq_info *info);

/* Buffer i of 0 to info.buffers - 1: info.buffer_size bytes. */
XSWQ_API void *xswq_buffer(const struct xswq_qp *qp, uint32_t i);

/* Gives buffers to be received into; any pointer into a buffer names it. Returns how many were taken,
 * fewer than n when recv_depth is reached. -EFAULT: one is outside of the memory; none was taken. */
XSWQ_API int xswq_post_recv(struct xswq_qp *qp, void *const *buffers, int n);

/* Sends frames and rings the doorbell. Returns how many entries were taken, whole frames only; fewer
 * than n when send_depth is reached: poll_cq and post the rest again. On an error none was taken:
 * -EFAULT    an entry is not within one buffer
 * -EMSGSIZE  a frame is shorter than 14 bytes or longer than the MTU allows
 * -EINVAL    XSWQ_MORE on the last entry, more than 17 entries a frame, or without multi_buffer
 * -ENETDOWN, -ENXIO  the port is gone or down: close the queue pair */
XSWQ_API int xswq_post_send(struct xswq_qp *qp, const struct xswq_sge *sge, int n);

/* Takes up to n completions, receives and sends mixed, each kind in order. 0: none now. Also finishes
 * sends that the kernel could not take at once, so call it until all have completed. */
XSWQ_API int xswq_poll_cq(struct xswq_qp *qp, struct xswq_wc *wc, int n);

/* For epoll: readable when a receive has completed. Send completions do not make it readable, nor does the
 * end of the port, for which Linux has no event: ask xswq_wait(qp, 0) now and then. The caller must not
 * close it. */
XSWQ_API int xswq_fd(const struct xswq_qp *qp);

/* Sleeps until a receive has completed: 1; 0 after timeout_ms (-1: none); -ENXIO: the port is gone;
 * -ENETDOWN: it is down; -EINTR: a signal came. The end of the port is noticed within a second. */
XSWQ_API int xswq_wait(struct xswq_qp *qp, int timeout_ms);

XSWQ_API int xswq_query_stats(const struct xswq_qp *qp, struct xswq_stats *stats);

/* The calling thread's last error, in words. Valid until its next failing call. */
XSWQ_API const char *xswq_error(void);
/* Of an error that a call here returned: xswq_error() if it was the last one, else what errno says. */
XSWQ_API const char *xswq_strerror(int error);

#ifdef __cplusplus
}
#endif

#endif /* XSWQ_H */
