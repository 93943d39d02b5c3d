/* SPDX-License-Identifier: GPL-2.0-only */
/* The forwarding database. */
#ifndef XSW_BPF_FDB_H
#define XSW_BPF_FDB_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "abi.h"

/* (mac, vlan) -> port
 *   writer: switchdev_model/fdb.cc
 *   reader: fdb_lookup()
 *   miss:   the eswitch's miss policy: from the uplink to the host, from a port to the uplink
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, XSW_MAX_FDB);
	__type(key, struct xsw_fdb_key);
	__type(value, struct xsw_fdb_entry);
} xsw_fdb SEC(".maps");

static __always_inline struct xsw_fdb_entry *fdb_lookup(const struct xsw_fdb_key *key)
{
	return bpf_map_lookup_elem(&xsw_fdb, key);
}

#endif
