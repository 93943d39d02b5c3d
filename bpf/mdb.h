/* SPDX-License-Identifier: GPL-2.0-only */
/* The multicast database: a group with members reaches only them, one without all ports. */
#ifndef XSW_BPF_MDB_H
#define XSW_BPF_MDB_H

#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "abi.h"
#include "frame.h"

/* (group, vlan, port) -> member
 *   writer: switchdev_model/tables/mdb.cc
 *   reader: mdb_has()
 *   miss:   the port is no member; with port XSW_UPLINK: the group has none
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, XSW_MAX_MDB);
	__type(key, struct xsw_mdb_key);
	__type(value, __u32);
} xsw_mdb SEC(".maps");

static __always_inline bool mdb_has(const struct frame *f, __u32 port)
{
	struct xsw_mdb_key key = {.vlan = f->dst.vlan, .port = port};

	mac_copy(key.mac, f->dst.mac);
	return bpf_map_lookup_elem(&xsw_mdb, &key);
}

static __always_inline bool mdb_knows(const struct frame *f)
{
	return f->cast == XSW_MULTICAST && mdb_has(f, XSW_UPLINK);
}

#endif
