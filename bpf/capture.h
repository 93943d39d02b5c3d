/* SPDX-License-Identifier: GPL-2.0-only */
/* `xsw capture`: the programs that switch, and hand each frame over where it comes in and wherever it goes.
 * Included by trace.h alone.
 */
#ifndef XSW_BPF_CAPTURE_H
#define XSW_BPF_CAPTURE_H

#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "abi_capture.h"
#include "abi_trace.h"
#include "frame.h"
#include "port.h"

/* 0 -> what is captured, and until when
 *   writer: userspace/capture_programs.cc
 *   reader: all below
 *   miss:   never, an array of one
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct xsw_capture);
} xsw_capture SEC(".maps");

/* 0 -> the frame at hand and counts of this CPU. Nothing interrupts a program for another of ours but a copy
 * that it sends, which has the origin tag.
 *   writer: all below
 *   reader: all below; userspace/capture_programs.cc
 *   miss:   never, an array of one
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct xsw_captured);
} xsw_captured SEC(".maps");

/* CPU -> the ring that records go into
 *   writer: userspace/capture_programs.cc
 *   reader: bpf_perf_event_output()
 *   miss:   a CPU that has come since: the record is lost, and counted
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
} xsw_records SEC(".maps");

static __always_inline const struct xsw_capture *capture_get(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&xsw_capture, &zero);
}

static __always_inline struct xsw_captured *captured_get(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&xsw_captured, &zero);
}

static __always_inline bool capture_chosen(const struct xsw_capture *c, __u32 end)
{
	__u32 port = end == XSW_END_HOST ? XSW_UPLINK : end;

	return port <= XSW_MAX_PORTS && c->ports[port / 64] >> (port % 64) & 1;
}

/* By direction, reason, VLAN and ports. */
static __always_inline bool capture_wants(const struct xsw_capture *c,
					  const struct xsw_capture_record *r)
{
	if (!(c->kinds >> r->kind & 1))
		return false;
	if (r->kind == XSW_CAPTURE_DROP && c->reason != XSW_DROP_NONE && c->reason != r->reason)
		return false;
	if (c->vlan != XSW_CAPTURE_ANY_VLAN && c->vlan != r->vlan)
		return false;
	return !c->ends || ((c->ends & XSW_CAPTURE_FROM) && capture_chosen(c, r->from)) ||
	       (r->kind != XSW_CAPTURE_IN && (c->ends & XSW_CAPTURE_TO) && capture_chosen(c, r->to));
}

/* Of the frame at hand, in the VLAN that it has come in: then kind, ends and what the hook knows are the
 * caller's to say.
 */
static __always_inline struct xsw_capture_record capture_record(const struct xsw_captured *frame)
{
	return (struct xsw_capture_record){
		.time = bpf_ktime_get_ns(),
		.id = frame->id,
		.from = frame->from,
		.to = frame->from,
		.vlan = frame->vlan,
	};
}

/* Hands the frame over as it is now; what is not told in time, or finds no room, is lost. */
static __always_inline void capture_emit(void *ctx, bool is_xdp, const struct xsw_capture *c,
					 struct xsw_captured *frame, struct xsw_capture_record *r)
{
	struct __sk_buff *skb = ctx;
	__u64 flags;

	r->is_xdp = is_xdp;
	r->len = is_xdp ? bpf_xdp_get_buff_len(ctx) : skb->len;
	r->bytes = r->len < c->snaplen ? r->len : c->snaplen;
	if (!is_xdp && skb->vlan_present) {
		r->tag_tci = skb->vlan_tci;
		r->tag_proto = bpf_ntohs(skb->vlan_proto);
	}
	flags = (__u64)r->bytes << 32 | BPF_F_CURRENT_CPU;
	if (frame->silent || bpf_perf_event_output(ctx, &xsw_records, flags, r, sizeof(*r)))
		frame->lost++;
	else
		frame->records++;
}

/* A new frame on this CPU. One that cannot be read has no addresses, and is in no VLAN. */
static __always_inline void capture_start(void *ctx, bool is_xdp, const struct xsw_capture *c,
					  struct xsw_captured *frame, __u32 from)
{
	const struct xsw_port *p = port_get(from);
	struct frame f = {};

