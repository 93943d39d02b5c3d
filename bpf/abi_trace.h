/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the programs of `xsw explain` and userspace both see, beside abi.h. Never pinned. */
#ifndef XSW_BPF_ABI_TRACE_H
#define XSW_BPF_ABI_TRACE_H

#include "abi.h"

/* What `xsw explain` gets to know, one step after the other. */
enum xsw_step {
	XSW_STEP_ADMIT = 0, /* the port may send it */
	XSW_STEP_HIT,	    /* the FDB has the destination; port: XSW_UPLINK is the host */
	XSW_STEP_MISS,	    /* it has not */
	XSW_STEP_PERMIT,    /* the bridge has permitted it to go there; port: XSW_UPLINK is the wire */
	XSW_STEP_TO_PORT,   /* sent there; detail: 1 with the tag of its VLAN */
	XSW_STEP_TO_WIRE,
	XSW_STEP_TO_HOST,   /* up, as if received on the uplink */
	XSW_STEP_TO_STACK,  /* stays with the netdev that it came on: the port's representor, the uplink */
	XSW_STEP_DROP,	    /* detail: enum xsw_drop; port: who is charged */
	XSW_STEP_COUNT,
};
struct xsw_trace_step {
	__u8 step;   /* enum xsw_step */
	__u8 detail;
	__u16 vlan;
	__u32 port;
};
struct xsw_trace {
	__u32 count;
	__u32 pad;
	struct xsw_trace_step steps[XSW_MAX_PORTS + 16];
};
static_assert(sizeof(struct xsw_trace) == 8 + 8 * (XSW_MAX_PORTS + 16), "xsw_trace has no holes");

#endif
