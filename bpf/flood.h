/* SPDX-License-Identifier: GPL-2.0-only */
/* Broadcast and multicast: one copy to each member port but the sender. */
#ifndef XSW_BPF_FLOOD_H
#define XSW_BPF_FLOOD_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "abi.h"
#include "frame.h"
#include "origin.h"
#include "port.h"
#include "stats.h"

struct flood {
	struct __sk_buff *skb;
	const struct frame *frame;
	__u32 at;      /* the port just served */
	__u32 exclude; /* the sender's port; XSW_UPLINK, which is no member, for none */
};

static __always_inline void flood_to(struct flood *c, __u32 port)
{
	__u32 ifindex = port_ifindex(port);

	if (!ifindex)
		count_drop(port, XSW_DROP_DETACHED);
	else if (bpf_clone_redirect(c->skb, ifindex, 0))
		count_drop(port, XSW_DROP_NO_BUFFER);
	else
		count_tx(port, c->frame);
}

/* One step of bpf_loop along the list of members, which starts at the uplink and ends in 0. */
static long flood_step(__u32 step, struct flood *c)
{
	struct xsw_port *p = port_get(c->at);

	if (!p || !p->next_member)
		return 1;
	c->at = p->next_member;
	if (c->at != c->exclude)
		flood_to(c, c->at);
	return 0;
}

/* Copies go to the representors, never by redirect_peer, which would make every receiver take a
 * multicast frame as addressed to itself. skb itself is left as it was, for the caller to send on.
 */
static __always_inline void flood(struct __sk_buff *skb, const struct frame *f, __u32 exclude)
{
	struct flood c = { .skb = skb, .frame = f, .at = XSW_UPLINK, .exclude = exclude };
	__u32 tc_index = skb->tc_index;

	/* Every port is untagged: no member has any VLAN. */
	if (f->dst.vlan)
		return;
	origin_set(skb);
	bpf_loop(XSW_MAX_PORTS + 1, flood_step, &c, 0);
	skb->tc_index = tc_index;
}

#endif
