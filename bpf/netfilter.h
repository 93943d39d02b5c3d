/* SPDX-License-Identifier: GPL-2.0-only */
/* What br_netfilter makes of bridged IP packets before any rule: it drops those whose header is wrong, and
 * cuts off what is behind a packet (br_validate_ipv4(), br_validate_ipv6()). Packets that it would leave
 * as they are may go past it.
 */
#ifndef XSW_BPF_NETFILTER_H
#define XSW_BPF_NETFILTER_H

#include <stdbool.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <bpf/bpf_endian.h>

#include "frame.h"

/* Without options, which it looks through. */
static __always_inline bool netfilter_leaves_ipv4(const struct __sk_buff *skb, struct cursor c)
{
	const struct iphdr *ip = cursor_take(&c, sizeof(*ip));
	const __u16 *word = (const __u16 *)ip;
	__u32 sum = 0;

	if (!ip || ip->version != 4 || ip->ihl != 5 ||
	    bpf_ntohs(ip->tot_len) + sizeof(struct ethhdr) != skb->len)
		return false;
	for (int i = 0; i < 10; i++)
		sum += word[i];
	/* RFC 1071: twice, as the first may carry once more. */
	sum = (sum & 0xffff) + (sum >> 16);
	return (sum & 0xffff) + (sum >> 16) == 0xffff;
}

/* Without the hop-by-hop header, which it looks through. */
static __always_inline bool netfilter_leaves_ipv6(const struct __sk_buff *skb, struct cursor c)
{
	const struct ipv6hdr *ip = cursor_take(&c, sizeof(*ip));

	return ip && ip->version == 6 && ip->nexthdr != IPPROTO_HOPOPTS &&
	       bpf_ntohs(ip->payload_len) + sizeof(*ip) + sizeof(struct ethhdr) == skb->len;
}

/* It looks at no frame that has a tag. */
static __always_inline bool netfilter_leaves(const struct __sk_buff *skb, const struct frame *f)
{
	struct cursor c = { (void *)(long)skb->data, (void *)(long)skb->data_end };

	if (f->tags || !cursor_take(&c, sizeof(struct ethhdr)))
		return f->tags;
	if (skb->protocol == bpf_htons(ETH_P_IP))
		return netfilter_leaves_ipv4(skb, c);
	if (skb->protocol == bpf_htons(ETH_P_IPV6))
		return netfilter_leaves_ipv6(skb, c);
	return true;
}

#endif
