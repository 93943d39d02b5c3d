/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a frame goes, once an entry point knows: the destinations (host, wire, port, the stack on the
 * netdev it came on), and what a port may send.
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
#include "mtu.h"
#include "origin.h"
#include "port.h"
#include "rate.h"
#include "stats.h"
#include "trace.h"
#include "vlan.h"

#define TC_NEXT TC_ACT_UNSPEC /* on to the next program, then to the stack */

/* Left alone. */
static __always_inline int pass(struct __sk_buff *skb, __u32 to)
{
	trace_pass(skb, to);
	return TC_NEXT;
}

/* To whatever the host has on the uplink: its stack, a bridge. */
static __always_inline int uplink_pass(struct __sk_buff *skb)
{
	trace(skb, XSW_STEP_TO_STACK, XSW_UPLINK, 0, 0);
	return TC_NEXT;
}

/* To the host's stack, from the uplink. */
static __always_inline int host_pass(struct __sk_buff *skb, const struct xsw_eswitch *e)
{
	return e->host ? uplink_pass(skb) : drop(skb, XSW_UPLINK, XSW_DROP_HOST_OFF);
}

/* To the host's stack, from a port: as if received on the uplink. */
static __always_inline int host_send(struct __sk_buff *skb, const struct xsw_eswitch *e,
				     struct frame *f, __u32 from)
{
	if (!e->host)
		return drop(skb, from, XSW_DROP_HOST_OFF);
	if (!vlan_dress(skb, f, true))
		return drop(skb, from, XSW_DROP_NO_BUFFER);
	trace(skb, XSW_STEP_TO_HOST, XSW_UPLINK, f->tagged, f->dst.vlan);
	if (explaining)
		return TC_ACT_REDIRECT;
	origin_set(skb);
	return bpf_redirect(e->ifindex, BPF_F_INGRESS);
}

/* To the wire, from a port, as whoever is there sees its VLAN. */
static __always_inline int wire_deliver(struct __sk_buff *skb, const struct xsw_eswitch *e,
					struct frame *f, __u32 from, bool tagged)
{
	if (!vlan_dress(skb, f, tagged))
		return drop(skb, from, XSW_DROP_NO_BUFFER);
	if (mtu_exceeded(skb, e->ifindex, mtu_wire(e)))
		return drop(skb, from, XSW_DROP_MTU);
	trace(skb, XSW_STEP_TO_WIRE, XSW_UPLINK, f->tagged, f->dst.vlan);
	if (explaining)
		return TC_ACT_REDIRECT;
	origin_set(skb);
	return bpf_redirect(e->ifindex, 0);
}

static __always_inline int wire_send(struct __sk_buff *skb, const struct xsw_eswitch *e,
				     struct frame *f, __u32 from)
{
	return wire_deliver(skb, e, f, from, true);
}

/* A copy to the wire, from a port. */
static __always_inline enum xsw_drop wire_copy(struct __sk_buff *skb, const struct xsw_eswitch *e,
					       const struct frame *f)
{
	enum xsw_drop why = XSW_DROP_NONE;

	if (mtu_exceeded(skb, e->ifindex, mtu_wire(e)))
		return XSW_DROP_MTU;
	if (!explaining) {
		origin_set(skb);
		why = clone_send(skb, e->ifindex);
	}
	if (!why)
		trace(skb, XSW_STEP_TO_WIRE, XSW_UPLINK, f->tagged, f->dst.vlan);
	return why;
}

/* To the wire, from the host: where it is going anyway. */
static __always_inline int wire_pass(struct __sk_buff *skb, const struct frame *f)
{
	trace(skb, XSW_STEP_TO_WIRE, XSW_UPLINK, f->tagged, f->dst.vlan);
	return TC_NEXT;
}

/* Up on the sender's representor, to the host's software there: as the function has sent it. */
static __always_inline int representor_pass(struct __sk_buff *skb, const struct frame *f, __u32 from,
					    struct xsw_stats *sender)
{
	trace(skb, XSW_STEP_TO_STACK, from, f->tagged, f->dst.vlan);
	count_slow_rx(sender, f->len);
	return TC_NEXT;
}

/* The host's own address, in whatever VLAN. */
static __always_inline bool to_host(const struct xsw_eswitch *e, const struct frame *f, __u32 to)
{
	return to == FDB_NONE ? mac_equal(f->dst.mac, e->mac) : to == XSW_UPLINK;
}

/* Is unicast from wire or host unknown, and somebody promiscuous to get a copy? */
static __always_inline bool promisc_wants(const struct xsw_eswitch *e, const struct frame *f,
					  __u32 to)
{
	return has_promisc(e) && !to_host(e, f, to);
}

/* Why a port takes no frame of this VLAN, from: of another port, XSW_UPLINK if of none; and whether it
 * gets it tagged.
 */
static __always_inline enum xsw_drop port_refuses(const struct xsw_eswitch *e,
						  const struct xsw_port *p, __u32 to,
						  const struct frame *f, __u32 from, bool *tagged)
{
	enum xsw_drop why = port_closed(e, p);

	if (why || !p)
		return why;
	if (!vlan_carries(to, p, f->dst.vlan, tagged))
		return XSW_DROP_VLAN;
	if (from != XSW_UPLINK && port_is(p, XSW_PORT_ISOLATED))
		return XSW_DROP_ISOLATED;
	return XSW_DROP_NONE;
}

/* To a function that takes the frame. peer: the hook allows bpf_redirect_peer, which makes its receiver take
 * the frame as its own whatever the address: only for the function's own then.
 */
