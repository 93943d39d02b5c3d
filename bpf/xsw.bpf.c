// SPDX-License-Identifier: GPL-2.0-only
/* Entry points of the switch. Each is the table of contents of one row group of the decision table
 * in docs/architecture.md.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

#include "abi.h"
#include "bridge.h"
#include "steer.h"
#include "steer_xdp.h"

/* From the wire, before the stack has an skb. What it does not decide it leaves to xsw_uplink_rx. */
SEC("xdp")
int xsw_uplink_xdp(struct xdp_md *ctx)
{
	struct xsw_eswitch *e = eswitch_get();
	struct xsw_port *p;
	struct frame f;
	__u32 to;

	if (!e || !e->xdp_steers || is_switchdev(e) || !frame_from_xdp(&f, ctx) ||
	    f.cast != XSW_UNICAST)
		return XDP_PASS;
	to = fdb_port(e, &f.dst);
	if (!fdb_is_port(to))
		return XDP_PASS;
	p = port_get(to);
	if (e->xdp_steers == XSW_STEERS_QUEUES && p && !port_is(p, XSW_PORT_QUEUES))
		return XDP_PASS;
	trace_in(ctx, XSW_UPLINK);
	return xdp_port_send(ctx, e, &f, to, XSW_UPLINK);
}

/* From the wire, and from ports on their way to the host. What is not for a port is the host's. */
SEC("tc")
int xsw_uplink_rx(struct __sk_buff *skb)
{
	struct xsw_eswitch *e = eswitch_get();
	struct frame f;
	__u32 to;

	if (!e || origin_take(skb) || is_loopback(skb))
		return TC_NEXT;
	trace_in(skb, XSW_UPLINK);
	if (is_switchdev(e))
		return bridge_from_wire(skb, e);
	if (!frame_from_skb(&f, skb))
		return pass(skb, XSW_END_HOST);
	if (f.cast != XSW_UNICAST) {
		if (is_link_local(&f))
			return pass(skb, XSW_END_HOST);
		if (mode_of(e) == XSW_MODE_LEGACY && !uplink_flood(skb, e, &f, FLOOD_ALL))
			return drop(skb, XSW_UPLINK, XSW_DROP_NO_BUFFER);
		return host_pass(skb, e);
	}
	to = fdb_port(e, &f.dst);
	if (fdb_is_port(to))
		return port_send(skb, e, &f, to, XSW_UPLINK, true);
	if (promisc_wants(e, &f, to) && !uplink_flood(skb, e, &f, FLOOD_PROMISC))
		return drop(skb, XSW_UPLINK, XSW_DROP_NO_BUFFER);
	return host_pass(skb, e);
}

/* From the host, and from ports on their way to the wire. */
SEC("tc")
int xsw_uplink_tx(struct __sk_buff *skb)
{
	struct xsw_eswitch *e = eswitch_get();
	struct frame f;
	__u32 to;

	if (!e || origin_take(skb))
		return TC_NEXT;
	trace_in(skb, XSW_END_HOST);
	if (!e->host || mode_of(e) != XSW_MODE_LEGACY || !frame_from_skb(&f, skb))
		return pass(skb, XSW_UPLINK);
	if (f.cast != XSW_UNICAST) {
		if (!is_link_local(&f) && !uplink_flood(skb, e, &f, FLOOD_ALL))
			return drop(skb, XSW_UPLINK, XSW_DROP_NO_BUFFER);
		return wire_pass(skb, &f);
	}
	to = fdb_port(e, &f.dst);
	if (fdb_is_port(to))
		return port_send(skb, e, &f, to, XSW_UPLINK, false);
	if (promisc_wants(e, &f, to) && !uplink_flood(skb, e, &f, FLOOD_PROMISC))
		return drop(skb, XSW_UPLINK, XSW_DROP_NO_BUFFER);
	return wire_pass(skb, &f);
}

