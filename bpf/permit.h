/* SPDX-License-Identifier: GPL-2.0-only */
/* In mode switchdev: the frames that the kernel's bridge has permitted the fast path. All others rise. */
#ifndef XSW_BPF_PERMIT_H
#define XSW_BPF_PERMIT_H

#include <stdbool.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "abi.h"
#include "build.h"
#include "fdb.h"
#include "frame.h"
#include "netfilter.h"

/* 0 -> until when permits are valid
 *   writer: switchdev_model/tables/permit.cc
 *   reader: permit_port()
 *   miss:   never, an array of one
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct xsw_lease);
} xsw_lease SEC(".maps");

/* port -> its place in a bridge
 *   writer: switchdev_model/tables/permit.cc, for xsw-bridge and `port add`
 *   reader: permit_port()
 *   miss:   never for a port index
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, XSW_MAX_PORTS + 1);
	__type(key, __u32);
	__type(value, struct xsw_bport);
} xsw_bport SEC(".maps");

/* (bridge, VLAN, address) -> the port behind which it is
 *   writer: switchdev_model/tables/permit.cc; rise_at: permit_rises()
 *   reader: permit_find()
 *   miss:   the frame rises
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, XSW_MAX_PERMITS);
	__type(key, struct xsw_permit_key);
	__type(value, struct xsw_permit);
} xsw_permit SEC(".maps");

/* What a CPU has looked up of late, as xsw_fdb_cache. */
struct permit_answer {
	__u64 word; /* address and VLAN */
	__u32 bridge;
	__u32 generation; /* xsw_lease.generation when it was given */
	struct xsw_permit permit;
};
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1 << FDB_CACHE_BITS);
	__type(key, __u32);
	__type(value, struct permit_answer);
} xsw_permit_cache SEC(".maps");

#define PERMIT_NONE FDB_NONE

/* The bridge that the port is in; 0: none. */
static __always_inline __u32 permit_bridge(__u32 port)
{
	const struct xsw_bport *b = bpf_map_lookup_elem(&xsw_bport, &port);

	return b ? *(const volatile __u32 *)&b->bridge : 0;
}

/* The VLAN that the frame is in, in that bridge; -1: a frame that the bridge looks at in another way. */
static __always_inline int permit_vlan(const struct xsw_bport *b, const struct frame *f)
{
	if (!(b->flags & XSW_BPORT_VLANS))
		return 0;
	/* Priority tags. (For tags of 802.1ad, other VLANs than those, there are no permits.) */
	if (f->tags != f->tagged)
		return -1;
	if (f->tagged)
		return f->dst.vlan;
	return b->pvid ? b->pvid : -1;
}

/* A copy of this CPU's own, while explaining the caller's, or NULL. Without a permit it has no flags. */
static __always_inline struct permit_answer *
permit_find(const struct xsw_permit_key *key, __u32 generation, struct permit_answer *own)
{
	__u64 word = fdb_word(key->mac, key->vlan);
	__u32 slot = fdb_slot(word);
	struct permit_answer *answer = bpf_map_lookup_elem(&xsw_permit_cache, &slot);
	struct xsw_permit *permit;

	if (explaining)
		answer = own;
	if (!answer || (!explaining && answer->word == word && answer->bridge == key->bridge &&
			answer->generation == generation))
		return answer;
	permit = bpf_map_lookup_elem(&xsw_permit, key);
	answer->permit = permit ? *permit : (struct xsw_permit){};
	answer->word = word;
	answer->bridge = key->bridge;
	answer->generation = generation;
	return answer;
}

static __always_inline bool permit_between(const struct xsw_permit *source,
					   const struct xsw_permit *target, __u32 from)
{
	return (source->flags & XSW_PERMIT_FROM) && source->port == from && target->port != from &&
	       !(source->flags & target->flags & XSW_PERMIT_ISOLATED);
}

