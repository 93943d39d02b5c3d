/* SPDX-License-Identifier: GPL-2.0-only */
/* The hook that a program is on, known by what it runs on: an skb is at tc, an xdp_md at XDP. */
#ifndef XSW_BPF_HOOK_H
#define XSW_BPF_HOOK_H

#include <linux/bpf.h>

/* NAME_skb or NAME_xdp. */
#define by_hook(ctx, name)                                                                         \
	_Generic((ctx), struct __sk_buff *: name##_skb, struct xdp_md *: name##_xdp)

#endif
