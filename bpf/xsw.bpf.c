// SPDX-License-Identifier: GPL-2.0-only
/* Entry points of the switch. Each is the table of contents of one row group of the decision table
 * in docs/architecture.md.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

#include "abi.h"
#include "steer.h"

/* From the wire, before the stack has an skb. What it does not decide it leaves to xsw_uplink_rx. */
SEC("xdp.frags")
int xsw_uplink_xdp(struct xdp_md *ctx)
{
	struct xsw_eswitch *e = eswitch_get();
	struct xsw_fdb_entry *to;
	struct xsw_port *p;
	struct frame f;

	if (!e || !e->xdp_steers || !frame_from_xdp(&f, ctx) || f.cast != XSW_UNICAST)
		return XDP_PASS;
	to = fdb_lookup(&f.dst);
	if (!to || to->port == XSW_UPLINK)
		return XDP_PASS;
	p = port_get(to->port);
	if (e->xdp_steers == XSW_STEERS_QUEUES && p && !(p->flags & XSW_PORT_QUEUES))
		return XDP_PASS;
	return xdp_port_send(e, &f, to->port);
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

/* From a queue block: finished frames, so all that XDP can do is done here, uncounted until then. What
 * it cannot (copies, the host, an uplink that does not transmit XDP frames) it leaves to xsw_port_rx.
 */
SEC("xdp.frags")
int xsw_port_xdp(struct xdp_md *ctx)
{
	struct xsw_eswitch *e = eswitch_get();
	__u32 from = port_of(ctx->ingress_ifindex);
	struct xsw_port *p = port_get(from);
	struct xsw_fdb_entry *to;
	enum xsw_drop why;
	struct frame f;

	if (!e || !p || from == XSW_UPLINK || !frame_from_xdp(&f, ctx) || f.cast != XSW_UNICAST)
		return XDP_PASS;
	to = fdb_lookup(&f.dst);
	if (to ? to->port == XSW_UPLINK : !e->xdp_wire)
		return XDP_PASS;
	count_rx(from, &f);
	why = admit(e, p, from, &f);
	if (why)
		return drop(HOOK_XDP, from, why);
	if (!to)
		return xdp_wire_send(from);
	if (to->port == from)
		return drop(HOOK_XDP, from, XSW_DROP_HAIRPIN);
	return xdp_port_send(e, &f, to->port);
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
