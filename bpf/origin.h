/* SPDX-License-Identifier: GPL-2.0-only */
/* The origin tag: a frame that the eswitch has sent on passes its own hooks without being steered again.
 *
 * tc_index and not mark, which belongs to users. It survives bpf_redirect in both directions.
 */
#ifndef XSW_BPF_ORIGIN_H
#define XSW_BPF_ORIGIN_H

#include <stdbool.h>
#include <linux/bpf.h>

#include "abi.h"

static __always_inline void origin_set(struct __sk_buff *skb)
{
	skb->tc_index = XSW_ORIGIN_TAG;
}

/* True, and the tag is gone, if the eswitch has sent this frame. */
static __always_inline bool origin_take(struct __sk_buff *skb)
{
	if (skb->tc_index != XSW_ORIGIN_TAG)
		return false;
	skb->tc_index = 0;
	return true;
}

#endif
