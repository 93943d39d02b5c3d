// SPDX-License-Identifier: Apache-2.0
// Class queues: the namespace, programs and XSKMAP of a queue block.
#ifndef XSW_SWITCHDEV_MODEL_PORTS_QUEUES_H_
#define XSW_SWITCHDEV_MODEL_PORTS_QUEUES_H_

#include "absl/status/statusor.h"
#include "switchdev_model/eswitch/eswitch.h"

namespace xsw {

bool IsQueues(Eswitch& eswitch, uint32_t port);

// The ifindex of the function end, in its own namespace.
int QueuesIfindex(uint32_t port);

// The namespace of a queues port that the user gave none: made if it is not there.
absl::StatusOr<Fd> PrivateNetns(Eswitch& eswitch, uint32_t port);

// What a queue block has beyond its veth pair: XDP on the representor, the program and the XSKMAP
// of the function end (program xsk), threaded NAPI. netns is where the function end is.
absl::Status StartQueues(Eswitch& eswitch, uint32_t port, const Fd& netns);
absl::Status StopQueues(Eswitch& eswitch, uint32_t port);

// Another XSKMAP in place of the port's, for a new owner: whoever has the old one, or has frozen
// it, has nothing of the port any more, and sockets that are in it get no more frames. Killed in
// between: MendXskMap() goes on.
absl::Status RenewXskMap(Eswitch& eswitch, uint32_t port);
absl::Status MendXskMap(Eswitch& eswitch, uint32_t port);

// Bytes of memory that the applications of a queues port may have in all. By default buffers of the
// larger size for rings of libxswq's default length: 16 MiB a queue.
uint64_t QueuesMemoryMax(const xsw_port_conf& conf);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_PORTS_QUEUES_H_
