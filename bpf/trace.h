/* SPDX-License-Identifier: GPL-2.0-only */
/* `xsw explain`: an instance of the programs that writes down what it would do, and does nothing.
 */
#ifndef XSW_BPF_TRACE_H
#define XSW_BPF_TRACE_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "abi_trace.h"
#include "build.h"

#if XSW_EXPLAINING
/* 0 -> the steps of the last frame
 *   writer: trace(); switchdev_model/show/explain.cc empties it
 *   reader: switchdev_model/show/explain.cc
 *   miss:   never, an array of one
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct xsw_trace);
} xsw_trace SEC(".maps");

static __always_inline void trace(enum xsw_step step, __u32 port, __u8 detail, __u16 vlan)
{
	struct xsw_trace *t;
	__u32 zero = 0, at;

	t = bpf_map_lookup_elem(&xsw_trace, &zero);
	if (!t)
		return;
	at = t->count;
	if (at >= XSW_MAX_PORTS + 16)
		return;
	t->steps[at] = (struct xsw_trace_step){step, detail, vlan, port};
	t->count = at + 1;
}
#else
static __always_inline void trace(enum xsw_step step, __u32 port, __u8 detail, __u16 vlan)
{
}
#endif

#endif
