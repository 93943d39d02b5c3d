// SPDX-License-Identifier: Apache-2.0
// Who is at the other end of a Unix socket, as the kernel says: what a client says of itself counts
// nothing.
#ifndef XSW_TOOLS_XSWD_PEER_H_
#define XSW_TOOLS_XSWD_PEER_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "userspace/fd.h"

namespace xsw {

struct Peer {
  pid_t pid = 0;
  uid_t uid = 0;
  std::vector<gid_t> groups;  // the first is its own
};

absl::StatusOr<Peer> PeerOf(const Fd& sock);

// Root, the owner, and the members of the owner's group.
bool MayUse(const Peer& peer, uid_t owner, gid_t group);

// "pid 12 uid 65534 gid 65534"
std::string Describe(const Peer& peer);

}  // namespace xsw

#endif  // XSW_TOOLS_XSWD_PEER_H_
