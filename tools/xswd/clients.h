// SPDX-License-Identifier: Apache-2.0
// Who is being served: a process for each connection (session.h), and how many of them there may
// be. Nothing that a client sends is received here.
#ifndef XSW_TOOLS_XSWD_CLIENTS_H_
#define XSW_TOOLS_XSWD_CLIENTS_H_

#include <sys/types.h>

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "tools/xswd/client_log.h"
#include "tools/xswd/closer.h"
#include "tools/xswd/limits.h"
#include "tools/xswd/listeners.h"
#include "tools/xswd/peer.h"
#include "userspace/fd.h"

namespace xsw {

class Clients {
 public:
  static absl::StatusOr<Clients> Open(const std::string& bpffs, uint64_t uid_memory_max);

  // Serves a new connection, or refuses it.
  void Admit(const Listener& listener, Fd connection);
  // A child of xswd has ended: who has been served by it.
  void Reap(pid_t pid);
  // Once a second.
  void Tick();

  ClientLog& log() { return log_; }
  Closer& closer() { return closer_; }

 private:
  struct Served {
    Limits::Who who;
    Fd connection;  // until its process has ended
  };

  Clients(std::string bpffs, uint64_t uid_memory_max, ClientLog log, Fd turns)
      : bpffs_(std::move(bpffs)),
        uid_memory_max_(uid_memory_max),
        log_(std::move(log)),
        turns_(std::move(turns)) {}
  absl::StatusOr<pid_t> Start(const Listener& listener, const Peer& peer, const Fd& connection);
  // Says EAGAIN, and why.
  void SendAway(const Limits::Who& who, const Peer& peer, Fd connection, const std::string& why);

  std::string bpffs_;
  uint64_t uid_memory_max_;
  ClientLog log_;
  Fd turns_;
  Limits limits_;
  Closer closer_;
  std::map<pid_t, Served> served_;
};

}  // namespace xsw

#endif  // XSW_TOOLS_XSWD_CLIENTS_H_
