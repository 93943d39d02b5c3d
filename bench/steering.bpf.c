// SPDX-License-Identifier: GPL-2.0-only
/* What the shipped programs are held against in BPF_PROG_TEST_RUN: nothing at all, and the bare minimum
 * of steering, "parse, one hash lookup, redirect".
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

#include "abi.h"

/* (mac, 0) -> port, as xsw_fdb
 *   writer: steering.cc
 *   reader: lookup()
 *   miss:   the program passes; its verdict is checked, so the measurement fails
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, XSW_MAX_FDB);
	__type(key, struct xsw_fdb_key);
	__type(value, struct xsw_fdb_entry);
} bench_fdb SEC(".maps");

/* port -> netdev
 *   writer: steering.cc
 *   reader: bench_bare_xdp
 *   miss:   XDP_ABORTED, and the measurement fails
 */
struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, XSW_MAX_PORTS + 1);
	__type(key, __u32);
	__type(value, __u32);
} bench_ports SEC(".maps");

__u32 to_ifindex; /* tc: of the one port there is */

static __always_inline struct xsw_fdb_entry *lookup(void *data, void *end)
{
	struct xsw_fdb_key key = {};
	struct ethhdr *eth = data;

	if ((void *)(eth + 1) > end)
		return NULL;
	*(__u32 *)key.mac = *(__u32 *)eth->h_dest;
	*(__u16 *)(key.mac + 4) = *(__u16 *)(eth->h_dest + 4);
	return bpf_map_lookup_elem(&bench_fdb, &key);
}

SEC("xdp")
int bench_empty_xdp(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("xdp")
int bench_bare_xdp(struct xdp_md *ctx)
{
	struct xsw_fdb_entry *to = lookup((void *)(long)ctx->data, (void *)(long)ctx->data_end);

	return to ? bpf_redirect_map(&bench_ports, to->port, 0) : XDP_PASS;
}

SEC("tc")
int bench_empty_tc(struct __sk_buff *skb)
{
	return TC_ACT_UNSPEC;
}

SEC("tc")
int bench_bare_tc(struct __sk_buff *skb)
{
	struct xsw_fdb_entry *to = lookup((void *)(long)skb->data, (void *)(long)skb->data_end);

	return to ? bpf_redirect_peer(to_ifindex, 0) : TC_ACT_UNSPEC;
}

char _license[] SEC("license") = "GPL";
