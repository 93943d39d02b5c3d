/* SPDX-License-Identifier: GPL-2.0-only */
/* Rate limits of ports: a token bucket each way.
 *
 * The rate is in L2 bytes as they would be on a wire without FCS: a GSO skb counts the headers that
 * each of its segments will have.
 */
#ifndef XSW_BPF_RATE_H
#define XSW_BPF_RATE_H

#include <stdbool.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "abi.h"
#include "frame.h"
#include "trace.h"

/* port -> its buckets
 *   writer: switchdev_model/policy/rate.cc sets a bucket, rate_take() takes from it
 *   reader: rate_take()
 *   miss:   never for a port index
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, XSW_MAX_PORTS + 1);
	__type(key, __u32);
	__type(value, struct xsw_rate);
} xsw_rate SEC(".maps");

#define RATE_COARSE 100000000 /* ns, ten ticks of the slowest clock, HZ=100 */

/* L4's offset and protocol, 0 if it is not IP. */
static __always_inline __u32 rate_l4(struct __sk_buff *skb, __u32 l3, __u8 *proto)
{
	__u8 first;

	if (skb->protocol == bpf_htons(ETH_P_IPV6))
		return bpf_skb_load_bytes(skb, l3 + 6, proto, 1) ? 0 : l3 + 40;
	if (skb->protocol != bpf_htons(ETH_P_IP) || bpf_skb_load_bytes(skb, l3, &first, 1) ||
	    bpf_skb_load_bytes(skb, l3 + 9, proto, 1))
		return 0;
	return l3 + (first & 15) * 4;
}

/* What each segment of a GSO skb repeats: its headers, a tag included. */
static __always_inline __u32 rate_headers(struct __sk_buff *skb, const struct frame *f)
{
	__u32 outside = skb->vlan_present ? sizeof(struct vlan_header) : 0;
	__u32 l3 = sizeof(struct ethhdr) + f->tags * sizeof(struct vlan_header) - outside;
	__u8 proto = 0, offset;
	__u32 l4 = rate_l4(skb, l3, &proto);

	if (proto == IPPROTO_UDP)
		return l4 + 8 + outside;
	if (proto != IPPROTO_TCP || bpf_skb_load_bytes(skb, l4 + 12, &offset, 1))
		return l3 + outside;
	return l4 + (offset >> 4) * 4 + outside;
}

/* Segments are counted by what they carry: of a frame that a tap or a packet socket's user has
 * made, gso_segs is 0.
 */
__global_func __u32 rate_gso_bytes(struct __sk_buff *skb, const struct frame *f)
{
	__u32 headers = f ? rate_headers(skb, f) : 0;

	if (!f || f->len <= headers || !skb->gso_size)
		return f ? f->len : 0;
	return f->len + (f->len - headers - 1) / skb->gso_size * headers;
}

static __always_inline __u32 rate_bytes(struct __sk_buff *skb, const struct frame *f)
{
	return skb->gso_size ? rate_gso_bytes(skb, f) : f->len;
}

/* CLOCK_MONOTONIC. For a bucket that holds much more than passes between two ticks of the clock the
 * time of the last one will do: what it is late comes back with the next, and it costs a fifth.
 */
static __always_inline __u64 rate_now(const struct xsw_bucket *b)
{
	return b->depth >= RATE_COARSE ? bpf_ktime_get_coarse_ns() : bpf_ktime_get_ns();
}

/* A frame passes while the bucket is not overdrawn, whatever its size: a burst smaller than a GSO
 * skb slows TCP down but never stops it. Who loses the race for the bucket four times passes
 * uncharged.
 */
static __always_inline bool rate_take(struct xsw_bucket *b, __u32 bytes)
{
	__u64 now = rate_now(b), seen = b->full_at, start, was;

	for (int i = 0; i < 4; i++) {
		start = seen > now ? seen : now;
		if (start - now > b->depth)
			return false;
		if (explaining)
			return true;
		was = __sync_val_compare_and_swap(&b->full_at, seen,
						  start + (bytes * b->cost >> XSW_RATE_SHIFT));
		if (was == seen)
			return true;
		seen = was;
	}
	return true;
}

/* From the function. */
static __always_inline bool rate_tx(__u32 port, __u32 bytes)
{
	struct xsw_rate *r = bpf_map_lookup_elem(&xsw_rate, &port);

	return !r || rate_take(&r->tx, bytes);
}

/* To the function. */
static __always_inline bool rate_rx(__u32 port, __u32 bytes)
{
	struct xsw_rate *r = bpf_map_lookup_elem(&xsw_rate, &port);

	return !r || rate_take(&r->rx, bytes);
}

#endif
