/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the programs of `xsw capture` and userspace both see, beside abi.h. It lives as long as the capture. */
#ifndef XSW_BPF_ABI_CAPTURE_H
#define XSW_BPF_ABI_CAPTURE_H

#include "abi.h"

/* Ends of a frame's way that are no ports. Port 0, the uplink, is the wire here. */
#define XSW_END_HOST	      0xfffeu /* the host's stack behind the uplink, or its bridge there */
#define XSW_END_REPRESENTOR 0xffffu /* the same on the port's representor */

/* A frame has a record where it comes in, and one wherever it goes or is dropped. */
enum xsw_capture_kind {
	XSW_CAPTURE_IN = 0,
	XSW_CAPTURE_OUT,
	XSW_CAPTURE_DROP,
	XSW_CAPTURE_KINDS,
};

/* Ends of a record by which ports are chosen. */
#define XSW_CAPTURE_FROM 0x1
#define XSW_CAPTURE_TO	 0x2

#define XSW_CAPTURE_ANY_VLAN 0xffff
/* The most bytes of one frame: a perf event has 65,535 with all that is around them. */
#define XSW_CAPTURE_MAX_BYTES 65000u

/* Value of xsw_capture: until when the programs emit records, and which. */
struct xsw_capture {
	__u64 until;	 /* ns of CLOCK_MONOTONIC: who is killed renews it no more */
	__u32 snaplen;	 /* bytes of a frame, XSW_CAPTURE_MAX_BYTES at most */
	__u8 kinds;	 /* a bit for each enum xsw_capture_kind */
	__u8 reason;	 /* of drops: this alone, unless XSW_DROP_NONE */
	__u16 vlan;	 /* frames of this VLAN alone, 0 being that of no tag, unless XSW_CAPTURE_ANY_VLAN */
	__u8 mac[6];	 /* frames from or to this address alone */
	__u8 any_mac;	 /* 1: but for it */
	__u8 ends;	 /* XSW_CAPTURE_FROM, XSW_CAPTURE_TO: which ends have to be chosen ports; 0: any */
	__u64 ports[XSW_MAX_PORTS / 64 + 1]; /* those, a bit each; the host is chosen with the uplink */
};
static_assert(sizeof(struct xsw_capture) == 24 + 8 * (XSW_MAX_PORTS / 64 + 1), "xsw_capture has no holes");

/* Value of xsw_captured, per CPU: the frame that it has at hand, and how many records it has made. */
struct xsw_captured {
	__u64 id;	/* of the frame: what all its records share */
	__u32 from;	/* where it came in */
	__u16 vlan;	/* that it is in */
	__u8 wanted;	/* 1: by its addresses */
	__u8 silent;	/* 1: the capture is not alive */
	__u64 records;	/* handed over */
	__u64 lost;	/* for which there was no room, or nobody */
};
static_assert(sizeof(struct xsw_captured) == 32, "xsw_captured has no holes");

/* What comes before a frame's bytes. */
struct xsw_capture_record {
	__u64 time;	/* ns of CLOCK_MONOTONIC */
	__u64 id;	/* of the frame */
	__u32 len;	/* of the frame in the data */
	__u32 bytes;	/* of it that follow */
	__u32 from;	/* a port, or XSW_END_HOST, XSW_END_REPRESENTOR */
	__u32 to;	/* the same; of a drop: who is charged; of XSW_CAPTURE_IN: none */
	__u32 queue;	/* that it was received on, + 1; 0: unknown */
	__u16 vlan;	/* that it is in, with XSW_VLAN_AD */
	__u8 kind;	/* enum xsw_capture_kind */
	__u8 reason;	/* enum xsw_drop */
	__u16 tag_tci;	/* a tag that is not in the data; tag_proto 0: there is none */
	__u16 tag_proto;
	__u8 is_xdp;	/* 1: an XDP program's, 0: a tc program's */
	__u8 pad[3];
};
static_assert(sizeof(struct xsw_capture_record) == 48, "xsw_capture_record has no holes");

#endif