/* The bridge must see a frame of an address from time to time, or forgets it. One CPU's is enough. */
static __always_inline bool permit_rises(struct xsw_permit *source, const struct xsw_permit_key *key,
					 __u64 now, __u64 refresh)
{
	struct xsw_permit *shared;

	if (!(source->flags & XSW_PERMIT_AGES) || now < source->rise_at)
		return false;
	shared = bpf_map_lookup_elem(&xsw_permit, key);
	if (!shared)
		return true;
	if (now < shared->rise_at) {
		source->rise_at = shared->rise_at;
		return false;
	}
	if (!explaining)
		shared->rise_at = now + refresh;
	return true;
}

/* ARP and neighbour discovery, which bridges may answer: that is ICMPv6 right behind the IPv6 header
 * (br_is_nd_neigh_msg()). Of what has its tag in the data nothing is known.
 */
static __always_inline bool may_be_answered(const struct __sk_buff *skb)
{
	struct cursor c = { (void *)(long)skb->data, (void *)(long)skb->data_end };
	const struct ipv6hdr *ip;

	if (skb->protocol != bpf_htons(ETH_P_IPV6) || !cursor_take(&c, sizeof(struct ethhdr)))
		return skb->protocol != bpf_htons(ETH_P_IP);
	ip = cursor_take(&c, sizeof(*ip));
	return !ip || ip->nexthdr == IPPROTO_ICMPV6;
}

/* Is the time of all permits not over, and may frames of this kind go past the bridge? */
static __always_inline bool permit_open(const struct xsw_lease *lease, const struct xsw_bport *b,
					const struct __sk_buff *skb, const struct frame *f, __u64 now)
{
	if (now >= *(const volatile __u64 *)&lease->until || f->cast != XSW_UNICAST)
		return false;
	if ((b->flags & XSW_BPORT_NETFILTER) && !netfilter_leaves(skb, f))
		return false;
	return !(b->flags & XSW_BPORT_SUPPRESS) || !may_be_answered(skb);
}

/* The port, or the wire, that gets this frame, and whether tagged; PERMIT_NONE: it rises. It is given the
 * VLAN that it has in the bridge. The generation is read before the permits, as fdb_port() does.
 */
static __always_inline __u32 permit_port(const struct __sk_buff *skb, struct frame *f, __u32 from,
					 bool *tagged)
{
	__u32 zero = 0, generation;
	const struct xsw_lease *lease = bpf_map_lookup_elem(&xsw_lease, &zero);
	const struct xsw_bport *b = bpf_map_lookup_elem(&xsw_bport, &from);
	struct permit_answer *source, *target, own = {};
	struct xsw_permit_key key = {};
	struct xsw_permit to;
	__u64 now;
	int vlan;

	key.bridge = b ? *(const volatile __u32 *)&b->bridge : 0;
	if (!lease || !b || !key.bridge)
		return PERMIT_NONE;
	now = bpf_ktime_get_coarse_ns();
	generation = *(const volatile __u32 *)&lease->generation;
	vlan = permit_vlan(b, f);
	if (!permit_open(lease, b, skb, f, now) || vlan < 0)
		return PERMIT_NONE;
	key.vlan = vlan;
	mac_copy(key.mac, f->dst.mac);
	target = permit_find(&key, generation, &own);
	if (!target || !(target->permit.flags & XSW_PERMIT_TO))
		return PERMIT_NONE;
	to = target->permit; /* the source may have the same slot */
	mac_copy(key.mac, f->src.mac);
	source = permit_find(&key, generation, &own);
	if (!source || !permit_between(&source->permit, &to, from) ||
	    permit_rises(&source->permit, &key, now, b->refresh))
		return PERMIT_NONE;
	*tagged = vlan ? !!(to.flags & XSW_PERMIT_TAGGED) : f->tagged;
	f->dst.vlan = vlan ? vlan : f->dst.vlan;
	return to.port;
}

#endif