	if (!(is_xdp ? frame_from_xdp(&f, ctx) : frame_parse_skb(&f, ctx)))
		f = (struct frame){};
	frame->id += 1ull << 16;
	frame->id = (frame->id & ~0xffffull) | (bpf_get_smp_processor_id() & 0xffff);
	frame->from = from;
	frame->vlan = f.dst.vlan;
	if (!frame->vlan && from != XSW_UPLINK && p && p->pvid <= XSW_VLAN_MASK)
		frame->vlan = p->pvid;
	frame->wanted = c->any_mac || mac_equal(f.dst.mac, c->mac) || mac_equal(f.src.mac, c->mac);
	frame->silent = bpf_ktime_get_coarse_ns() >= *(const volatile __u64 *)&c->until;
}

static __always_inline void capture_in(void *ctx, bool is_xdp, __u32 from, __u32 queue)
{
	const struct xsw_capture *c = capture_get();
	struct xsw_captured *frame = captured_get();
	struct xsw_capture_record r;

	if (!c || !frame)
		return;
	capture_start(ctx, is_xdp, c, frame, from);
	if (!frame->wanted)
		return;
	r = capture_record(frame);
	r.queue = queue;
	if (capture_wants(c, &r))
		capture_emit(ctx, is_xdp, c, frame, &r);
}

/* Functions that the verifier looks at once, not at each place that says something of a frame. */
__global_func int trace_in_skb(struct __sk_buff *skb, __u32 from)
{
	capture_in(skb, false, from, from <= XSW_MAX_PORTS ? skb->queue_mapping : 0);
	return 0;
}

__global_func int trace_in_xdp(struct xdp_md *ctx, __u32 from)
{
	capture_in(ctx, true, from, ctx->rx_queue_index + 1);
	return 0;
}

__global_func int trace_again(struct xdp_md *ctx, __u32 from)
{
	const struct xsw_capture *c = capture_get();
	struct xsw_captured *frame = captured_get();

	if (c && frame)
		capture_start(ctx, true, c, frame, from);
	return 0;
}

/* Where a step takes a frame; false: nowhere yet. */
static __always_inline bool capture_step(struct xsw_capture_record *r, enum xsw_step step, __u32 port,
					 __u8 detail, __u16 vlan)
{
	r->kind = step == XSW_STEP_DROP ? XSW_CAPTURE_DROP : XSW_CAPTURE_OUT;
	r->to = port;
	switch (step) {
	case XSW_STEP_DROP:
		r->reason = detail;
		return true;
	case XSW_STEP_TO_HOST:
		r->to = XSW_END_HOST;
		break;
	case XSW_STEP_TO_STACK:
		r->to = port == XSW_UPLINK ? XSW_END_HOST : XSW_END_REPRESENTOR;
		break;
	case XSW_STEP_TO_PORT:
	case XSW_STEP_TO_WIRE:
		break;
	default:
		return false;
	}
	if (vlan)
		r->vlan = vlan;
	return true;
}

static __always_inline void capture_to(void *ctx, bool is_xdp, __u32 step, __u32 port, __u32 detail,
				       __u32 vlan)
{
	const struct xsw_capture *c = capture_get();
	struct xsw_captured *frame = captured_get();
	struct xsw_capture_record r;

	if (!c || !frame || !frame->wanted)
		return;
	r = capture_record(frame);
	if (capture_step(&r, step, port, detail, vlan) && capture_wants(c, &r))
		capture_emit(ctx, is_xdp, c, frame, &r);
}

__global_func int trace_to_skb(struct __sk_buff *skb, __u32 step, __u32 port, __u32 detail, __u32 vlan)
{
	capture_to(skb, false, step, port, detail, vlan);
	return 0;
}

__global_func int trace_to_xdp(struct xdp_md *ctx, __u32 step, __u32 port, __u32 detail, __u32 vlan)
{
	capture_to(ctx, true, step, port, detail, vlan);
	return 0;
}

/* Steps that take a frame nowhere cost nothing. */
static __always_inline void trace_skb(struct __sk_buff *skb, enum xsw_step step, __u32 port,
				      __u8 detail, __u16 vlan)
{
	if (step >= XSW_STEP_TO_PORT)
		trace_to_skb(skb, step, port, detail, vlan);
}

static __always_inline void trace_xdp(struct xdp_md *ctx, enum xsw_step step, __u32 port,
				      __u8 detail, __u16 vlan)
{
	if (step >= XSW_STEP_TO_PORT)
		trace_to_xdp(ctx, step, port, detail, vlan);
}

static __always_inline void trace_pass(struct __sk_buff *skb, __u32 to)
{
	if (to == XSW_END_HOST)
		trace_to_skb(skb, XSW_STEP_TO_STACK, XSW_UPLINK, 0, 0);
	else
		trace_to_skb(skb, to == XSW_UPLINK ? XSW_STEP_TO_WIRE : XSW_STEP_TO_PORT, to, 0, 0);
}

#endif
