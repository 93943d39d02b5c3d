// SPDX-License-Identifier: Apache-2.0
// What a netdev's driver can do with XDP frames, by the netdev generic netlink family (Linux 6.3).
#ifndef XSW_USERSPACE_XDP_FEATURES_H_
#define XSW_USERSPACE_XDP_FEATURES_H_

namespace xsw {

// The netdev, in the calling thread's network namespace, transmits frames that XDP redirects to it,
// multi-buffer ones included. False on kernels that cannot tell: then frames go by tc.
bool TransmitsXdpFrames(int ifindex);

}  // namespace xsw

#endif  // XSW_USERSPACE_XDP_FEATURES_H_
