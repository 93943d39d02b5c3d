// SPDX-License-Identifier: Apache-2.0
// Whether a netdev says something by itself: ARP, and what IPv6 sends for the address that the
// kernel generates (duplicate address detection, router solicitations, multicast listener reports).
#ifndef XSW_USERSPACE_QUIET_H_
#define XSW_USERSPACE_QUIET_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "userspace/link.h"
#include "userspace/netlink.h"

namespace xsw {

// Up, but quiet from its first moment on. name is for errors.
absl::Status SetUpQuietly(Netlink& nl, int ifindex, const std::string& name);

// These netdevs of the calling thread's namespace, which is nl's: no ARP, no address generation,
// and the generated addresses are removed; what users have added stays. Done already is OK.
absl::Status Quieten(Netlink& nl, const std::vector<Link>& links);

// As the system configures a netdev that is new (net.ipv6.conf.default.addr_gen_mode), unless its
// user has configured it otherwise. Done already is OK.
absl::Status LetSpeak(Netlink& nl, const Link& link);

}  // namespace xsw

#endif  // XSW_USERSPACE_QUIET_H_
