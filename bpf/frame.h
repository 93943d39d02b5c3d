/* SPDX-License-Identifier: GPL-2.0-only */
/* A parsed Ethernet frame: the addresses and the one VLAN that steering looks at.
 *
 * The same rules for an XDP frame and an skb. The tag that counts is the first one whose VLAN ID is
 * not 0: a priority tag (VLAN ID 0) is no VLAN, but Linux looks behind it, so a frame tagged 0 and then
 * 7 is in VLAN 7 to its receiver and must be so to us.
 */
#ifndef XSW_BPF_FRAME_H
#define XSW_BPF_FRAME_H

#include <stdbool.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "abi.h"
#include "build.h"

struct frame {
	struct xsw_fdb_key dst; /* destination MAC and the frame's VLAN */
	struct xsw_fdb_key src; /* source MAC and the same VLAN */
	__u32 len;		/* whole frame, Ethernet header included */
	enum xsw_cast cast;
	__u8 tags;   /* tags in front, up to the one that counts, 0 to 2: what it takes to untag it */
	__u8 qos;    /* priority and DEI, the upper 4 bits of the tag that it has, or gets */
	bool tagged; /* it carries the tag of its VLAN now */
	bool broken; /* its tags could not be changed, and are what nobody knows: it goes nowhere */
};

struct vlan_header {
	__be16 tci;
	__be16 proto; /* what follows */
};

struct cursor {
	void *pos;
	void *end;
};

/* The only bounds check: the next len bytes, or NULL. */
static __always_inline void *cursor_take(struct cursor *c, __u32 len)
{
	void *p = c->pos;

	if (p + len > c->end)
		return NULL;
	c->pos = p + len;
	return p;
}

static __always_inline bool is_vlan_proto(__be16 proto)
{
	return proto == bpf_htons(ETH_P_8021Q) || proto == bpf_htons(ETH_P_8021AD);
}

static __always_inline __u16 vlan_key(__u16 tci, __be16 proto)
{
	__u16 vid = tci & XSW_VLAN_MASK;

	if (vid && proto == bpf_htons(ETH_P_8021AD))
		vid |= XSW_VLAN_AD;
	return vid;
}

/* One 4-byte and one 2-byte copy; byte by byte is what clang makes of memcpy from packed headers. */
static __always_inline void mac_copy(__u8 *to, const __u8 *from)
{
	*(__u32 *)to = *(const __u32 *)from;
	*(__u16 *)(to + 4) = *(const __u16 *)(from + 4);
}

/* In the same two steps. */
static __always_inline bool mac_equal(const __u8 *a, const __u8 *b)
{
	return *(const __u32 *)a == *(const __u32 *)b &&
	       *(const __u16 *)(a + 4) == *(const __u16 *)(b + 4);
}

/* 01:80:c2:00:00:00 to 0f: never forwarded by a bridge (IEEE 802.1Q, table 8-1). */
static __always_inline bool is_link_local(const struct frame *f)
{
	const __u8 *m = f->dst.mac;

	return m[0] == 0x01 && m[1] == 0x80 && m[2] == 0xc2 && m[3] == 0 && m[4] == 0 &&
	       (m[5] & 0xf0) == 0;
}

static __always_inline enum xsw_cast cast_of(const __u8 *mac)
{
	if (!(mac[0] & 1))
		return XSW_UNICAST;
	if (mac[0] == 0xff && mac[1] == 0xff && mac[2] == 0xff && mac[3] == 0xff &&
	    mac[4] == 0xff && mac[5] == 0xff)
		return XSW_BROADCAST;
	return XSW_MULTICAST;
}

/* Read addresses and VLAN. vlan is that of an accelerated tag, 0 for none; accelerated is how many
 * such tags there are, qos the upper bits of that tag. At most two are looked at in all. False:
 * malformed.
 */
static __always_inline bool frame_parse(struct frame *f, struct cursor c, __u16 vlan,
					__u8 qos, int accelerated)
{
	struct ethhdr *eth = cursor_take(&c, sizeof(*eth));
	struct vlan_header *tag;
	__be16 proto;

	if (!eth)
		return false;
	mac_copy(f->dst.mac, eth->h_dest);
	mac_copy(f->src.mac, eth->h_source);
	f->cast = cast_of(f->dst.mac);
	f->tags = accelerated;
	f->qos = qos;
	f->broken = false;
	proto = eth->h_proto;

	for (int i = 0; i < 2; i++) {
		if (i + accelerated >= 2 || vlan || !is_vlan_proto(proto))
			break;
		tag = cursor_take(&c, sizeof(*tag));
		if (!tag)
			return false;
		vlan = vlan_key(bpf_ntohs(tag->tci), proto);
		f->qos = bpf_ntohs(tag->tci) >> 12;
		proto = tag->proto;
		f->tags++;
	}
	f->dst.vlan = vlan;
	f->src.vlan = vlan;
	f->tagged = vlan != 0;
	return vlan || !is_vlan_proto(proto);
}

static __always_inline bool frame_from_xdp(struct frame *f, struct xdp_md *ctx)
{
	struct cursor c = { (void *)(long)ctx->data, (void *)(long)ctx->data_end };

	f->len = bpf_xdp_get_buff_len(ctx);
	return frame_parse(f, c, 0, 0, 0);
}

/* The stack's own copy of a multicast that it has sent, on its way back up: it has no Ethernet header
 * (ip_mc_output, dev_loopback_xmit), and nobody on a wire can make one.
 */
static __always_inline bool is_loopback(const struct __sk_buff *skb)
{
	return skb->pkt_type == PACKET_LOOPBACK;
}

static __always_inline bool frame_parse_skb(struct frame *f, struct __sk_buff *skb)
{
	struct cursor c = { (void *)(long)skb->data, (void *)(long)skb->data_end };

	f->len = skb->len;
	if (!skb->vlan_present)
		return frame_parse(f, c, 0, 0, 0);
	f->len += sizeof(struct vlan_header);
	return frame_parse(f, c, vlan_key(skb->vlan_tci, skb->vlan_proto), (skb->vlan_tci >> 12) & 15,
			   1);
}

/* Tags can lie outside the linear part; pulling them in is rare and moves the data. A global function: the
 * verifier looks at it once.
 */
__global_func int frame_pull(struct __sk_buff *skb, struct frame *f)
{
	const __u32 most = sizeof(struct ethhdr) + 2 * sizeof(struct vlan_header);

	if (!f || bpf_skb_pull_data(skb, most < skb->len ? most : skb->len))
		return false;
	return frame_parse_skb(f, skb);
}

static __always_inline bool frame_from_skb(struct frame *f, struct __sk_buff *skb)
{
	return frame_parse_skb(f, skb) || frame_pull(skb, f);
}

#endif
