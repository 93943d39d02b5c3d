// SPDX-License-Identifier: Apache-2.0
// One connection, served in a process of its own: what its client sends is received here and
// nowhere else, so what the client can make hang (a file whose close is never answered) hangs here
// alone.
#ifndef XSW_TOOLS_XSWD_SESSION_H_
#define XSW_TOOLS_XSWD_SESSION_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "userspace/log.h"
#include "tools/xswd/message.h"
#include "tools/xswd/peer.h"
#include "tools/xswd/queue_block.h"
#include "tools/xswd/xdp_socket.h"
#include "userspace/fd.h"

namespace xsw {

// What a process that serves has of xswd.
struct SessionOptions {
  std::string bpffs, uplink;
  uint32_t index = 0;
  Peer peer;
  uint64_t uid_memory_max = 0;  // bytes, of the peer's user (account.h)
  int connection = -1;
  int log = -1;    // ClientLog::in()
  int turns = -1;  // MakeTurns()
};

class Session {
 public:
  explicit Session(const SessionOptions& options);

  // Until the client has what it wanted, is refused, or is silent too long.
  void Run();

 private:
  // The rest is as Answer(): false is the end of the connection.
  bool Next();
  // The port's, if the client may use it now.
  absl::StatusOr<QueueBlock> Block() const;
  bool Answer(const Message& request);
  bool AnswerOpen(const QueueBlock& block, const Message& request);
  bool AnswerBind(const QueueBlock& block);
  // Sends the refusal and logs it; false.
  bool Refuse(const absl::Status& status, const std::string& answer);
  void LogGiven(uint32_t queue) const;
  // What, and to whom.
  void Say(Severity severity, const std::string& what, const std::string& why = "") const;

  SessionOptions options_;
  Fd connection_, log_, turns_;
  bool connected_ = false;            // has begun the afxdp-plugins handshake
  std::optional<XdpSocket> unbound_;  // sent with /open_map
};

}  // namespace xsw

#endif  // XSW_TOOLS_XSWD_SESSION_H_
