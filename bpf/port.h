/* SPDX-License-Identifier: GPL-2.0-only */
/* Ports: their attributes, and the netdevs behind their indices. */
#ifndef XSW_BPF_PORT_H
#define XSW_BPF_PORT_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "abi.h"
#include "build.h"
#include "eswitch.h"

/* port -> attributes
 *   writer: switchdev_model/ports/port.cc
 *   reader: port_get()
 *   miss:   never for an index in the FDB or in xsw_rep
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, XSW_MAX_PORTS + 1);
	__type(key, __u32);
	__type(value, struct xsw_port);
} xsw_port SEC(".maps");

/* port -> what only userspace needs of it
 *   writer: switchdev_model/ports/port.cc
 *   reader: userspace; no program
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, XSW_MAX_PORTS + 1);
	__type(key, __u32);
	__type(value, struct xsw_port_conf);
} xsw_port_conf SEC(".maps");

/* slot of a representor's ifindex -> port. An array, which costs a tenth of a hash's look-up, for
 * every frame that a port sends. writer: switchdev_model/ports/representor.cc reader: port_of()
 *   miss:   the netdev is no representor of ours; drop, reason no_port
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, XSW_REP_SLOTS);
	__type(key, __u32);
	__type(value, struct xsw_rep_slot);
} xsw_rep SEC(".maps");

/* port -> representor, twice: a devmap belongs to the type of the first program that uses it, so
 * XDP and tc programs cannot share one (kernel/bpf/core.c, bpf_prog_map_compatible). The tc
 * programs only look the ifindex up; a devmap because the kernel itself takes an entry out when its
 * netdev goes. The uplink has entries, too, in xsw_dev_tc for that alone: an eswitch without any
 * netdev is dead. writer: userspace/targets.cc, and the kernel reader: bpf_redirect_map() on
 * xsw_dev_xdp, port_ifindex() on xsw_dev_tc miss:   the netdevs are gone: drop, reason detached
 */
struct xsw_devmap {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, XSW_MAX_PORTS + 1);
	__type(key, __u32);
	__type(value, struct bpf_devmap_val);
} xsw_dev_xdp SEC(".maps"), xsw_dev_tc SEC(".maps");

static __always_inline struct xsw_port *port_get(__u32 port)
{
	return bpf_map_lookup_elem(&xsw_port, &port);
}

/* flag: XSW_PORT_*, a feature of the port. */
static __always_inline bool port_is(const struct xsw_port *p, __u16 flag)
{
	return build_has(flag) && (p->flags & flag);
}

/* Why a port takes no part. */
static __always_inline enum xsw_drop port_closed(const struct xsw_eswitch *e,
						 const struct xsw_port *p)
{
	if (mode_of(e) == XSW_MODE_SWITCHDEV_INACTIVE)
		return XSW_DROP_ESWITCH_INACTIVE;
	if (!p || !(p->flags & XSW_PORT_ACTIVE))
		return XSW_DROP_INACTIVE;
	if (port_is(p, XSW_PORT_LINK_OFF))
		return XSW_DROP_LINK_DOWN;
	return XSW_DROP_NONE;
}

/* The port whose representor this netdev is, or XSW_UPLINK: none. */
static __always_inline __u32 port_of(__u32 ifindex)
{
	__u32 slot = ifindex % XSW_REP_SLOTS;
	struct xsw_rep_slot *rep = bpf_map_lookup_elem(&xsw_rep, &slot);

	return rep && rep->ifindex == ifindex ? rep->port : XSW_UPLINK;
}

/* The port's representor, 0 when it is gone. */
static __always_inline __u32 port_ifindex(__u32 port)
{
	struct bpf_devmap_val *dev = bpf_map_lookup_elem(&xsw_dev_tc, &port);

	return dev ? dev->ifindex : 0;
}

#endif
