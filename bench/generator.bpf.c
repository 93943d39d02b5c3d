// SPDX-License-Identifier: GPL-2.0-only
/* The generator: run on live frames (BPF_F_TEST_XDP_LIVE_FRAMES), sends each out of one netdev. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u32 out_ifindex; /* in the namespace of whoever runs it */

SEC("xdp")
int bench_send(struct xdp_md *ctx)
{
	return bpf_redirect(out_ifindex, 0);
}

char _license[] SEC("license") = "GPL";
