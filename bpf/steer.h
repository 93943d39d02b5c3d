/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a frame goes, once an entry point knows: the three destinations (host, wire, port), and what a
 * port may send.
 */
#ifndef XSW_BPF_STEER_H
#define XSW_BPF_STEER_H

#include <stdbool.h>
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

#include "abi.h"
#include "eswitch.h"
#include "fdb.h"
#include "flood.h"
#include "frame.h"
#include "origin.h"
#include "port.h"
#include "stats.h"

#define TC_NEXT TC_ACT_UNSPEC /* on to the next program, then to the stack */

/* To the host's stack, from the uplink. */
static __always_inline int host_pass(const struct xsw_eswitch *e)
{
	if (!e->host)
		return drop(HOOK_TC, XSW_UPLINK, XSW_DROP_HOST_OFF);
	return TC_NEXT;
}

/* To the host's stack, from a port: as if received on the uplink. */
static __always_inline int host_send(struct __sk_buff *skb, const struct xsw_eswitch *e, __u32 from)
{
	if (!e->host)
		return drop(HOOK_TC, from, XSW_DROP_HOST_OFF);
	origin_set(skb);
	return bpf_redirect(e->ifindex, BPF_F_INGRESS);
}

/* To the wire, from a port. */
static __always_inline int wire_send(struct __sk_buff *skb, const struct xsw_eswitch *e)
{
	origin_set(skb);
	return bpf_redirect(e->ifindex, 0);
}

/* Why a port cannot be given a frame. */
static __always_inline enum xsw_drop port_closed(const struct xsw_eswitch *e,
						 const struct xsw_port *p)
{
	if (e->mode == XSW_MODE_SWITCHDEV_INACTIVE)
		return XSW_DROP_ESWITCH_INACTIVE;
	if (!p || !(p->flags & XSW_PORT_ACTIVE))
		return XSW_DROP_INACTIVE;
	return XSW_DROP_NONE;
}

/* To a port's function. peer: the hook allows bpf_redirect_peer, which makes its receiver take the frame
 * as its own whatever the address: only for the function's own then.
 */
static __always_inline int port_send(struct __sk_buff *skb, const struct xsw_eswitch *e,
				     const struct frame *f, __u32 to, bool peer)
{
	struct xsw_port *p = port_get(to);
	enum xsw_drop why = port_closed(e, p);
	__u32 ifindex;

	if (why || !p)
		return drop(HOOK_TC, to, why);
	ifindex = port_ifindex(to);
	if (!ifindex)
		return drop(HOOK_TC, to, XSW_DROP_DETACHED);
	count_tx(to, f);
	if (peer && (p->flags & XSW_PORT_PEER) && mac_equal(f->dst.mac, p->hw_addr))
		return bpf_redirect_peer(ifindex, 0);
	origin_set(skb);
	return bpf_redirect(ifindex, 0);
}

/* The same for an XDP frame, through the devmap. */
static __always_inline int xdp_port_send(const struct xsw_eswitch *e, const struct frame *f,
					 __u32 to)
{
	enum xsw_drop why = port_closed(e, port_get(to));

	if (why)
		return drop(HOOK_XDP, to, why);
	if (bpf_redirect_map(&xsw_dev_xdp, to, 0) != XDP_REDIRECT)
		return drop(HOOK_XDP, to, XSW_DROP_DETACHED);
	count_tx(to, f);
	return XDP_REDIRECT;
}

static __always_inline int xdp_wire_send(__u32 from)
{
	if (bpf_redirect_map(&xsw_dev_xdp, XSW_UPLINK, 0) != XDP_REDIRECT)
		return drop(HOOK_XDP, from, XSW_DROP_DETACHED);
	return XDP_REDIRECT;
}

/* What a function may send: the first rule that it breaks. */
static __always_inline enum xsw_drop admit(const struct xsw_eswitch *e, const struct xsw_port *p,
					   __u32 port, const struct frame *f)
{
	enum xsw_drop why = port_closed(e, p);
	struct xsw_fdb_entry *own;

	if (why)
		return why;
	if ((p->flags & XSW_PORT_SPOOFCHK) && !mac_equal(f->src.mac, p->hw_addr)) {
		own = fdb_lookup(&f->src);
		if (!own || own->port != port)
			return XSW_DROP_SPOOF;
	}
	if (f->dst.vlan)
		return XSW_DROP_VLAN;
	return XSW_DROP_NONE;
}

/* Broadcast and multicast from a port: members, the wire, and the host last, without a copy. */
static __always_inline int port_flood(struct __sk_buff *skb, const struct xsw_eswitch *e,
				      const struct frame *f, __u32 from)
{
	flood(skb, f, from);
	if (!e->host)
		return wire_send(skb, e);
	origin_set(skb);
	if (bpf_clone_redirect(skb, e->ifindex, 0))
		count_drop(from, XSW_DROP_NO_BUFFER);
	return host_send(skb, e, from);
}

#endif
