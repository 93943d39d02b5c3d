// SPDX-License-Identifier: GPL-2.0-only
/* The least that a program on the uplink can do: what bounds every switch built of the same parts. */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

__u32 to_ifindex; /* representor of the one port, or the uplink */

/* 0 -> representor of the one port
 *   writer: limits.cc
 *   reader: bench_devmap
 *   miss:   XDP_ABORTED, and the self-check fails
 */
struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} bench_dev SEC(".maps");

/* any key -> representor, of all ports
 *   writer: limits.cc
 *   reader: bench_broadcast
 *   miss:   the self-check fails
 */
struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u32);
} bench_all SEC(".maps");

SEC("xdp")
int bench_drop(struct xdp_md *ctx)
{
	return XDP_DROP;
}

SEC("xdp")
int bench_devmap(struct xdp_md *ctx)
{
	return bpf_redirect_map(&bench_dev, 0, 0);
}

SEC("xdp")
int bench_broadcast(struct xdp_md *ctx)
{
	return bpf_redirect_map(&bench_all, 0, BPF_F_BROADCAST | BPF_F_EXCLUDE_INGRESS);
}

/* A copy to where an XDP program broadcasts it; the host gets the frame itself, as from a switch. */
SEC("tc")
int bench_copy(struct __sk_buff *skb)
{
	bpf_clone_redirect(skb, to_ifindex, 0);
	return TC_ACT_UNSPEC;
}

SEC("tc")
int bench_redirect(struct __sk_buff *skb)
{
	return bpf_redirect(to_ifindex, 0);
}

SEC("tc")
int bench_peer(struct __sk_buff *skb)
{
	return bpf_redirect_peer(to_ifindex, 0);
}

char _license[] SEC("license") = "GPL";
