// SPDX-License-Identifier: Apache-2.0
#include "tools/xswd/clients.h"

#include <cerrno>

#include "tools/xswd/message.h"
#include "tools/xswd/process.h"
#include "tools/xswd/session.h"
#include "tools/xswd/turn.h"
#include "userspace/status.h"

namespace xsw {

absl::StatusOr<Clients> Clients::Open(const std::string& bpffs, uint64_t uid_memory_max) {
  XSW_ASSIGN_OR_RETURN(ClientLog log, ClientLog::Open());
  XSW_ASSIGN_OR_RETURN(Fd turns, MakeTurns());
  Clients clients(bpffs, uid_memory_max, std::move(log), std::move(turns));
  clients.closer_.Start();
  return clients;
}

void Clients::Admit(const Listener& listener, Fd connection) {
  const std::string port = absl::StrCat(listener.uplink, "/", listener.index);
  absl::StatusOr<Peer> peer = PeerOf(connection);
  if (!peer.ok()) return closer_.Close(std::move(connection));
  if (!MayUse(*peer, listener.uid, listener.gid)) {
    log_.Add(MakeClientLine(Severity::kWarning, peer->uid, port, "refused " + Describe(*peer)));
    return closer_.Close(std::move(connection));
  }
  const Limits::Who who = {peer->uid, port, peer->uid == 0 || peer->uid == listener.uid};
  const std::string why = limits_.Enter(who);
  if (!why.empty()) return SendAway(who, *peer, std::move(connection), why);
  absl::StatusOr<pid_t> process = Start(listener, *peer, connection);
  if (process.ok()) {
    served_[*process] = {who, std::move(connection)};
    return;
  }
  limits_.Leave(who);
  SendAway(who, *peer, std::move(connection), std::string(process.status().message()));
}

absl::StatusOr<pid_t> Clients::Start(const Listener& listener, const Peer& peer,
                                     const Fd& connection) {
  const SessionOptions options = {.bpffs = bpffs_,
                                  .uplink = listener.uplink,
                                  .index = listener.index,
                                  .peer = peer,
                                  .uid_memory_max = uid_memory_max_,
                                  .connection = connection.get(),
                                  .log = log_.in().get(),
                                  .turns = turns_.get()};
  return StartProcess({options.connection, options.log, options.turns}, [&] {
    // Never destroyed: the process ends, and with it what it has.
    (new Session(options))->Run();
  });
}

void Clients::SendAway(const Limits::Who& who, const Peer& peer, Fd connection,
                       const std::string& why) {
  Send(connection, absl::StrCat("/open_nak,", EAGAIN, ",", why));
  log_.Add(MakeClientLine(Severity::kWarning, who.uid, who.port,
                          absl::StrCat("sent away ", Describe(peer), ": ", why)));
  closer_.Close(std::move(connection));
}

void Clients::Reap(pid_t pid) {
  auto served = served_.find(pid);
  if (served == served_.end()) return;  // the closer
  limits_.Leave(served->second.who);
  closer_.Close(std::move(served->second.connection));
  served_.erase(served);
}

void Clients::Tick() {
  log_.Tick();
  closer_.Tick();
}

}  // namespace xsw
