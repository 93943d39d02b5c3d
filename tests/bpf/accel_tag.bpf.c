// SPDX-License-Identifier: GPL-2.0-only
/* Test only. What BPF_PROG_TEST_RUN cannot put into an skb, a program in front of the shipped one
 * can: an accelerated VLAN tag, tc_index, more than a page of data. And a witness of tc_index
 * behind it.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "abi.h"

#define NOT_PREPARED 99 /* no verdict of any shipped program */

/* 0 -> the shipped program to run
 *   writer: SwitchUnderTest::RunTc
 *   miss:   NOT_PREPARED, a failing test
 */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} shipped SEC(".maps");

__u32 want_len;	      /* 0: as it is */
__u16 want_tag_proto; /* host byte order, 0: no tag */
__u16 want_tci;
__u16 want_tc_index;

static __always_inline int prepare_frame(struct __sk_buff *skb)
{
	if (want_len && bpf_skb_change_tail(skb, want_len, 0))
		return NOT_PREPARED;
	if (want_tag_proto && bpf_skb_vlan_push(skb, bpf_htons(want_tag_proto), want_tci))
		return NOT_PREPARED;
	skb->tc_index = want_tc_index;
	bpf_tail_call(skb, &shipped, 0);
	return NOT_PREPARED;
}

SEC("tc")
int prepare(struct __sk_buff *skb)
{
	return prepare_frame(skb);
}

__u32 runs;	      /* on this skb */
__u16 left_tag_proto; /* the accelerated tag that the shipped program left, host byte order, 0: none */
__u16 left_tci;

/* BPF_PROG_TEST_RUN with repeat 2 runs twice on the same skb, and tells nothing of its accelerated tag:
 * the second run does.
 */
SEC("tc")
int prepare_and_look(struct __sk_buff *skb)
{
	if (!runs++)
		return prepare_frame(skb);
	left_tag_proto = skb->vlan_present ? bpf_ntohs(skb->vlan_proto) : 0;
	left_tci = skb->vlan_tci;
	return TC_ACT_UNSPEC;
}

__u64 witnessed;	/* frames that passed a witness, the lab's own markers left out */
__u64 witnessed_tagged; /* of these, with an origin tag left in them */

static __always_inline int witness_frame(struct __sk_buff *skb)
{
	__u32 mark = 0;

	/* The last four bytes of lab.cc's kMarkerMac. */
	if (bpf_skb_load_bytes(skb, ETH_ALEN + 2, &mark, sizeof(mark)) ||
	    mark == bpf_htonl(0x61726b72)) /* "arkr" */
		return 0;
	__sync_fetch_and_add(&witnessed, 1);
	if (skb->tc_index == XSW_ORIGIN_TAG)
		__sync_fetch_and_add(&witnessed_tagged, 1);
	return 1;
}

SEC("tc")
int witness(struct __sk_buff *skb)
{
	witness_frame(skb);
	return TC_ACT_UNSPEC;
}

__u16 host_tag_proto; /* of the last frame to the host, host byte order, 0: no accelerated tag */
__u16 host_tci;

/* The host's stack takes the tag off before a socket can see it. */
SEC("tc")
int witness_host(struct __sk_buff *skb)
{
	if (!witness_frame(skb))
		return TC_ACT_UNSPEC;
	host_tag_proto = skb->vlan_present ? bpf_ntohs(skb->vlan_proto) : 0;
	host_tci = skb->vlan_tci;
	return TC_ACT_UNSPEC;
}

/* A function that tries to pass its frames off as the eswitch's own. */
SEC("tc")
int forge(struct __sk_buff *skb)
{
	skb->tc_index = XSW_ORIGIN_TAG;
	return TC_ACT_UNSPEC;
}

char _license[] SEC("license") = "GPL";
