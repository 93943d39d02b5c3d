/* SPDX-License-Identifier: GPL-2.0-only */
/* VLANs of ports: which a port carries, and the tag a frame wears where it goes.
 *
 * Inside the eswitch a frame is in one VLAN, 0 being the untagged one. A port sees its pvid's
 * frames untagged and those of a trunk's other VLANs tagged; wire and host see all but VLAN 0
 * tagged.
 *
 * Global functions: the verifier looks at each of them once, not at every path to every call.
 */
#ifndef XSW_BPF_VLAN_H
#define XSW_BPF_VLAN_H

#include <stdbool.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "abi.h"
#include "eswitch.h"
#include "frame.h"
#include "port.h"

/* port -> the VLANs of a trunk, its pvid included
 *   writer: switchdev_model/policy/vlan.cc
 *   reader: vlan_carries()
 *   miss:   never for a port index
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, XSW_MAX_PORTS + 1);
	__type(key, __u32);
	__type(value, struct xsw_vlans);
} xsw_vlan SEC(".maps");

static __always_inline bool vlan_in_trunk(__u32 port, __u16 vlan)
{
	const struct xsw_vlans *v;

	if (vlan > XSW_VLAN_MASK) /* 802.1ad is nobody's */
		return false;
	v = bpf_map_lookup_elem(&xsw_vlan, &port);
	return v && v->member[(vlan >> 6) & 63] >> (vlan & 63) & 1;
}

/* Once: it may change under the program. */
static __always_inline __u16 vlan_pvid(const struct xsw_port *p)
{
	return build_has(XSW_PORT_TRUNK) ? *(const volatile __u16 *)&p->pvid : 0;
}

/* May frames of this VLAN go to the port, and tagged? */
static __always_inline bool vlan_carries(__u32 port, const struct xsw_port *p, __u16 vlan,
					 bool *tagged)
{
	*tagged = vlan != vlan_pvid(p);
	if (!*tagged)
		return true;
	return port_is(p, XSW_PORT_TRUNK) && vlan_in_trunk(port, vlan);
}

/* A frame from a port gets its VLAN. False: the port may not send it. A tag is for trunks only: an
 * access port that tags its own VLAN could as well try another's. In mode switchdev a port of which
 * nothing is said passes every tag: its VLANs are the bridge's.
 */
static __always_inline bool vlan_admit(const struct xsw_eswitch *e, __u32 port,
				       const struct xsw_port *p, struct frame *f)
{
	__u16 pvid = vlan_pvid(p);

	if (f->dst.vlan && port_is(p, XSW_PORT_TRUNK))
		return vlan_in_trunk(port, f->dst.vlan);
	if (f->dst.vlan)
		return !pvid && is_switchdev(e);
	if (!pvid)
		return true;
	if (pvid == XSW_VLAN_NONE)
		return false;
	f->dst.vlan = pvid;
	f->src.vlan = pvid;
	f->qos = p->qos << 1;
	return true;
}

static __always_inline __u16 vlan_tci(const struct frame *f)
{
	return (__u16)f->qos << 12 | f->dst.vlan;
}

/* bpf_skb_vlan_pop looks at skb->protocol alone, and without a word leaves the tag where it is when
 * that is not a tag's: so it is with frames of a packet socket that says another protocol than the
 * frame does. Two more tags make the kernel take note, and with the first two pops the frame's own
 * is accelerated.
 */
static __always_inline bool vlan_show(struct __sk_buff *skb)
{
	if (skb->vlan_present || is_vlan_proto(skb->protocol))
		return true;
	return !bpf_skb_vlan_push(skb, bpf_htons(ETH_P_8021Q), 0) &&
	       !bpf_skb_vlan_push(skb, bpf_htons(ETH_P_8021Q), 0) && !bpf_skb_vlan_pop(skb) &&
	       !bpf_skb_vlan_pop(skb);
}

/* Priority tags go with the untagging, and make place for the tag that is pushed. */
static __always_inline bool vlan_swap(struct __sk_buff *skb, struct frame *f)
{
	if (f->tags && !vlan_show(skb))
		return false;
	for (int i = 0; i < 2; i++) {
		if (i < f->tags && bpf_skb_vlan_pop(skb))
			return false;
	}
	f->len -= f->tags * sizeof(struct vlan_header);
	f->tags = 0;
	f->tagged = !f->tagged;
	if (!f->tagged)
		return true;
	f->tags = 1;
	f->len += sizeof(struct vlan_header);
	return !bpf_skb_vlan_push(skb, bpf_htons(ETH_P_8021Q), vlan_tci(f));
}

__global_func int vlan_retag(struct __sk_buff *skb, struct frame *f)
{
	if (!f)
		return false;
	f->broken = !vlan_swap(skb, f);
	return !f->broken;
}

/* The frame as one who sees its VLAN tagged, or not, is to get it. False: no memory, now or before.
 */
static __always_inline bool vlan_dress(struct __sk_buff *skb, struct frame *f, bool tagged)
{
	if (!build_has(XSW_PORT_TRUNK) || !f->dst.vlan)
		return true;
	return !f->broken && (f->tagged == tagged || vlan_retag(skb, f));
}

struct vlan_macs {
	__u32 word[3];
};

/* The same in the data of an XDP frame: the addresses move, and a tag is written behind them. */
__global_func int vlan_retag_xdp(struct xdp_md *ctx, struct frame *f)
{
	bool tagged = f && !f->tagged;
	int shift = f ? (f->tags - (tagged ? 1 : 0)) * (int)sizeof(struct vlan_header) : 0;
	struct vlan_macs macs, *to;
	struct cursor c = {(void *)(long)ctx->data, (void *)(long)ctx->data_end};
	__be16 *tag;

	to = cursor_take(&c, sizeof(*to));
	if (!to || !f)
		return false;
	macs = *to;
	if (shift && bpf_xdp_adjust_head(ctx, shift))
		return false;
	c = (struct cursor){(void *)(long)ctx->data, (void *)(long)ctx->data_end};
	to = cursor_take(&c, sizeof(*to));
	if (!to)
		return false;
	*to = macs;
	f->tags = tagged;
	f->tagged = tagged;
	f->len -= shift;
	if (!tagged)
		return true;
	tag = cursor_take(&c, 2 * sizeof(*tag));
	if (!tag)
		return false;
	tag[0] = bpf_htons(ETH_P_8021Q);
	tag[1] = bpf_htons(vlan_tci(f));
	return true;
}

static __always_inline bool vlan_dress_xdp(struct xdp_md *ctx, struct frame *f, bool tagged)
{
	return !build_has(XSW_PORT_TRUNK) || !f->dst.vlan || f->tagged == tagged ||
	       vlan_retag_xdp(ctx, f);
}

#endif
