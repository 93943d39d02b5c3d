/* SPDX-License-Identifier: GPL-2.0-only */
/* Counters, and the only function that returns a drop verdict. */
#ifndef XSW_BPF_STATS_H
#define XSW_BPF_STATS_H

#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

#include "abi.h"
#include "frame.h"
#include "hook.h"
#include "trace.h"

/* port -> counters of this CPU
 *   writer: every program; switchdev_model/ports/port.cc zeroes an index when it becomes a port
 *   reader: switchdev_model/show/stats.cc
 *   miss:   never for a port index
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, XSW_MAX_PORTS + 1);
	__type(key, __u32);
	__type(value, struct xsw_stats);
} xsw_stats SEC(".maps");

/* NULL, and nothing is counted, while explaining. */
static __always_inline struct xsw_stats *stats_get(__u32 port)
{
	return explaining ? NULL : bpf_map_lookup_elem(&xsw_stats, &port);
}

static __always_inline void count_add(struct xsw_count *c, __u32 len)
{
	c->frames++;
	c->bytes += len;
}

/* Returns the counters of the sender, which a miss and a frame that rises need once more. */
static __always_inline struct xsw_stats *count_rx(__u32 port, const struct frame *f)
{
	struct xsw_stats *s = stats_get(port);

	if (s && f->cast < XSW_CAST_COUNT)
		count_add(&s->rx[f->cast], f->len);
	return s;
}

static __always_inline void count_miss(struct xsw_stats *sender)
{
	if (sender)
		sender->misses++;
}

static __always_inline void count_tx(__u32 port, const struct frame *f)
{
	struct xsw_stats *s = stats_get(port);

	if (s && f->cast < XSW_CAST_COUNT)
		count_add(&s->tx[f->cast], f->len);
}

static __always_inline void count_slow_rx(struct xsw_stats *sender, __u32 len)
{
	if (sender)
		count_add(&sender->slow_rx, len);
}

static __always_inline void count_slow_tx(__u32 port, __u32 len)
{
	struct xsw_stats *s = stats_get(port);

	if (s)
		count_add(&s->slow_tx, len);
}

static __always_inline void count_drop(__u32 port, enum xsw_drop why)
{
	struct xsw_stats *s = stats_get(port);

	if (s && why < XSW_DROP_COUNT)
		s->drops[why]++;
}

/* A copy that is not sent. */
static __always_inline void drop_copy(struct __sk_buff *skb, __u32 port, enum xsw_drop why)
{
	trace(skb, XSW_STEP_DROP, port, why, 0);
	count_drop(port, why);
}

static __always_inline int drop_skb(struct __sk_buff *skb, __u32 port, enum xsw_drop why)
{
	drop_copy(skb, port, why);
	return TC_ACT_SHOT;
}

static __always_inline int drop_xdp(struct xdp_md *ctx, __u32 port, enum xsw_drop why)
{
	trace(ctx, XSW_STEP_DROP, port, why, 0);
	count_drop(port, why);
	return XDP_DROP;
}

/* Nothing vanishes: charge the drop to a port, with its reason. */
#define drop(ctx, port, why) by_hook(ctx, drop)(ctx, port, why)

#endif
