/* SPDX-License-Identifier: GPL-2.0-only */
/* The eswitch's own settings. */
#ifndef XSW_BPF_ESWITCH_H
#define XSW_BPF_ESWITCH_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "abi.h"
#include "build.h"

/* 0 -> settings of this eswitch
 *   writer: switchdev_model/eswitch/eswitch.cc
 *   reader: every program
 *   miss:   never, an array of one
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct xsw_eswitch);
} xsw_eswitch SEC(".maps");

static __always_inline struct xsw_eswitch *eswitch_get(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&xsw_eswitch, &zero);
}

static __always_inline __u8 mode_of(const struct xsw_eswitch *e)
{
	return build_has(XSW_BUILD_MODES) ? e->mode : XSW_MODE_LEGACY;
}

/* The kernel's software over the netdevs decides: nothing of ours does. */
static __always_inline bool is_switchdev(const struct xsw_eswitch *e)
{
	return mode_of(e) == XSW_MODE_SWITCHDEV;
}

/* Does any port get copies of unknown unicast? */
static __always_inline bool has_promisc(const struct xsw_eswitch *e)
{
	return build_has(XSW_PORT_PROMISC) && e->promisc && mode_of(e) == XSW_MODE_LEGACY;
}

#endif
