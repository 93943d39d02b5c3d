/* SPDX-License-Identifier: GPL-2.0-only */
/* Frames that are longer than the netdev they are for may send.
 *
 * The kernel's redirects do not look (dev_forward_skb_nomtu(), __bpf_tx_skb()), or lose such a frame without
 * a word (veth's receiving end, the devmap); and none of them looks at the segments of a GSO frame.
 */
#ifndef XSW_BPF_MTU_H
#define XSW_BPF_MTU_H

#include <stdbool.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

#include "abi.h"
#include "eswitch.h"
#include "frame.h"
#include "port.h"

/* What an MTU does not count, as in the kernel's __is_skb_forwardable(): Ethernet header and one tag. */
#define MTU_HEADERS (ETH_HLEN + sizeof(struct vlan_header))

/* Up to this length nobody needs to ask: a frame to the wire, or to a port without an MTU of its own. */
static __always_inline __u32 mtu_wire(const struct xsw_eswitch *e)
{
	return e->mtu + MTU_HEADERS;
}

static __always_inline __u32 mtu_port(const struct xsw_eswitch *e, const struct xsw_port *p)
{
	return port_is(p, XSW_PORT_MTU) ? 0 : mtu_wire(e);
}

/* The kernel's own word, for the few frames that are long enough. A netdev that is gone refuses nothing:
 * it is another reason's.
 */
__global_func int mtu_refuses(struct __sk_buff *skb, __u32 ifindex)
{
	__u32 mtu = 0;
	int verdict = bpf_check_mtu(skb, ifindex, &mtu, 0, BPF_MTU_CHK_SEGS);

	if (verdict < 0)
		return false;
	if (skb->gso_size)
		return verdict == BPF_MTU_CHK_RET_SEGS_TOOBIG;
	return skb->len > mtu + MTU_HEADERS;
}

/* An accelerated tag is not in skb->len, as the kernel has it. */
static __always_inline bool mtu_exceeded(struct __sk_buff *skb, __u32 ifindex, __u32 unasked)
{
	return skb->len > unasked && mtu_refuses(skb, ifindex);
}

__global_func int mtu_refuses_xdp(struct xdp_md *ctx, __u32 port, __u32 len)
{
	struct bpf_devmap_val *dev = bpf_map_lookup_elem(&xsw_dev_xdp, &port);
	__u32 mtu = 0;

	if (!dev || bpf_check_mtu(ctx, dev->ifindex, &mtu, 0, 0) < 0)
		return false;
	return len > mtu + MTU_HEADERS;
}

static __always_inline bool mtu_exceeded_xdp(struct xdp_md *ctx, const struct frame *f, __u32 port,
					     __u32 unasked)
{
	return f->len > unasked && mtu_refuses_xdp(ctx, port, f->len);
}

#endif
