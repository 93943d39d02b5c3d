/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* All that the BPF programs and userspace both see: the values of the pinned maps.
 *
 * Both compilers check every size. Integers are in host byte order, MAC addresses in wire order,
 * sizes in bytes. A change of any struct or enum below is a new XSW_ABI_VERSION.
 */
#ifndef XSW_BPF_ABI_H
#define XSW_BPF_ABI_H

#include <linux/types.h>

#ifndef __cplusplus
#define static_assert _Static_assert
#endif

#ifndef XSW_ABI_VERSION /* the next one, for tests of the upgrade */
#define XSW_ABI_VERSION 7u
#endif
#define XSW_MAX_PORTS	4096u /* ports 1..4096; port 0 is the uplink */
#define XSW_MAX_FDB	65536u
#define XSW_MAX_MDB	65536u
#define XSW_MAX_EXTRA_MACS 128u /* of one port, beside its hw_addr */
#define XSW_MAX_QUEUES	64u    /* of one queues port */
/* ifindex of the function end of queues port p, in whatever namespace: XSW_QUEUES_IFINDEX + p. Chosen by
 * us, so that one program serves all function ends and knows the port from the frame's netdev.
 */
#define XSW_QUEUES_IFINDEX 0x78730000u
#define XSW_UPLINK	0u /* port index of the uplink; as an FDB target: the host behind it */
#define XSW_IFNAMSIZ	16
#define XSW_NETNS_LEN	64

/* skb->tc_index of a frame that xsw itself has sent on: it has been steered and is not steered again.
 * "xs". Overwritten at every entrance from a port and cleared at every exit, so no user of a function
 * can set it; a far end of a virtual uplink that sets it only keeps its frame from the ports.
 */
#define XSW_ORIGIN_TAG 0x7873

enum xsw_mode {
	XSW_MODE_LEGACY = 0,
	XSW_MODE_SWITCHDEV,
	XSW_MODE_SWITCHDEV_INACTIVE,
	XSW_MODE_COUNT,
};

/* Where unicast goes from a port when the FDB does not know it. */
enum xsw_miss {
	XSW_MISS_AUTO = 0,     /* as asked for only: the mode decides */
	XSW_MISS_UPLINK,       /* to the wire; the default in legacy mode */
	XSW_MISS_REPRESENTOR,  /* up on the sender's representor; the default in switchdev mode */
	XSW_MISS_DROP,
	XSW_MISS_COUNT,
};

/* What the user asked for; what came of it is in the pinned links and in xsw_eswitch.flags. */
enum xsw_xdp {
	XSW_XDP_AUTO = 0,
	XSW_XDP_ON,
	XSW_XDP_OFF,
	XSW_XDP_SHARED, /* in libxdp's dispatcher, beside programs of others */
	XSW_XDP_COUNT,
};

enum xsw_rx_path {
	XSW_RX_PATH_AUTO = 0,
	XSW_RX_PATH_XDP,
	XSW_RX_PATH_STACK,
	XSW_RX_PATH_COUNT,
};

/* Unicast that the uplink's XDP program takes before the stack. */
enum xsw_steers {
	XSW_STEERS_NOTHING = 0, /* there is no XDP program, or nothing for it */
	XSW_STEERS_QUEUES,	/* frames for queues ports */
	XSW_STEERS_ALL,		/* frames for any port */
};

enum xsw_class {
	XSW_CLASS_NETDEV = 0, /* the function is a netdev */
	XSW_CLASS_QUEUES,     /* the function is a block of AF_XDP queues */
	XSW_CLASS_COUNT,
};

/* What runs on the function end of a queues port. */
enum xsw_program {
	XSW_PROGRAM_XSK = 0, /* xsw_queue_rx: its XSKMAP is filled by xswd or the handshake */
	XSW_PROGRAM_NONE,    /* nothing of ours: the application loads its own */
	XSW_PROGRAM_COUNT,
};

enum xsw_tc {
	XSW_TC_TCX = 0, /* links, pinned */
	XSW_TC_CLSACT,	/* filters of a qdisc, before Linux 6.6 */
};

/* Value of xsw_eswitch: one per eswitch. Up to `flags` it is the same in every version from 5 on: an xsw
 * of another version removes an eswitch by that.
 */
