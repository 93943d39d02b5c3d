/* SPDX-License-Identifier: GPL-2.0-only */
/* What becomes of a frame, said to who listens: to nobody in the build that switches, to `xsw explain` in one
 * that does nothing else, to `xsw capture` in another (capture.h).
 */
#ifndef XSW_BPF_TRACE_H
#define XSW_BPF_TRACE_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "abi_capture.h"
#include "abi_trace.h"
#include "build.h"
#include "hook.h"

/* trace(ctx, step, port, detail, vlan): a step of the frame that the program runs on.
 * trace_in(ctx, from): it has come in there.
 * trace_again(ctx, from): it is on its way there, and nothing has been said of it yet on this hook.
 * trace_pass(ctx, to): it goes on to where it was going, for no program looks at such frames.
 */
#define trace(ctx, ...) by_hook(ctx, trace)(ctx, __VA_ARGS__)
#define trace_in(ctx, from) by_hook(ctx, trace_in)(ctx, from)

#if XSW_CAPTURING
#include "capture.h"
#else

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

static __always_inline void trace_step(enum xsw_step step, __u32 port, __u8 detail, __u16 vlan)
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
static __always_inline void trace_step(enum xsw_step step, __u32 port, __u8 detail, __u16 vlan)
{
}
#endif

static __always_inline void trace_skb(struct __sk_buff *skb, enum xsw_step step, __u32 port,
				      __u8 detail, __u16 vlan)
{
	trace_step(step, port, detail, vlan);
}

static __always_inline void trace_xdp(struct xdp_md *ctx, enum xsw_step step, __u32 port,
				      __u8 detail, __u16 vlan)
{
	trace_step(step, port, detail, vlan);
}

static __always_inline void trace_in_skb(struct __sk_buff *skb, __u32 from)
{
}

static __always_inline void trace_in_xdp(struct xdp_md *ctx, __u32 from)
{
}

static __always_inline void trace_again(struct xdp_md *ctx, __u32 from)
{
}

static __always_inline void trace_pass(struct __sk_buff *skb, __u32 to)
{
}
#endif

#endif
