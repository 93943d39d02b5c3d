/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The counters of a port: a part of abi.h, which includes it. */
#ifndef XSW_BPF_ABI_STATS_H
#define XSW_BPF_ABI_STATS_H

#include <linux/types.h>

#ifndef __cplusplus
#define static_assert _Static_assert
#endif

/* Why a frame was dropped. The port that is charged: the sender for what it may not do, the
 * target for what it cannot take. 0 is "not dropped".
 */
enum xsw_drop {
	XSW_DROP_NONE = 0,
	XSW_DROP_MALFORMED,	   /* shorter than its headers, or more than two priority tags */
	XSW_DROP_ESWITCH_INACTIVE, /* mode switchdev_inactive */
	XSW_DROP_INACTIVE,	   /* the port's function is inactive */
	XSW_DROP_DETACHED,	   /* the port's netdevs are gone */
	XSW_DROP_SPOOF,		   /* source MAC is not the function's */
	XSW_DROP_VLAN,		   /* the port is not a member of the frame's VLAN */
	XSW_DROP_LINK_LOCAL,	   /* 01:80:c2:00:00:0X from a port */
	XSW_DROP_HAIRPIN,	   /* destination is the sender itself */
	XSW_DROP_HOST_OFF,	   /* for the host, which is off */
	XSW_DROP_NO_BUFFER,	   /* the kernel could not clone or send a copy */
	XSW_DROP_NO_PORT,	   /* from a netdev that is no port (charged to the uplink) */
	XSW_DROP_NO_SOCKET,	   /* no application has the queue that the frame came to */
	XSW_DROP_LINK_DOWN,	   /* the port's link is disabled */
	XSW_DROP_ISOLATED,	   /* from another port to one that is isolated */
	XSW_DROP_TX_RATE,	   /* the function sends more than its tx_max */
	XSW_DROP_RX_RATE,	   /* more for the function than its rx_max */
	XSW_DROP_MISS,		   /* unknown unicast from a port, miss policy drop */
	XSW_DROP_MTU,		   /* longer than the MTU of the netdev that it is for */
	XSW_DROP_COUNT,
};

enum xsw_cast {
	XSW_UNICAST = 0,
	XSW_MULTICAST,
	XSW_BROADCAST,
	XSW_CAST_COUNT,
};

struct xsw_count {
	__u64 frames; /* an skb is one frame, as in the kernel's netdev counters, GSO or not */
	__u64 bytes;  /* Ethernet header included, FCS not */
};

/* Value of xsw_stats, per CPU, index = port. Directions as the representor sees them. */
struct xsw_stats {
	struct xsw_count rx[XSW_CAST_COUNT]; /* came from the function, drops included */
	struct xsw_count tx[XSW_CAST_COUNT]; /* steered to the function */
	struct xsw_count slow_rx;	     /* of rx: handed to host software on the representor */
	struct xsw_count slow_tx;	     /* sent by host software on the representor; not in tx */
	__u64 misses;			     /* of rx: unicast that the FDB does not know, whatever
					      * the miss policy did with it; mode legacy
					      */
	__u64 drops[31];		     /* by enum xsw_drop */
};
static_assert(sizeof(struct xsw_stats) == 384, "xsw_stats fills whole cache lines");
static_assert(XSW_DROP_COUNT <= 31, "xsw_stats.drops holds every reason");

#endif
