// SPDX-License-Identifier: Apache-2.0
// Port class queues: a veth pair whose function end is a block of AF_XDP queues in a namespace of
// its own.
#ifndef XSW_USERSPACE_QUEUES_PAIR_H_
#define XSW_USERSPACE_QUEUES_PAIR_H_

#include <string>

#include "absl/status/statusor.h"
#include "userspace/fd.h"
#include "userspace/link.h"
#include "userspace/netdev.h"

namespace xsw {

// Makes the pair as MakeNetdevPair() does, with `queues` rx and tx queues on both ends, the
// function end in netns with ifindex function_ifindex and up. Offloads of both ends are off, so
// that an application sees finished frames with their tags in the data, and what a stack in netns
// sends is finished too.
absl::StatusOr<Link> MakeQueuesPair(Netlink& nl, const NetdevPair& pair, const Fd& netns,
                                    uint32_t queues, int function_ifindex);

}  // namespace xsw

#endif  // XSW_USERSPACE_QUEUES_PAIR_H_
