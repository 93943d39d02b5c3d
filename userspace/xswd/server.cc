// SPDX-License-Identifier: Apache-2.0
#include "userspace/xswd/server.h"

#include <linux/rtnetlink.h>
#include <netlink/socket.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "userspace/status.h"
#include "userspace/xswd/handshake.h"
#include "userspace/xswd/log.h"
#include "userspace/xswd/open.h"

namespace xsw {
namespace {

using std::chrono::milliseconds;

constexpr int kMaxPerUid = 8, kMaxConnections = 512;
constexpr int kAcceptsPerRound = 64;  // then the others have their turn
// Of silence. A client of the handshake waits longer: CNDP sleeps a second between its steps, and
// the plugins' own shortest limit is 30 s.
constexpr milliseconds kIdle(2000), kIdleConnected(30000);
constexpr milliseconds kFirstScan(20), kSlowestScan(1000);

absl::StatusOr<Fd> StopSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  Fd fd(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd || sigprocmask(SIG_BLOCK, &set, nullptr)) return ErrnoStatus(errno, "watch signals");
  return fd;
}

std::string HandleOf(const std::string& uplink, uint32_t index) {
  return absl::StrCat(uplink, "/", index);
}

}  // namespace

absl::StatusOr<Server> Server::Start(const std::string& bpffs, const std::string& run) {
  XSW_ASSIGN_OR_RETURN(Listeners listeners, Listeners::Open(run));
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
  if (int err = nl_socket_add_membership(nl.sock(), RTNLGRP_LINK))
    return absl::InternalError(absl::StrCat("watch netdevs: ", nl_geterror(err)));
  Server server(bpffs, std::move(listeners), std::move(nl));
  server.epoll_ = Fd(epoll_create1(EPOLL_CLOEXEC));
  if (!server.epoll_) return ErrnoStatus(errno, "epoll");
  XSW_ASSIGN_OR_RETURN(server.signals_, StopSignals());
  XSW_RETURN_IF_ERROR(server.Watch(server.signals_.get()));
  XSW_RETURN_IF_ERROR(server.Watch(nl_socket_get_fd(server.nl_.sock())));
  server.scan_delay_ = kFirstScan;
  server.Rescan();
  return server;
}

absl::Status Server::Watch(int fd) {
  epoll_event event = {.events = EPOLLIN, .data = {.fd = fd}};
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event)) return ErrnoStatus(errno, "epoll_ctl");
  return absl::OkStatus();
}

absl::Status Server::Run() {
  epoll_event events[64];
  NotifySystemd("READY=1");
  for (;;) {
    const int count = epoll_wait(epoll_.get(), events, std::size(events), TimeoutMs());
    if (count < 0 && errno != EINTR) return ErrnoStatus(errno, "epoll_wait");
    for (int i = 0; i < count; i++) {
      if (events[i].data.fd == signals_.get()) {
        NotifySystemd("STOPPING=1");
        return absl::OkStatus();
      }
      OnEvent(events[i].data.fd);
    }
    CloseIdle();
    if (Clock::now() >= next_scan_) Rescan();
  }
}

int Server::TimeoutMs() const {
  Clock::time_point next = next_scan_;
  for (const auto& [fd, connection] : connections_) next = std::min(next, connection.deadline);
  const auto left = std::chrono::ceil<milliseconds>(next - Clock::now()).count();
  return static_cast<int>(std::max<int64_t>(left, 0));
}

void Server::Rescan() {
  listeners_.Follow(FindBlocks(bpffs_));
  for (const auto& [path, listener] : listeners_.all()) {
    // Known ones answer EEXIST; closed ones have left epoll by themselves.
    epoll_event event = {.events = EPOLLIN, .data = {.fd = listener.fd.get()}};
    epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, listener.fd.get(), &event);
  }
  next_scan_ = Clock::now() + scan_delay_;
  scan_delay_ = std::min(scan_delay_ * 3, kSlowestScan);
  NotifySystemd("WATCHDOG=1");
}

void Server::OnLinkEvents() {
  char buffer[8192];
  const int fd = nl_socket_get_fd(nl_.sock());
  while (recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT | MSG_TRUNC) > 0 || errno == ENOBUFS) {
  }
  scan_delay_ = kFirstScan;
  next_scan_ = std::min(next_scan_, Clock::now() + scan_delay_);
}

void Server::OnEvent(int fd) {
  if (fd == nl_socket_get_fd(nl_.sock())) return OnLinkEvents();
  if (connections_.count(fd)) return OnRequest(fd);
  for (const auto& [path, listener] : listeners_.all()) {
    if (listener.fd.get() == fd) return Accept(listener);
  }
}

