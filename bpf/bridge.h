/* SPDX-License-Identifier: GPL-2.0-only */
/* Mode switchdev: the kernel's software decides. What its bridge has permitted is sent on here, and
 * everything else is left to it.
 */
#ifndef XSW_BPF_BRIDGE_H
#define XSW_BPF_BRIDGE_H

#include "permit.h"
#include "steer.h"

/* What is too long is the bridge's to judge, which looks at no segments. */
static __always_inline int bridge_to_wire(struct __sk_buff *skb, const struct xsw_eswitch *e,
					  struct frame *f, __u32 from, bool tagged)
{
	if (mtu_exceeded(skb, e->ifindex, mtu_wire(e)))
		return TC_NEXT;
	trace(skb, XSW_STEP_PERMIT, XSW_UPLINK, 0, f->dst.vlan);
	return wire_deliver(skb, e, f, from, tagged);
}

/* So is a port that takes no frame. */
static __always_inline int bridge_to_port(struct __sk_buff *skb, const struct xsw_eswitch *e,
					  struct frame *f, __u32 to, bool tagged)
{
	struct xsw_port *p = port_get(to);
	__u32 ifindex = port_ifindex(to);

	if (!p || port_closed(e, p) || !ifindex || mtu_exceeded(skb, ifindex, mtu_port(e, p)))
		return TC_NEXT;
	trace(skb, XSW_STEP_PERMIT, to, 0, f->dst.vlan);
	return port_deliver(skb, e, f, p, to, tagged, true);
}

/* Sends the frame where a permit says, or returns TC_NEXT. */
static __always_inline int bridge_send(struct __sk_buff *skb, const struct xsw_eswitch *e,
				       struct frame *f, __u32 from)
{
	bool tagged = false;
	__u32 to = permit_port(skb, f, from, &tagged);

	if (to == PERMIT_NONE)
		return TC_NEXT;
	if (to == XSW_UPLINK)
		return bridge_to_wire(skb, e, f, from, tagged);
	return bridge_to_port(skb, e, f, to, tagged);
}

/* From the wire: what is not permitted is of whatever the host has on the uplink. An uplink that is in no
 * bridge, as below a vxlan, has no permits.
 */
static __always_inline int bridge_from_wire(struct __sk_buff *skb, const struct xsw_eswitch *e)
{
	struct frame f;
	int verdict = TC_NEXT;

	if (permit_bridge(XSW_UPLINK) && frame_from_skb(&f, skb))
		verdict = bridge_send(skb, e, &f, XSW_UPLINK);
	return verdict == TC_NEXT ? uplink_pass(skb) : verdict;
}

/* From a port: what is not permitted rises. */
static __always_inline int bridge_from_port(struct __sk_buff *skb, const struct xsw_eswitch *e,
					    struct frame *f, __u32 from, struct xsw_stats *sender)
{
	int verdict = bridge_send(skb, e, f, from);

	return verdict == TC_NEXT ? representor_pass(skb, f, from, sender) : verdict;
}

#endif
