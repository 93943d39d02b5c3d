/* SPDX-License-Identifier: GPL-2.0-only */
/* Copies to many ports: broadcast and multicast to the members, unknown unicast to the promiscuous. */
#ifndef XSW_BPF_FLOOD_H
#define XSW_BPF_FLOOD_H

#include <linux/bpf.h>
#include <linux/errno.h>
#include <bpf/bpf_helpers.h>

#include "abi.h"
#include "frame.h"
#include "mdb.h"
#include "mtu.h"
#include "origin.h"
#include "port.h"
#include "rate.h"
#include "stats.h"
#include "trace.h"
#include "vlan.h"

#define NET_XMIT_CN 2 /* include/linux/netdevice.h */

enum flood_to {
	FLOOD_ALL,     /* broadcast; multicast, as xsw_mdb says */
	FLOOD_PROMISC, /* ports that get unknown unicast too */
};

struct flood {
	struct __sk_buff *skb;
	struct frame *frame;
	const struct xsw_eswitch *e;
	__u32 at;      /* the port just served */
	__u32 exclude; /* the sender's port; XSW_UPLINK, which is no member, for none */
	enum flood_to to;
	bool group; /* xsw_mdb knows the members */
	bool tagged; /* the port being served gets the frame tagged */
};

/* Does the port get a copy? What it is no member of is not dropped: it is not meant for it. */
static __always_inline bool flood_wants(struct flood *c, __u32 port, const struct xsw_port *p)
{
	if (port == c->exclude || !vlan_carries(port, p, c->frame->dst.vlan, &c->tagged))
		return false;
	if (c->exclude != XSW_UPLINK && port_is(p, XSW_PORT_ISOLATED))
		return false;
	if (c->to == FLOOD_PROMISC)
		return port_is(p, XSW_PORT_PROMISC);
	return !c->group || port_is(p, XSW_PORT_ALLMULTI) || mdb_has(c->frame, port);
}

/* What the kernel answers, and does not document, where a netdev has gone (no such ifindex), is down, or
 * sees no carrier because its other end is (noop_enqueue(); dev_hard_start_xmit() until the kernel has noticed).
 * All else is a lack of memory or room.
 */
static __always_inline enum xsw_drop clone_send(struct __sk_buff *skb, __u32 ifindex)
{
	long err = bpf_clone_redirect(skb, ifindex, 0);

	if (!err)
		return XSW_DROP_NONE;
	return err == -EINVAL || err == -ENETDOWN || err == NET_XMIT_CN ? XSW_DROP_DETACHED :
									   XSW_DROP_NO_BUFFER;
}

static __always_inline enum xsw_drop flood_copy(struct flood *c, __u32 port,
						const struct xsw_port *p)
{
	__u32 ifindex = port_ifindex(port);
	enum xsw_drop why = XSW_DROP_NONE;

	if (port_is(p, XSW_PORT_LINK_OFF))
		return XSW_DROP_LINK_DOWN;
	if (!ifindex)
		return XSW_DROP_DETACHED;
	if (!vlan_dress(c->skb, c->frame, c->tagged))
		return XSW_DROP_NO_BUFFER;
	if (mtu_exceeded(c->skb, ifindex, mtu_port(c->e, p)))
		return XSW_DROP_MTU;
	if (port_is(p, XSW_PORT_RX_MAX) && !rate_rx(port, rate_bytes(c->skb, c->frame)))
		return XSW_DROP_RX_RATE;
	if (!explaining)
		why = clone_send(c->skb, ifindex);
	if (why)
		return why;
	trace(c->skb, XSW_STEP_TO_PORT, port, c->frame->tagged, c->frame->dst.vlan);
	count_tx(port, c->frame);
	return XSW_DROP_NONE;
}

/* One step of bpf_loop along the list of members, which starts at the uplink and ends in 0. */
static long flood_step(__u32 step, struct flood *c)
{
	struct xsw_port *p = port_get(c->at);
	enum xsw_drop why;

	if (!p || !p->next_member)
		return 1;
	c->at = p->next_member;
	p = port_get(c->at);
	if (!p || !flood_wants(c, c->at, p))
		return 0;
	why = flood_copy(c, c->at, p);
	if (why)
		drop_copy(c->skb, c->at, why);
	return 0;
}

/* Copies go to the representors, never by redirect_peer, which would make every receiver take a
 * multicast frame as addressed to itself. skb is the caller's to send on afterwards, in whatever dress
 * the last copy went (f->tagged).
 */
static __always_inline void flood(struct __sk_buff *skb, const struct xsw_eswitch *e,
				  struct frame *f, __u32 exclude, enum flood_to to)
{
	struct flood c = { .skb = skb, .frame = f, .e = e, .at = XSW_UPLINK, .exclude = exclude, .to = to,
			   .group = to == FLOOD_ALL && mdb_knows(f) };
	__u32 tc_index = skb->tc_index;

	origin_set(skb);
	bpf_loop(XSW_MAX_PORTS + 1, flood_step, &c, 0);
	skb->tc_index = tc_index;
}

#endif
