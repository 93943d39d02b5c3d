// SPDX-License-Identifier: Apache-2.0
// Putting loaded programs on netdevs, taking them off, and asking the kernel what is on them.
//
// A tcx or XDP attachment is a link pinned at a path, which keeps it without a process. clsact
// (before Linux 6.6) has no link: its filter is found again by our priority and handle, and `pin`
// stays unused. Netdevs are those of the calling thread's network namespace; `what` names one in
// errors.
#ifndef XSW_USERSPACE_ATTACH_H_
#define XSW_USERSPACE_ATTACH_H_

#include <string>
#include <vector>

#include "abi.h"
#include "absl/status/statusor.h"
#include "userspace/fd.h"

namespace xsw {

enum class TcHook { kIngress, kEgress };

// What this kernel has; found out on the loopback, with nothing attached. An answer that is neither
// is an error.
absl::StatusOr<xsw_tc> ProbeTc();

// A pin that is left at the path of a link without a netdev is replaced.
absl::Status AttachTc(xsw_tc kind, int prog_fd, int ifindex, TcHook hook, const std::string& pin,
                      const std::string& what);
// At once, not when the last reference goes. OK if it is not attached or its netdev is gone.
absl::Status DetachTc(xsw_tc kind, int ifindex, TcHook hook, const std::string& pin);

// Native only: generic XDP is slower than tcx. A pin is replaced as AttachTc() does. Unimplemented:
// the driver has none. Unavailable: a program of somebody else is there. OutOfRange: frames of its
// MTU take several buffers, which the program does not get on this kernel (xdp_features.h).
absl::Status AttachXdp(int prog_fd, int ifindex, const std::string& pin, const std::string& what);

// Another program in place of the one that is attached: each frame meets the one or the other. OK
// if nothing is attached, or its netdev is gone. For clsact our own filter is meant.
absl::Status ReplaceInLink(int prog_fd, const std::string& pin);
absl::Status ReplaceInClsact(int prog_fd, int ifindex, TcHook hook);

// Detaches a pinned link at once and removes the pin. OK if there is none.
absl::Status DetachLink(const std::string& pin);

// Whether the link pinned there is still on a netdev: not without a pin, nor after its netdev's
// end, which leaves a link without one.
absl::StatusOr<bool> LinkIsAttached(const std::string& pin);

absl::StatusOr<uint32_t> ProgramId(const Fd& program);

// Whether the netdev itself has that very program, whatever is pinned. A netdev that is gone has
// none. For clsact the program of our own filter is meant.
absl::StatusOr<bool> TcIsAttached(xsw_tc kind, int prog_fd, int ifindex, TcHook hook);
absl::StatusOr<bool> XdpIsAttached(int prog_fd, int ifindex);

// Ids of the programs that are ours to be at a netdev's tc hooks, one of them at each.
struct TcPrograms {
  std::vector<uint32_t> ingress, egress;
};
// Whether others are at its hooks by tcx, beside ours or in their place. Before Linux 6.6: none.
absl::StatusOr<bool> HasForeignTcx(xsw_tc kind, int ifindex, const TcPrograms& ours);

// Whether it has one that was loaded under that name, by whomever: an uplink of another namespace's
// xsw.
absl::StatusOr<bool> HasTcProgramNamed(xsw_tc kind, int ifindex, TcHook hook,
                                       const std::string& name);

}  // namespace xsw

#endif  // XSW_USERSPACE_ATTACH_H_
