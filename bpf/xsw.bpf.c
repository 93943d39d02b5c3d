// SPDX-License-Identifier: GPL-2.0-only
/* Entry points of the switch. Each is the table of contents of one row group of the decision table
 * in docs/architecture.md.
 */
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

/* From the wire, before the stack has an skb. What it does not decide it leaves to xsw_uplink_rx. */
SEC("xdp.frags")
int xsw_uplink_xdp(struct xdp_md *ctx)
{
	struct xsw_eswitch *e = eswitch_get();
	struct xsw_fdb_entry *to;
	enum xsw_drop why;
	struct frame f;

	if (!e || !e->xdp_steers || !frame_from_xdp(&f, ctx) || f.cast != XSW_UNICAST)
		return XDP_PASS;
	to = fdb_lookup(&f.dst);
	if (!to || to->port == XSW_UPLINK)
		return XDP_PASS;
	why = port_closed(e, port_get(to->port));
	if (why)
		return drop(HOOK_XDP, to->port, why);
	if (bpf_redirect_map(&xsw_dev_xdp, to->port, 0) != XDP_REDIRECT)
		return drop(HOOK_XDP, to->port, XSW_DROP_DETACHED);
	count_tx(to->port, &f);
	return XDP_REDIRECT;
}

/* From the wire, and from ports on their way to the host. What is not for a port is the host's. */
SEC("tc")
int xsw_uplink_rx(struct __sk_buff *skb)
{
	struct xsw_eswitch *e = eswitch_get();
	struct xsw_fdb_entry *to;
	struct frame f;

	if (!e || origin_take(skb) || is_loopback(skb))
		return TC_NEXT;
	if (!frame_from_skb(&f, skb) || is_link_local(&f))
		return TC_NEXT;
	if (f.cast != XSW_UNICAST) {
		if (e->mode == XSW_MODE_LEGACY)
			flood(skb, &f, XSW_UPLINK);
		return host_pass(e);
	}
	to = fdb_lookup(&f.dst);
	if (!to || to->port == XSW_UPLINK)
		return host_pass(e);
	return port_send(skb, e, &f, to->port, true);
}

/* From the host, and from ports on their way to the wire. */
SEC("tc")
int xsw_uplink_tx(struct __sk_buff *skb)
{
	struct xsw_eswitch *e = eswitch_get();
	struct xsw_fdb_entry *to;
	struct frame f;

	if (!e || origin_take(skb) || !e->host || e->mode != XSW_MODE_LEGACY)
		return TC_NEXT;
	if (!frame_from_skb(&f, skb) || is_link_local(&f))
		return TC_NEXT;
	if (f.cast != XSW_UNICAST) {
		flood(skb, &f, XSW_UPLINK);
		return TC_NEXT;
	}
	to = fdb_lookup(&f.dst);
	if (!to || to->port == XSW_UPLINK)
		return TC_NEXT;
	return port_send(skb, e, &f, to->port, false);
}

/* From a function: its representor receives what it sends. */
SEC("tc")
int xsw_port_rx(struct __sk_buff *skb)
{
	struct xsw_eswitch *e = eswitch_get();
	__u32 from = port_of(skb->ifindex);
	struct xsw_port *p = port_get(from);
	struct xsw_fdb_entry *to;
	enum xsw_drop why;
	struct frame f;

	if (is_loopback(skb))
		return TC_NEXT;
	if (!e || !p || from == XSW_UPLINK)
		return drop(HOOK_TC, XSW_UPLINK, XSW_DROP_NO_PORT);
	if (!frame_from_skb(&f, skb))
		return drop(HOOK_TC, from, XSW_DROP_MALFORMED);
	count_rx(from, &f);
	skb->tc_index = 0;
	why = admit(e, p, from, &f);
	if (why)
		return drop(HOOK_TC, from, why);
	if (is_link_local(&f))
		return drop(HOOK_TC, from, XSW_DROP_LINK_LOCAL);
	if (f.cast != XSW_UNICAST)
		return port_flood(skb, e, &f, from);
	to = fdb_lookup(&f.dst);
	if (!to)
		return wire_send(skb, e);
	if (to->port == XSW_UPLINK)
		return host_send(skb, e, from);
	if (to->port == from)
		return drop(HOOK_TC, from, XSW_DROP_HAIRPIN);
	return port_send(skb, e, &f, to->port, true);
}

/* To a function: what the eswitch has steered passes, the rest is the host's own on the representor. */
SEC("tc")
int xsw_port_tx(struct __sk_buff *skb)
{
	if (!origin_take(skb))
		count_slow_tx(port_of(skb->ifindex),
			      skb->len + (skb->vlan_present ? sizeof(struct vlan_header) : 0));
	return TC_NEXT;
}

char _license[] SEC("license") = "GPL";
