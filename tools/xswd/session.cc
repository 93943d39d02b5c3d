// SPDX-License-Identifier: Apache-2.0
#include "tools/xswd/session.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tools/xswd/client_log.h"
#include "tools/xswd/handshake.h"
#include "tools/xswd/open.h"
#include "tools/xswd/turn.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// Of silence. A client of the handshake waits longer: CNDP sleeps a second between its steps, and
// the plugins' own shortest limit is 30 s.
constexpr int kIdleMs = 2000, kIdleConnectedMs = 30000;
// Of work on one request: no kernel that is well takes as long. SIGALRM then ends the process,
// unless it is one that nothing ends.
constexpr unsigned kStuckSeconds = 60;

}  // namespace

Session::Session(const SessionOptions& options)
    : options_(options),
      connection_(options.connection),
      log_(options.log),
      turns_(options.turns) {}

void Session::Run() {
  do {
    alarm(kStuckSeconds);
  } while (Next());
  // First of all: what follows may hang, and the queue would never be free.
  unbound_.reset();
  HangUp(connection_);
}

bool Session::Next() {
  pollfd client = {.fd = connection_.get(), .events = POLLIN, .revents = 0};
  if (poll(&client, 1, connected_ ? kIdleConnectedMs : kIdleMs) == 0) {
    Say(Severity::kWarning, "silent too long:");
    return false;
  }
  // Never destroyed: to close what came with it is the end of the process.
  auto* request = new Message;
  // /bind brings nothing; what comes nevertheless must not be held together with the queue.
  const Received received =
      unbound_ ? ReceiveText(connection_, request) : Receive(connection_, request);
  if (received == Received::kNothing) return true;
  return received == Received::kMessage && Answer(*request);
}

bool Session::Answer(const Message& request) {
  if (request.text.size() > kMaxRequest)
    return Refuse(absl::InvalidArgumentError("a request too long"), "/nak");
  absl::StatusOr<QueueBlock> block = Block();
  const bool bind = unbound_ && request.text == "/bind";
  const bool open = bind || request.text.starts_with("/open,");
  if (!block.ok()) return Refuse(block.status(), open ? OpenNak(block.status()) : "/nak");
  if (bind) return AnswerBind(*block);
  if (open) return AnswerOpen(*block, request);
  xsw::Answer answer = AnswerHandshake(*block, request, &connected_);
  // A map that was opened may be the next owner's by now.
  if (answer.fd) block = Block();
  if (!block.ok()) return Refuse(block.status(), "/fd_nak");
  // Said before it is done: who ends xswd in between must not find less than what happened.
  if (answer.fd) Say(Severity::kInfo, "XSKMAP given to");
  if (!answer.text.empty() && !Send(connection_, answer.text, answer.fd)) return false;
  return !answer.close;
}

// The owner may have changed since the connection was made.
absl::StatusOr<QueueBlock> Session::Block() const {
  XSW_ASSIGN_OR_RETURN(QueueBlock block,
                       FindBlock(options_.bpffs, options_.uplink, options_.index));
  if (MayUse(options_.peer, block.owner.uid, block.owner.gid)) return block;
  return absl::PermissionDeniedError(
      absl::StrCat("port ", HandleOf(block), " has another owner now"));
}

bool Session::Refuse(const absl::Status& status, const std::string& answer) {
  Say(Severity::kWarning, "refused", std::string(status.message()));
  Send(connection_, answer);
  return false;
}

// One queue a connection: once it is bound, the client needs us no more.
bool Session::AnswerOpen(const QueueBlock& block, const Message& request) {
  absl::StatusOr<OpenRequest> wanted = ParseOpen(request.text);
  if (!wanted.ok()) return Refuse(wanted.status(), OpenNak(wanted.status()));
  absl::StatusOr<XdpSocket> socket =
      OpenQueue(block, *wanted, request.fd, {options_.peer.uid, options_.uid_memory_max},
                [&] { return TakeTurn(turns_, options_.peer.uid); });
  if (!socket.ok()) return Refuse(socket.status(), OpenNak(socket.status()));
  // A queue that was taken may be the next owner's by now.
  const absl::Status still = Block().status();
  if (!still.ok()) return Refuse(still, OpenNak(still));
  if (socket->bound) LogGiven(socket->queue);
  if (!Send(connection_, OpenReply(*socket), socket->fd) || socket->bound) return false;
  unbound_ = *std::move(socket);
  return true;
}

bool Session::AnswerBind(const QueueBlock& block) {
  absl::Status status = BindQueue(block, &*unbound_);
  if (!status.ok()) return Refuse(status, OpenNak(status));
  LogGiven(unbound_->queue);
  Send(connection_, OpenReply(*unbound_));
  return false;
}

void Session::LogGiven(uint32_t queue) const {
  Say(Severity::kInfo, absl::StrCat("queue ", queue, " given to"));
}

void Session::Say(Severity severity, const std::string& what, const std::string& why) const {
  const ClientLine line = MakeClientLine(
      severity, options_.peer.uid, absl::StrCat(options_.uplink, "/", options_.index),
      absl::StrCat(what, " ", Describe(options_.peer), why.empty() ? "" : ": ", why));
  // Nothing is lost but with the parent, and then this process ends too.
  send(log_.get(), &line, sizeof(line), MSG_NOSIGNAL);
}

}  // namespace xsw