struct xsw_eswitch {
	__u32 abi;	/* XSW_ABI_VERSION */
	__u32 ifindex;	/* the uplink */
	__u64 netns;	/* cookie of the uplink's network namespace (SO_NETNS_COOKIE) */
	__u32 flags;	/* XSW_ESWITCH_* */
	/* Another number after each change of xsw_fdb: what CPUs remember of it is then of no use. */
	__u32 fdb_generation;
	__u8 mac[6];	/* the uplink's address, as last seen */
	__u8 mode;	/* enum xsw_mode */
	__u8 xdp;	/* enum xsw_xdp */
	__u8 rx_path;	/* enum xsw_rx_path, as asked for */
	__u8 host;	/* 1: the host takes part */
	__u8 xdp_steers; /* enum xsw_steers: what the uplink's XDP program steers */
	__u8 xdp_wire;	/* 1: the uplink transmits XDP frames */
	__u8 miss;	/* enum xsw_miss, as asked for */
	__u8 misses;	/* enum xsw_miss, what it comes to: never XSW_MISS_AUTO */
	__u8 promisc;	/* 1: some port is promiscuous */
	__u8 tc;	/* enum xsw_tc */
	__u32 mtu;	/* the uplink's, as last seen */
	__u32 pad;
};
static_assert(sizeof(struct xsw_eswitch) == 48, "xsw_eswitch has no holes");

/* What we have changed of the system's, and must put back. Written before the change: who is killed in
 * between has changed less than it says.
 */
#define XSW_ESWITCH_PROMISC    0x01 /* the uplink is promiscuous: its filter cannot hold ours */
#define XSW_ESWITCH_RXVLAN_OFF 0x02 /* VLAN tag stripping is off, so that XDP sees tags */
#define XSW_ESWITCH_ALLMULTI   0x04 /* the uplink receives all multicast */
#define XSW_ESWITCH_XDP	       0x08 /* xsw_uplink_xdp is on the uplink */
#define XSW_ESWITCH_EXPEDITED  0x20 /* the machine's RCU grace periods are: a port comes or goes */
/* The eswitch itself. */
#define XSW_ESWITCH_READY	 0x10 /* `eswitch add` has come to its end */
#define XSW_ESWITCH_MODE_CHANGES 0x40 /* representors may still be of the mode before, quiet or not */

/* Value of xsw_port, index = port. What the programs need to know of a port, nothing else. */
struct xsw_port {
	__u8 hw_addr[6]; /* the function's */
	__u16 flags;	 /* XSW_PORT_* */
	/* The ports that get broadcast are a list in rising order; it starts at port 0 and ends
	 * with 0. A writer changes one link at a time, so a running flood sees a port or does not,
	 * never twice.
	 */
	__u32 next_member;
	__u16 pvid; /* VLAN of the untagged frames, both ways; 0: none; XSW_VLAN_NONE: no such frames */
	__u8 qos;   /* priority (PCP) in the tags that pvid's frames get, 0 to 7 */
	__u8 pad;
};
static_assert(sizeof(struct xsw_port) == 16, "xsw_port has no holes");

#define XSW_PORT_ACTIVE	  0x0001 /* open for traffic */
#define XSW_PORT_PEER	  0x0002 /* function end is in another netns: bpf_redirect_peer reaches it */
#define XSW_PORT_SPOOFCHK 0x0004 /* source MAC must be the function's */
#define XSW_PORT_QUEUES	  0x0008 /* class queues */
#define XSW_PORT_TRUNK	  0x0010 /* sees tagged the VLANs in xsw_vlan */
#define XSW_PORT_ISOLATED 0x0020 /* only the uplink and the host, no other port */
#define XSW_PORT_LINK_OFF 0x0040 /* link disable: the function sees no carrier */
#define XSW_PORT_PROMISC  0x0080 /* gets a copy of unknown unicast */
#define XSW_PORT_ALLMULTI 0x0100 /* gets every multicast group */
#define XSW_PORT_TRUST	  0x0200 /* may be made promisc or allmulti; no program looks */
#define XSW_PORT_TX_MAX	  0x0400 /* has a rate in xsw_rate, from the function */
#define XSW_PORT_RX_MAX	  0x0800 /* and to it */
#define XSW_PORT_MTU	  0x1000 /* has an MTU of its own, which may be smaller than the uplink's */

/* Value of xsw_port_conf, index = port. Read by userspace only: what its user wants, and what it takes to
 * show a port, and to make its veth pair anew after the function's namespace took both ends with it. Names
 * without present are half a port, which the next writing command clears away.
 */
