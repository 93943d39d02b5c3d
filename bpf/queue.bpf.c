// SPDX-License-Identifier: GPL-2.0-only
/* The function end of a queues port: hands each frame to the AF_XDP socket of its queue.
 *
 * An object of its own, since nothing here steers: what may come in the representor has decided. It
 * shares xsw_stats with the switch.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "abi.h"
#include "stats.h"

struct xsw_xskmap {
	__uint(type, BPF_MAP_TYPE_XSKMAP);
	__uint(max_entries, XSW_MAX_QUEUES);
	__type(key, __u32);
	__type(value, __u32);
};

/* port -> its own XSKMAP (queue -> socket), so that a port's user can be given that map and no other
 *   writer: switchdev_model/ports/queues.cc; into the inner map: xswd, or who has it by the handshake
 *   reader: xsw_queue_rx
 *   miss:   no such port, or no socket on the queue: drop, reason no_socket
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, XSW_MAX_PORTS + 1);
	__type(key, __u32);
	__array(values, struct xsw_xskmap);
} xsw_xsks SEC(".maps");

SEC("xdp")
int xsw_queue_rx(struct xdp_md *ctx)
{
	__u32 port = ctx->ingress_ifindex - XSW_QUEUES_IFINDEX;
	void *xsks = bpf_map_lookup_elem(&xsw_xsks, &port);

	if (!xsks || bpf_redirect_map(xsks, ctx->rx_queue_index, 0) != XDP_REDIRECT) {
		trace_again(ctx, XSW_END_REPRESENTOR);
		return drop(ctx, port, XSW_DROP_NO_SOCKET);
	}
	return XDP_REDIRECT;
}

char _license[] SEC("license") = "GPL";
