/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is remembered of an eswitch's health: a part of abi.h, which includes it. Read by userspace only. */
#ifndef XSW_BPF_ABI_HEALTH_H
#define XSW_BPF_ABI_HEALTH_H

#include <linux/types.h>

#ifndef __cplusplus
#define static_assert _Static_assert
#endif

enum xsw_reporter {
	XSW_REPORTER_PROGRAMS = 0, /* programs that are missing, or another version's */
	XSW_REPORTER_TABLES,	   /* tables that are full */
	XSW_REPORTER_LOST_FRAMES,  /* frames that the kernel lost behind our redirect */
	XSW_REPORTER_MENDING,	   /* what else the next writing command mends */
	XSW_REPORTER_COUNT,
};

/* Key of xsw_health. port XSW_UPLINK stands for the eswitch; other ports have an entry of lost_frames alone. */
struct xsw_health_key {
	__u32 reporter; /* enum xsw_reporter */
	__u32 port;
};
static_assert(sizeof(struct xsw_health_key) == 8, "xsw_health_key has no holes");

struct xsw_health {
	__u64 mended;  /* of the eswitch: how much in all; of a port: lost frames that are no news */
	__u64 at_s;    /* when last; CLOCK_REALTIME */
	__u32 ifindex; /* of a port: the representor whose losses they were. Another's begin at 0 */
	__u32 pad;
};
static_assert(sizeof(struct xsw_health) == 24, "xsw_health has no holes");

#endif
