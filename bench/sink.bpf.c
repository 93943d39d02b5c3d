// SPDX-License-Identifier: GPL-2.0-only
/* The sink: the end of a frame's way on the netdev that it was sent to. */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

__u32 drops; /* 0: to the stack instead */

SEC("tc")
int bench_sink(struct __sk_buff *skb)
{
	return drops ? TC_ACT_SHOT : TC_ACT_UNSPEC;
}

char _license[] SEC("license") = "GPL";