void Server::Accept(const Listener& listener) {
  for (int i = 0; i < kAcceptsPerRound; i++) {
    Fd fd(accept4(listener.fd.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!fd) return;
    Admit(listener, std::move(fd));
  }
}

void Server::Admit(const Listener& listener, Fd fd) {
  const std::string handle = HandleOf(listener.uplink, listener.index);
  absl::StatusOr<Peer> peer = PeerOf(fd);
  if (!peer.ok()) return;
  if (!MayUse(*peer, listener.uid, listener.gid))
    return Log(Severity::kWarning, absl::StrCat(handle, ": refused ", Describe(*peer)));
  const auto same = std::count_if(connections_.begin(), connections_.end(),
                                  [&](const auto& c) { return c.second.peer.uid == peer->uid; });
  if (same >= kMaxPerUid || connections_.size() >= kMaxConnections) {
    Send(fd, absl::StrCat("/open_nak,", EAGAIN, ",too many connections of uid ", peer->uid, " (",
                          kMaxPerUid, "): try again"));
    return Log(Severity::kWarning,
               absl::StrCat(handle, ": too many connections of ", Describe(*peer)));
  }
  const int number = fd.get();
  if (!Watch(number).ok()) return;
  connections_[number] = {.fd = std::move(fd),
                          .peer = *std::move(peer),
                          .uplink = listener.uplink,
                          .index = listener.index,
                          .deadline = Clock::now() + kIdle};
}

// One request a round, so that a client that keeps sending has only its share.
void Server::OnRequest(int fd) {
  Connection& connection = connections_[fd];
  Message request;
  const Received received = Receive(connection.fd, &request);
  if (received == Received::kNothing) return;
  if (received == Received::kClosed || !Answer(connection, request)) {
    connections_.erase(fd);
    return;
  }
  connection.deadline = Clock::now() + (connection.connected ? kIdleConnected : kIdle);
}

bool Server::Answer(Connection& connection, Message& request) {
  const std::string handle = HandleOf(connection.uplink, connection.index);
  if (request.text.size() > kMaxRequest) {
    Log(Severity::kWarning,
        absl::StrCat(handle, ": a request too long by ", Describe(connection.peer)));
    Send(connection.fd, "/nak");
    return false;
  }
  absl::StatusOr<QueueBlock> block = FindBlock(bpffs_, connection.uplink, connection.index);
  const bool bind = connection.unbound && request.text == "/bind";
  const bool open = bind || request.text.starts_with("/open,");
  // The owner may have changed since the connection was made.
  if (block.ok() && !MayUse(connection.peer, block->conf.owner_uid, block->conf.owner_gid))
    block = absl::PermissionDeniedError(absl::StrCat("port ", handle, " has another owner now"));
  if (!block.ok()) {
    Log(Severity::kWarning, absl::StrCat(handle, ": refused ", Describe(connection.peer), ": ",
                                         block.status().message()));
    Send(connection.fd, open ? OpenNak(block.status()) : "/nak");
    return false;
  }
  if (bind) return AnswerBind(connection, *block);
  if (open) return AnswerOpen(connection, *block, request);
  xsw::Answer answer = AnswerHandshake(*block, request, &connection.connected);
  if (answer.fd)
    Log(Severity::kInfo, absl::StrCat(handle, ": XSKMAP given to ", Describe(connection.peer)));
  if (!answer.text.empty() && !Send(connection.fd, answer.text, answer.fd)) return false;
  return !answer.close;
}

bool Server::Refuse(Connection& connection, const absl::Status& status) {
  Log(Severity::kWarning, absl::StrCat(HandleOf(connection.uplink, connection.index), ": refused ",
                                       Describe(connection.peer), ": ", status.message()));
  Send(connection.fd, OpenNak(status));
  return false;
}

// One queue a connection: once it is bound, the client needs us no more.
bool Server::AnswerOpen(Connection& connection, const QueueBlock& block, const Message& request) {
  absl::StatusOr<OpenRequest> wanted = ParseOpen(request.text);
  if (!wanted.ok()) return Refuse(connection, wanted.status());
  absl::StatusOr<XdpSocket> socket = OpenQueue(block, *wanted, request.fd);
  if (!socket.ok()) return Refuse(connection, socket.status());
  if (!Send(connection.fd, OpenReply(*socket), socket->fd)) return false;
  if (socket->bound) {
    LogGiven(connection, socket->queue);
    return false;
  }
  connection.unbound = *std::move(socket);
  return true;
}

bool Server::AnswerBind(Connection& connection, const QueueBlock& block) {
  absl::Status status = BindQueue(block, &*connection.unbound);
  if (!status.ok()) return Refuse(connection, status);
  LogGiven(connection, connection.unbound->queue);
  Send(connection.fd, OpenReply(*connection.unbound));
  return false;
}

void Server::LogGiven(const Connection& connection, uint32_t queue) {
  Log(Severity::kInfo, absl::StrCat(HandleOf(connection.uplink, connection.index), ": queue ",
                                    queue, " given to ", Describe(connection.peer)));
}

void Server::CloseIdle() {
  const Clock::time_point now = Clock::now();
  std::erase_if(connections_, [&](const auto& entry) {
    if (entry.second.deadline > now) return false;
    Log(Severity::kWarning, absl::StrCat(HandleOf(entry.second.uplink, entry.second.index),
                                         ": silent too long: ", Describe(entry.second.peer)));
    return true;
  });
}

}  // namespace xsw
