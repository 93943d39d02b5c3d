/* SPDX-License-Identifier: GPL-2.0-only */
/* Mode switchdev: the kernel's software decides. What its bridge has permitted is sent on here, and
 * everything else is left to it.
 */
#ifndef XSW_BPF_BRIDGE_H
#define XSW_BPF_BRIDGE_H

#include "permit.h"
#include "steer.h"

/* May the frame go there? What it is too long for is the bridge's to judge, which looks at no segments. */
static __always_inline bool bridge_fits(struct __sk_buff *skb, const struct xsw_eswitch *e, __u32 to)
{
	const struct xsw_port *p = port_get(to);
	__u32 ifindex = port_ifindex(to);

	if (to == XSW_UPLINK)
		return !mtu_exceeded(skb, e->ifindex, mtu_wire(e));
	return p && !port_closed(e, p) && ifindex && !mtu_exceeded(skb, ifindex, mtu_port(e, p));
}

/* Sends the frame where a permit says, or returns TC_NEXT. */
static __always_inline int bridge_send(struct __sk_buff *skb, const struct xsw_eswitch *e,
				       struct frame *f, __u32 from)
{
	bool tagged = false;
	__u32 to = permit_port(skb, f, from, &tagged);
	struct xsw_port *p;

	if (to == PERMIT_NONE || !bridge_fits(skb, e, to))
		return TC_NEXT;
	p = port_get(to);
	trace(XSW_STEP_PERMIT, to, 0, f->dst.vlan);
	if (to == XSW_UPLINK || !p)
		return wire_deliver(skb, e, f, from, tagged);
	return port_deliver(skb, e, f, p, to, tagged, true);
}

/* From the wire: what is not permitted is of whatever the host has on the uplink. */
static __always_inline int bridge_from_wire(struct __sk_buff *skb, const struct xsw_eswitch *e)
{
	struct frame f;
	int verdict = TC_NEXT;

	if (frame_from_skb(&f, skb))
		verdict = bridge_send(skb, e, &f, XSW_UPLINK);
	return verdict == TC_NEXT ? uplink_pass() : verdict;
}

/* From a port: what is not permitted rises. */
static __always_inline int bridge_from_port(struct __sk_buff *skb, const struct xsw_eswitch *e,
					    struct frame *f, __u32 from)
{
	int verdict = bridge_send(skb, e, f, from);

	return verdict == TC_NEXT ? representor_pass(skb, f, from) : verdict;
}

#endif
