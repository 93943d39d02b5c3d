/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Permits: what the kernel's bridge has decided, for the programs to do themselves in mode switchdev.
 * Nothing of it is state: xsw-bridge writes it anew from what the bridge says.
 */
#ifndef XSW_BPF_ABI_PERMIT_H
#define XSW_BPF_ABI_PERMIT_H

#include <linux/types.h>

#define XSW_MAX_PERMITS 65536u

/* Value of xsw_lease, one per eswitch. */
struct xsw_lease {
	__u64 until;	  /* ns of CLOCK_MONOTONIC: until then permits are valid; 0: there are none */
	__u32 generation; /* another number after each change of xsw_permit */
	__u32 pad;
};
static_assert(sizeof(struct xsw_lease) == 16, "xsw_lease has no holes");

/* Why a port's frames all rise, and none reaches it but by its representor. */
enum xsw_aside {
	XSW_ASIDE_NO = 0,     /* they need not */
	XSW_ASIDE_NO_BRIDGE,  /* its netdev is in no bridge */
	XSW_ASIDE_MTU,	      /* its netdev's MTU is another than xsw knows */
	XSW_ASIDE_BRIDGE,     /* the bridge is down, or of a kind that is not understood */
	XSW_ASIDE_WATCHED,    /* the bridge is promiscuous: somebody (tcpdump) wants to see all frames */
	XSW_ASIDE_STATE,      /* the bridge does not forward there: spanning tree, no carrier */
	XSW_ASIDE_POLICY,     /* the port has rules of xsw's own: VLANs, rx_max, isolated, promisc, link disable */
	XSW_ASIDE_TC,	      /* a qdisc, or a filter, on its netdev */
	XSW_ASIDE_PROGRAM,    /* somebody's tcx program */
	XSW_ASIDE_UPPER,      /* another netdev on top of it: macvlan, VLAN */
	XSW_ASIDE_TUNNEL,     /* the bridge maps its VLANs to tunnels */
	XSW_ASIDE_FILTER,     /* nftables, ebtables or iptables look at bridged frames */
	XSW_ASIDE_COUNT,
};

/* Value of xsw_bport, index = port; port 0 is the uplink. All zeros: everything rises. */
struct xsw_bport {
	__u32 bridge;  /* ifindex of the bridge that it is a port of; 0: it stands aside */
	__u16 flags;   /* XSW_BPORT_* */
	__u16 pvid;    /* XSW_BPORT_VLANS: the VLAN of untagged frames; 0: none */
	__u64 refresh; /* ns: so often a frame of each address rises, so that it does not age out */
	__u8 aside;    /* enum xsw_aside; for userspace alone */
	__u8 pad[7];
};
static_assert(sizeof(struct xsw_bport) == 24, "xsw_bport has no holes");

#define XSW_BPORT_VLANS	   0x1 /* the bridge is VLAN-aware */
#define XSW_BPORT_SUPPRESS 0x2 /* the bridge answers ARP and ND itself: only IP but ICMPv6 may pass it by */
#define XSW_BPORT_NETFILTER 0x4 /* br_netfilter is called: IP packets that it would change or drop rise */

/* Key of xsw_permit. No holes: the kernel hashes every byte. */
struct xsw_permit_key {
	__u8 mac[6];
	__u16 vlan;   /* of the bridge; 0 in one that is not VLAN-aware */
	__u32 bridge; /* ifindex */
};
static_assert(sizeof(struct xsw_permit_key) == 12, "xsw_permit_key has no holes");

/* An address of which the bridge says that it is behind this port. A frame goes by permits if both its
 * addresses have one, its sender's is of the port that it comes from, and the flags allow it.
 */
struct xsw_permit {
	__u32 port;    /* XSW_UPLINK: the wire */
	__u16 flags;   /* XSW_PERMIT_* */
	__u16 pad;
	__u64 rise_at; /* ns: a frame from it that comes later rises. The programs write it */
};
static_assert(sizeof(struct xsw_permit) == 16, "xsw_permit has no holes");

#define XSW_PERMIT_FROM	    0x01 /* the port may send in this VLAN */
#define XSW_PERMIT_TO	    0x02 /* the port gets frames of this VLAN */
#define XSW_PERMIT_TAGGED   0x04 /* with the VLAN's tag */
#define XSW_PERMIT_ISOLATED 0x08 /* of two such ports neither gets the other's frames */
#define XSW_PERMIT_AGES	    0x10 /* the bridge forgets it unless it sees its frames */

#endif
