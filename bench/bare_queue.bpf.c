// SPDX-License-Identifier: GPL-2.0-only
/* A bare XSKMAP redirect: the least that can bring a frame to an AF_XDP socket. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* queue -> socket
 *   writer: bare_queue.cc
 *   reader: bench_to_socket
 *   miss:   no application runs: drop
 */
struct {
	__uint(type, BPF_MAP_TYPE_XSKMAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} bench_xsks SEC(".maps");

SEC("xdp.frags")
int bench_to_socket(struct xdp_md *ctx)
{
	return bpf_redirect_map(&bench_xsks, ctx->rx_queue_index, XDP_DROP);
}

char _license[] SEC("license") = "GPL";
