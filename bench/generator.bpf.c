// SPDX-License-Identifier: GPL-2.0-only
/* The generator: run on live frames (BPF_F_TEST_XDP_LIVE_FRAMES), sends each out of one netdev. */
#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u32 out_ifindex; /* in the namespace of whoever runs it */
__u32 ports;	   /* of the mix */
__u32 sent;	   /* frames of the mix */

SEC("xdp")
int bench_send(struct xdp_md *ctx)
{
	return bpf_redirect(out_ifindex, 0);
}

/* A mix: to each port in turn, and every 32nd frame to all; of 12 frames 7 are of 64 bytes, 4 of 576 and
 * one as long as it came. Which port is in the last two bytes of its address.
 */
SEC("xdp")
int bench_send_mix(struct xdp_md *ctx)
{
	__u8 *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u32 n = sent++, port = 1 + n % (ports ? ports : 1), kind = n % 12, length = end - data;
	bool all = n % 32 == 31;

	if (data + 14 > end)
		return XDP_DROP;
	__builtin_memset(data, all ? 0xff : 0, 6);
	if (!all) {
		data[0] = 0x02;
		data[4] = 0x01;
		data[5] = port;
	}
	if (kind < 7)
		bpf_xdp_adjust_tail(ctx, 64 - (int)length);
	else if (kind < 11)
		bpf_xdp_adjust_tail(ctx, 576 - (int)length);
	return bpf_redirect(out_ifindex, 0);
}

char _license[] SEC("license") = "GPL";
