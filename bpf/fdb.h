/* SPDX-License-Identifier: GPL-2.0-only */
/* The forwarding database. */
#ifndef XSW_BPF_FDB_H
#define XSW_BPF_FDB_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "abi.h"
#include "build.h"

/* (mac, vlan) -> port
 *   writer: switchdev_model/tables/fdb.cc
 *   reader: fdb_port()
 *   miss:   the eswitch's miss policy: from the uplink to the host, from a port to the uplink
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, XSW_MAX_FDB);
	__type(key, struct xsw_fdb_key);
	__type(value, struct xsw_fdb_entry);
} xsw_fdb SEC(".maps");

/* What a CPU has looked up of late: slot -> answer, of this CPU. The hash costs 30 ns a frame,
 * this 5. writer: fdb_port() reader: fdb_port() miss:   another key, or an answer of before the
 * FDB's last change: look into xsw_fdb
 */
#define FDB_CACHE_BITS 10
struct fdb_answer {
	__u64 key;
	__u32 generation; /* xsw_eswitch.fdb_generation when it was given */
	__u32 port;
};
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1 << FDB_CACHE_BITS);
	__type(key, __u32);
	__type(value, struct fdb_answer);
} xsw_fdb_cache SEC(".maps");

#define FDB_NONE 0xffffffff /* no port, not even XSW_UPLINK */

static __always_inline __u64 fdb_word(const __u8 *mac, __u16 vlan)
{
	return *(const __u32 *)mac | (__u64) * (const __u16 *)(mac + 4) << 32 | (__u64)vlan << 48;
}

/* Fibonacci hashing, of the VLAN as well: a router has one address in all of them. */
static __always_inline __u32 fdb_slot(__u64 word)
{
	return ((__u32)(word >> 16) ^ (__u32)(word >> 32)) * 0x9e3779b1 >> (32 - FDB_CACHE_BITS);
}

static __always_inline __u32 fdb_lookup(const struct xsw_fdb_key *key)
{
	struct xsw_fdb_entry *entry = bpf_map_lookup_elem(&xsw_fdb, key);

	return entry ? entry->port : FDB_NONE;
}

/* The port that has the address, XSW_UPLINK for the host, FDB_NONE. The generation is read before
 * the hash: an answer that a change has overtaken is of the generation before.
 */
static __always_inline __u32 fdb_port(const struct xsw_eswitch *e, const struct xsw_fdb_key *key)
{
	__u32 generation = *(const volatile __u32 *)&e->fdb_generation;
	__u64 word = fdb_word(key->mac, key->vlan);
	__u32 slot = fdb_slot(word);
	struct fdb_answer *answer = bpf_map_lookup_elem(&xsw_fdb_cache, &slot);

	if (explaining || !answer)
		return fdb_lookup(key);
	if (answer->key != word || answer->generation != generation) {
		answer->port = fdb_lookup(key);
		answer->key = word;
		answer->generation = generation;
	}
	return answer->port;
}

static __always_inline bool fdb_is_port(__u32 port)
{
	return port != FDB_NONE && port != XSW_UPLINK;
}

#endif