static __always_inline int port_deliver(struct __sk_buff *skb, const struct xsw_eswitch *e,
					struct frame *f, const struct xsw_port *p, __u32 to, bool tagged,
					bool peer)
{
	__u32 ifindex = port_ifindex(to);

	if (!ifindex)
		return drop(skb, to, XSW_DROP_DETACHED);
	if (!vlan_dress(skb, f, tagged))
		return drop(skb, to, XSW_DROP_NO_BUFFER);
	if (mtu_exceeded(skb, ifindex, mtu_port(e, p)))
		return drop(skb, to, XSW_DROP_MTU);
	if (port_is(p, XSW_PORT_RX_MAX) && !rate_rx(to, rate_bytes(skb, f)))
		return drop(skb, to, XSW_DROP_RX_RATE);
	trace(skb, XSW_STEP_TO_PORT, to, f->tagged, f->dst.vlan);
	if (explaining)
		return TC_ACT_REDIRECT;
	count_tx(to, f);
	if (peer && port_is(p, XSW_PORT_PEER) && mac_equal(f->dst.mac, p->hw_addr))
		return bpf_redirect_peer(ifindex, 0);
	origin_set(skb);
	return bpf_redirect(ifindex, 0);
}

/* To a port's function, unless it refuses the frame. */
static __always_inline int port_send(struct __sk_buff *skb, const struct xsw_eswitch *e,
				     struct frame *f, __u32 to, __u32 from, bool peer)
{
	struct xsw_port *p = port_get(to);
	bool tagged = false;
	enum xsw_drop why = port_refuses(e, p, to, f, from, &tagged);

	trace(skb, XSW_STEP_HIT, to, 0, f->dst.vlan);
	if (why || !p)
		return drop(skb, to, why);
	return port_deliver(skb, e, f, p, to, tagged, peer);
}

/* What a function may send: the first rule that it breaks, but for its rate. Gives the frame its VLAN. */
static __always_inline enum xsw_drop admit(const struct xsw_eswitch *e, const struct xsw_port *p,
					   __u32 port, struct frame *f)
{
	enum xsw_drop why = port_closed(e, p);
	bool in_vlan = vlan_admit(e, port, p, f);

	if (why)
		return why;
	if (port_is(p, XSW_PORT_SPOOFCHK) && !mac_equal(f->src.mac, p->hw_addr) &&
	    fdb_port(e, &f->src) != port)
		return XSW_DROP_SPOOF;
	return in_vlan ? XSW_DROP_NONE : XSW_DROP_VLAN;
}

/* Broadcast and multicast from a port: members, the wire, and the host last, without a copy. */
static __always_inline int port_flood(struct __sk_buff *skb, const struct xsw_eswitch *e,
				      const struct xsw_port *p, struct frame *f, __u32 from)
{
	enum xsw_drop why;

	if (!port_is(p, XSW_PORT_ISOLATED))
		flood(skb, e, f, from, FLOOD_ALL);
	if (!e->host)
		return wire_send(skb, e, f, from);
	if (!vlan_dress(skb, f, true))
		return drop(skb, from, XSW_DROP_NO_BUFFER);
	why = wire_copy(skb, e, f);
	if (why)
		drop_copy(skb, from, why);
	return host_send(skb, e, f, from);
}

/* Unicast from a port that the FDB does not know. */
static __always_inline int port_miss(struct __sk_buff *skb, const struct xsw_eswitch *e,
				     const struct xsw_port *p, struct frame *f, __u32 from,
				     struct xsw_stats *sender)
{
	bool tagged = f->tagged;

	count_miss(sender);
	trace(skb, XSW_STEP_MISS, from, 0, f->dst.vlan);
	if (has_promisc(e) && !port_is(p, XSW_PORT_ISOLATED))
		flood(skb, e, f, from, FLOOD_PROMISC);
	if (e->misses == XSW_MISS_DROP)
		return drop(skb, from, XSW_DROP_MISS);
	if (e->misses == XSW_MISS_REPRESENTOR && !vlan_dress(skb, f, tagged))
		return drop(skb, from, XSW_DROP_NO_BUFFER);
	if (e->misses == XSW_MISS_REPRESENTOR)
		return representor_pass(skb, f, from, sender);
	return wire_send(skb, e, f, from);
}

/* Unicast from a port. */
static __always_inline int port_unicast(struct __sk_buff *skb, const struct xsw_eswitch *e,
					const struct xsw_port *p, struct frame *f, __u32 from,
					struct xsw_stats *sender)
{
	__u32 to = fdb_port(e, &f->dst);

	if (fdb_is_port(to)) {
		if (to == from)
			return drop(skb, from, XSW_DROP_HAIRPIN);
		if (port_is(p, XSW_PORT_ISOLATED))
			return wire_send(skb, e, f, from);
		return port_send(skb, e, f, to, from, true);
	}
	if (!to_host(e, f, to))
		return port_miss(skb, e, p, f, from, sender);
	trace(skb, XSW_STEP_HIT, XSW_UPLINK, 0, f->dst.vlan);
	return host_send(skb, e, f, from);
}

/* Copies of what the wire or the host sends; it stays as they see it: tagged. False: no memory. */
static __always_inline bool uplink_flood(struct __sk_buff *skb, const struct xsw_eswitch *e,
					 struct frame *f, enum flood_to to)
{
	flood(skb, e, f, XSW_UPLINK, to);
	return vlan_dress(skb, f, true);
}

#endif
