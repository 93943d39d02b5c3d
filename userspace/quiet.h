// SPDX-License-Identifier: Apache-2.0
// Whether a netdev says something by itself: ARP, and what IPv6 sends for the address that the
// kernel generates (duplicate address detection, router solicitations, multicast listener reports).
#ifndef XSW_USERSPACE_QUIET_H_
#define XSW_USERSPACE_QUIET_H_

#include <string>

#include "absl/status/status.h"
#include "userspace/netlink.h"

namespace xsw {

// Up, but quiet from its first moment on. name is for errors.
absl::Status SetUpQuietly(Netlink& nl, int ifindex, const std::string& name);

// Quiet: no ARP, no address generation, and the generated address is removed; what users have added
// stays. Else as the system configures a netdev that is new
// (net.ipv6.conf.default.addr_gen_mode), unless its user has configured it otherwise. Done already
// is OK. The calling thread is in nl's namespace.
absl::Status SetQuiet(Netlink& nl, int ifindex, bool quiet, const std::string& name);

}  // namespace xsw

#endif  // XSW_USERSPACE_QUIET_H_
