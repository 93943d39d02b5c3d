// SPDX-License-Identifier: Apache-2.0
#include "tools/xswd/peer.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "userspace/status.h"

namespace xsw {

absl::StatusOr<Peer> PeerOf(const Fd& sock) {
  ucred cred;
  socklen_t size = sizeof(cred);
  if (getsockopt(sock.get(), SOL_SOCKET, SO_PEERCRED, &cred, &size))
    return ErrnoStatus(errno, "read the credentials of a client");
  Peer peer{.pid = cred.pid, .uid = cred.uid, .groups = {cred.gid}};
  std::vector<gid_t> more(32);
  size = static_cast<socklen_t>(more.size() * sizeof(gid_t));
  int failed = getsockopt(sock.get(), SOL_SOCKET, SO_PEERGROUPS, more.data(), &size);
  if (failed && errno == ERANGE) {  // size now says how many there are
    more.resize(size / sizeof(gid_t));
    failed = getsockopt(sock.get(), SOL_SOCKET, SO_PEERGROUPS, more.data(), &size);
  }
  if (failed) return ErrnoStatus(errno, "read the groups of a client");
  peer.groups.insert(peer.groups.end(), more.begin(), more.begin() + size / sizeof(gid_t));
  return peer;
}

bool MayUse(const Peer& peer, uid_t owner, gid_t group) {
  return peer.uid == 0 || peer.uid == owner ||
         std::find(peer.groups.begin(), peer.groups.end(), group) != peer.groups.end();
}

std::string Describe(const Peer& peer) {
  return absl::StrCat("pid ", peer.pid, " uid ", peer.uid, " gid ", peer.groups[0]);
}

}  // namespace xsw