/* From a queue block: finished frames, so all that XDP can do is done here, uncounted until then. What
 * it cannot (copies, the host, its software in mode switchdev, an uplink that does not transmit XDP
 * frames) it leaves to xsw_port_rx.
 */
SEC("xdp")
int xsw_port_xdp(struct xdp_md *ctx)
{
	struct xsw_eswitch *e = eswitch_get();
	__u32 from = port_of(ctx->ingress_ifindex);
	struct xsw_port *p = port_get(from);
	struct xsw_stats *sender;
	enum xsw_drop why;
	struct frame f;
	__u32 to;

	if (!e || !p || from == XSW_UPLINK || is_switchdev(e) || !frame_from_xdp(&f, ctx) ||
	    f.cast != XSW_UNICAST)
		return XDP_PASS;
	why = admit(e, p, from, &f);
	to = fdb_port(e, &f.dst);
	if (!why && !xdp_decides(e, p, &f, to))
		return XDP_PASS;
	trace_in(ctx, from);
	sender = count_rx(from, &f);
	if (!why && port_is(p, XSW_PORT_TX_MAX) && !rate_tx(from, f.len))
		why = XSW_DROP_TX_RATE;
	if (why)
		return drop(ctx, from, why);
	trace(ctx, XSW_STEP_ADMIT, from, 0, f.dst.vlan);
	if (to == FDB_NONE)
		count_miss(sender);
	if (to == FDB_NONE || (to != from && port_is(p, XSW_PORT_ISOLATED)))
		return xdp_wire_send(ctx, e, &f, from);
	if (to == from)
		return drop(ctx, from, XSW_DROP_HAIRPIN);
	return xdp_port_send(ctx, e, &f, to, from);
}

/* From a function: its representor receives what it sends. */
SEC("tc")
int xsw_port_rx(struct __sk_buff *skb)
{
	struct xsw_eswitch *e = eswitch_get();
	__u32 from = port_of(skb->ifindex);
	struct xsw_port *p = port_get(from);
	struct xsw_stats *sender;
	enum xsw_drop why;
	struct frame f;

	if (is_loopback(skb))
		return TC_NEXT;
	trace_in(skb, from);
	if (!e || !p || from == XSW_UPLINK)
		return drop(skb, XSW_UPLINK, XSW_DROP_NO_PORT);
	if (!frame_from_skb(&f, skb))
		return drop(skb, from, XSW_DROP_MALFORMED);
	sender = count_rx(from, &f);
	skb->tc_index = 0;
	why = admit(e, p, from, &f);
	if (!why && port_is(p, XSW_PORT_TX_MAX) && !rate_tx(from, rate_bytes(skb, &f)))
		why = XSW_DROP_TX_RATE;
	if (why)
		return drop(skb, from, why);
	trace(skb, XSW_STEP_ADMIT, from, 0, f.dst.vlan);
	if (is_switchdev(e))
		return bridge_from_port(skb, e, &f, from, sender);
	if (f.cast == XSW_UNICAST)
		return port_unicast(skb, e, p, &f, from, sender);
	if (is_link_local(&f))
		return drop(skb, from, XSW_DROP_LINK_LOCAL);
	return port_flood(skb, e, p, &f, from);
}

/* To a function: what the eswitch has steered passes, the rest is the host's own on the representor. */
SEC("tc")
int xsw_port_tx(struct __sk_buff *skb)
{
	struct xsw_eswitch *e;
	__u32 port;

	if (origin_take(skb))
		return TC_NEXT;
	e = eswitch_get();
	port = port_of(skb->ifindex);
	trace_in(skb, XSW_END_REPRESENTOR);
	if (e && mode_of(e) == XSW_MODE_SWITCHDEV_INACTIVE)
		return drop(skb, port, XSW_DROP_ESWITCH_INACTIVE);
	count_slow_tx(port, skb->len + (skb->vlan_present ? sizeof(struct vlan_header) : 0));
	return pass(skb, port);
}

char _license[] SEC("license") = "GPL";
