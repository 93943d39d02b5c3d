/* SPDX-License-Identifier: GPL-2.0-only */
/* Where an XDP frame goes: to a port or to the wire, through the devmap. */
#ifndef XSW_BPF_STEER_XDP_H
#define XSW_BPF_STEER_XDP_H

#include "steer.h"

/* To a port's function. */
static __always_inline int xdp_port_send(struct xdp_md *ctx, const struct xsw_eswitch *e,
					 struct frame *f, __u32 to, __u32 from)
{
	struct xsw_port *p = port_get(to);
	bool tagged = false;
	enum xsw_drop why = port_refuses(e, p, to, f, from, &tagged);

	trace(ctx, XSW_STEP_HIT, to, 0, f->dst.vlan);
	if (why || !p)
		return drop(ctx, to, why);
	if (in_dispatcher && f->dst.vlan && f->tagged != tagged)
		return XDP_PASS;
	if (!in_dispatcher && !vlan_dress_xdp(ctx, f, tagged))
		return drop(ctx, to, XSW_DROP_NO_BUFFER);
	if (!explaining && bpf_redirect_map(&xsw_dev_xdp, to, 0) != XDP_REDIRECT)
		return drop(ctx, to, XSW_DROP_DETACHED);
	if (explaining && !bpf_map_lookup_elem(&xsw_dev_xdp, &to))
		return drop(ctx, to, XSW_DROP_DETACHED);
	if (mtu_exceeded_xdp(ctx, f, to, mtu_port(e, p)))
		return drop(ctx, to, XSW_DROP_MTU);
	if (port_is(p, XSW_PORT_RX_MAX) && !rate_rx(to, f->len))
		return drop(ctx, to, XSW_DROP_RX_RATE);
	trace(ctx, XSW_STEP_TO_PORT, to, f->tagged, f->dst.vlan);
	count_tx(to, f);
	return XDP_REDIRECT;
}

/* To the wire, from a port. */
static __always_inline int xdp_wire_send(struct xdp_md *ctx, const struct xsw_eswitch *e,
					 struct frame *f, __u32 from)
{
	if (!vlan_dress_xdp(ctx, f, true))
		return drop(ctx, from, XSW_DROP_NO_BUFFER);
	if (mtu_exceeded_xdp(ctx, f, XSW_UPLINK, mtu_wire(e)))
		return drop(ctx, from, XSW_DROP_MTU);
	if (!explaining && bpf_redirect_map(&xsw_dev_xdp, XSW_UPLINK, 0) != XDP_REDIRECT)
		return drop(ctx, from, XSW_DROP_DETACHED);
	trace(ctx, XSW_STEP_TO_WIRE, XSW_UPLINK, f->tagged, f->dst.vlan);
	return XDP_REDIRECT;
}

/* Can XDP finish what a port sends there? */
static __always_inline bool xdp_decides(const struct xsw_eswitch *e, const struct xsw_port *p,
					const struct frame *f, __u32 to)
{
	if (fdb_is_port(to) && !port_is(p, XSW_PORT_ISOLATED))
		return true;
	return e->xdp_wire && !has_promisc(e) && e->misses <= XSW_MISS_UPLINK && !to_host(e, f, to);
}

#endif