struct xsw_port_conf {
	__u32 present;			   /* 1: this index is a port */
	__u32 sfnum;
	__u32 ifindex;			   /* representor, 0 while it is gone or being made */
	__u32 mtu;			   /* 0: follows the uplink */
	__u32 master;			   /* ifindex of the representor's bridge as last seen, or 0 */
	__u8 port_class;		   /* enum xsw_class */
	__u8 program;			   /* enum xsw_program; class queues */
	__u16 queues;			   /* class queues: rx and tx queues of the function */
	__s32 nsid;			   /* where the function was last seen: its namespace's id in the
					    * uplink's, -1 for the uplink's own
					    */
	__u8 active;			   /* 1: the user wants it active. XSW_PORT_ACTIVE is whether it
					    * is open for traffic now
					    */
	__u8 pad[3];
	__u64 steered_base;		   /* xsw_stats frames to the function when its netdev was made */
	__u64 netns_cookie;		   /* the cookie of the namespace that is meant, where that is one
					    * and no later one: netns "pid:N", a runtime's port. Else 0
					    */
	__u64 memory_max;		   /* class queues: bytes of its applications' memory, 0: default */
	char representor[XSW_IFNAMSIZ];	   /* NUL-terminated, as all names here */
	char function[XSW_IFNAMSIZ];	   /* name it has, or gets when it becomes active */
	char netns[XSW_NETNS_LEN];	   /* where the user wants it: name below /run/netns, "pid:N",
					    * or empty for the default: the uplink's own (class
					    * netdev), a private one (class queues)
					    */
	__u32 owner_uid;		   /* class queues: who may have its queues */
	__u32 owner_gid;
};
static_assert(sizeof(struct xsw_port_conf) == 160, "xsw_port_conf has no holes");

/* Value of xsw_attachment, key = port: whose a port is that a container runtime has asked for, in CNI's
 * words. Read by userspace only.
 */
#define XSW_ATTACHMENT_LEN 256
struct xsw_attachment {
	char network[XSW_ATTACHMENT_LEN];
	char container[XSW_ATTACHMENT_LEN];
	char ifname[XSW_IFNAMSIZ]; /* the function's in the container */
};
static_assert(sizeof(struct xsw_attachment) == 528, "xsw_attachment has no holes");

/* Value of xsw_rep, index = ifindex modulo XSW_REP_SLOTS. Two representors of one eswitch never have the
 * same slot: the second gets another ifindex when it is made.
 */
#define XSW_REP_SLOTS 65536u
struct xsw_rep_slot {
	__u32 ifindex; /* 0: free */
	__u32 port;
};
static_assert(sizeof(struct xsw_rep_slot) == 8, "xsw_rep_slot has no holes");

/* Key of xsw_fdb. No holes: the kernel hashes every byte. */
struct xsw_fdb_key {
	__u8 mac[6];
	__u16 vlan; /* 0 = untagged; XSW_VLAN_AD set for an 802.1ad tag */
};
static_assert(sizeof(struct xsw_fdb_key) == 8, "xsw_fdb_key has no holes");

#define XSW_VLAN_MASK 0x0fff
#define XSW_VLAN_NONE 0xffff /* no VLAN at all, not even the untagged one */
#define XSW_VLAN_AD   0x1000 /* the tag's ethertype is 0x88a8: another VLAN than 0x8100's */

struct xsw_fdb_entry {
	__u32 port;  /* XSW_UPLINK: the host */
	__u32 flags; /* XSW_FDB_* */
};
static_assert(sizeof(struct xsw_fdb_entry) == 8, "xsw_fdb_entry has no holes");

#define XSW_FDB_SELF   0x1 /* the port's own hw_addr, or the host's MAC: lives and dies with it */
#define XSW_FDB_STATIC 0x2 /* added by the user */
/* The uplink may not accept the address yet: who wrote the entry was killed, and the next one who claims it
 * goes on.
 */
#define XSW_FDB_PENDING 0x4

/* Value of xsw_vlan, index = port: one bit per VLAN ID. */
struct xsw_vlans {
	__u64 member[64];
};
static_assert(sizeof(struct xsw_vlans) == 512, "xsw_vlans has no holes");

/* A token bucket, kept as the time at which it would be full: one word to take from, so no lock. */
struct xsw_bucket {
	__u64 full_at;	/* ns, CLOCK_MONOTONIC */
	__u64 depth;	/* burst in ns of the rate */
	__u64 cost;	/* ns per byte << XSW_RATE_SHIFT */
	__u64 rate;	/* bit/s, 0: no limit; what the user said, as is burst */
	__u64 burst;	/* bytes, 0: the default */
};
#define XSW_RATE_SHIFT 20

/* Value of xsw_rate, index = port. Directions as the representor's user sees them. */
struct xsw_rate {
	struct xsw_bucket tx; /* from the function */
	struct xsw_bucket rx; /* to the function */
};
static_assert(sizeof(struct xsw_rate) == 80, "xsw_rate has no holes");

/* Key of xsw_mdb. port XSW_UPLINK stands for the group itself: there while it has members, with their
 * number as the value; a member's value is 1.
 */
struct xsw_mdb_key {
	__u8 mac[6];
	__u16 vlan;
	__u32 port;
};
static_assert(sizeof(struct xsw_mdb_key) == 12, "xsw_mdb_key has no holes");

#include "abi_health.h"
#include "abi_permit.h"
#include "abi_stats.h"

#endif
