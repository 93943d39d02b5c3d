// SPDX-License-Identifier: Apache-2.0
// What this kernel, and the driver of a netdev, can do with XDP frames.
#ifndef XSW_USERSPACE_XDP_FEATURES_H_
#define XSW_USERSPACE_XDP_FEATURES_H_

#include <linux/if_xdp.h>

// Newer than Debian 12's headers.
#ifndef XDP_USE_SG
#define XDP_USE_SG (1 << 4)
#endif

struct bpf_object;

namespace xsw {

// Frames of several buffers (an MTU of 9000): this kernel can redirect them to netdevs (Linux 6.3),
// to AF_XDP sockets (6.6). One that cannot would lose them without a count.
bool RedirectsFragsToNetdevs();
bool RedirectsFragsToSockets();

// Whether the XDP programs of an object that is not loaded yet get such frames. Where they do not,
// the kernel refuses to attach them to a netdev that has them: AttachXdp() gives the reason.
void SetFrags(bpf_object* object, bool on);

// The netdev, in the calling thread's network namespace, transmits frames that XDP redirects to it,
// multi-buffer ones included, by the netdev generic netlink family (Linux 6.3). False on kernels
// that cannot tell: then frames go by tc.
bool TransmitsXdpFrames(int ifindex);

}  // namespace xsw

#endif  // XSW_USERSPACE_XDP_FEATURES_H_
