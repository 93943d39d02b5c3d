// SPDX-License-Identifier: GPL-2.0-only
/* Addresses each frame to another port, in another VLAN if it has a tag, as traffic does, before the program under test sees it: a frame
 * that is always the same finds all that it needs in the cache, whatever the number of ports.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

__u32 addresses = 1; /* a power of two: 02:00:01:00:XX:XX, from 0 */
__u32 vlans = 0;     /* a power of two, or 0: frames have no tag. Address N is in VLAN 1 + N % vlans */

/* 0 -> the program under test
 *   writer: scatter.cc
 *   reader: bench_scatter_xdp, bench_scatter_tc; of a type each
 *   miss:   the verdict says so, and the measurement fails
 */
struct bench_next {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} bench_next_xdp SEC(".maps"), bench_next_tc SEC(".maps");

static __always_inline void scatter(__u8 *data, __u8 *end)
{
	__u32 to = bpf_get_prandom_u32() & (addresses - 1);

	if (data + 14 > end)
		return;
	data[0] = 0x02;
	data[1] = 0;
	data[2] = 0x01;
	data[3] = 0;
	data[4] = to >> 8;
	data[5] = to;
	if (!vlans || data + 16 > end)
		return;
	data[15] = 1 + (to & (vlans - 1));
}

SEC("xdp.frags")
int bench_scatter_xdp(struct xdp_md *ctx)
{
	scatter((void *)(long)ctx->data, (void *)(long)ctx->data_end);
	bpf_tail_call(ctx, &bench_next_xdp, 0);
	return XDP_ABORTED;
}

SEC("xdp.frags")
int bench_scattered_xdp(struct xdp_md *ctx)
{
	return XDP_REDIRECT;
}

SEC("tc")
int bench_scatter_tc(struct __sk_buff *skb)
{
	/* The next run gets the same skb, with the origin tag of this one. */
	skb->tc_index = 0;
	scatter((void *)(long)skb->data, (void *)(long)skb->data_end);
	bpf_tail_call(skb, &bench_next_tc, 0);
	return TC_ACT_SHOT;
}

SEC("tc")
int bench_scattered_tc(struct __sk_buff *skb)
{
	return TC_ACT_REDIRECT;
}

char _license[] SEC("license") = "GPL";
