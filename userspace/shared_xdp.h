// SPDX-License-Identifier: Apache-2.0
// The uplink's XDP program as a member of libxdp's dispatcher, beside programs of others.
//
// libxdp puts one small program on the netdev that calls up to ten others in the order of their
// priorities, each a BPF_PROG_TYPE_EXT in place of one of its functions; a change of members makes
// a new one and replaces the old at once. Its state is in <bpffs>/xdp, where bpffs is /sys/fs/bpf
// or $LIBXDP_BPFFS as for everything that uses libxdp, whatever our own --bpffs is.
//
// There is no pin of ours: the kernel says whether we are a member. Ours is the program of this
// name that uses this eswitch's maps.
#ifndef XSW_USERSPACE_SHARED_XDP_H_
#define XSW_USERSPACE_SHARED_XDP_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace xsw {

// Unimplemented: this kernel does not load the dispatcher, and libxdp would put our program there
// alone without a word.
absl::Status CheckDispatcher();

// dir: where the eswitch's maps are pinned, xsw_dev_shared among them. what: for errors.
// AlreadyExists: there is an XDP program that is not in a dispatcher.
absl::Status JoinDispatcher(const std::string& dir, int ifindex, const std::string& what);
// Fine if it is no member. The other members stay.
absl::Status LeaveDispatcher(const std::string& dir, int ifindex, const std::string& what);
absl::StatusOr<bool> IsInDispatcher(const std::string& dir, int ifindex);

// The program of the state in `dir` in place of those of the states in `older`, the same one maybe:
// for a moment all are members. Fine if there is none.
absl::Status ReplaceInDispatcher(const std::vector<std::string>& older, const std::string& dir,
                                 int ifindex, const std::string& what);

// Of a netdev that is gone: the pins of ours that the dispatcher has left behind.
void RemoveDeadMembership(const std::string& dir, int ifindex);

}  // namespace xsw

#endif  // XSW_USERSPACE_SHARED_XDP_H_
