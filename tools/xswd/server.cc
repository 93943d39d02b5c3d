// SPDX-License-Identifier: Apache-2.0
#include "tools/xswd/server.h"

#include <linux/rtnetlink.h>
#include <netlink/socket.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "userspace/log.h"
#include "userspace/signals.h"
#include "userspace/status.h"

namespace xsw {
namespace {

using std::chrono::milliseconds;

constexpr int kPerRound = 64;  // connections or events of one kind; then the others have their turn
constexpr milliseconds kFirstScan(20), kSlowestScan(1000), kTick(1000);

}  // namespace

absl::StatusOr<Server> Server::Start(const std::string& bpffs, const std::string& run,
                                     uint64_t uid_memory_max) {
  XSW_ASSIGN_OR_RETURN(Listeners listeners, Listeners::Open(run));
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
  if (int err = nl_socket_add_membership(nl.sock(), RTNLGRP_LINK))
    return absl::InternalError(absl::StrCat("watch netdevs: ", nl_geterror(err)));
  XSW_ASSIGN_OR_RETURN(Clients clients, Clients::Open(bpffs, uid_memory_max));
  XSW_ASSIGN_OR_RETURN(Home home, Home::Open(bpffs));
  Server server(bpffs, std::move(listeners), std::move(nl), std::move(clients), std::move(home));
  server.epoll_ = Fd(epoll_create1(EPOLL_CLOEXEC));
  if (!server.epoll_) return ErrnoStatus(errno, "epoll");
  XSW_ASSIGN_OR_RETURN(server.signals_, WatchSignals({SIGTERM, SIGINT, SIGCHLD}));
  XSW_RETURN_IF_ERROR(server.Watch(server.signals_.get()));
  XSW_RETURN_IF_ERROR(server.Watch(nl_socket_get_fd(server.nl_.sock())));
  XSW_RETURN_IF_ERROR(server.Watch(server.clients_.log().out().get()));
  XSW_RETURN_IF_ERROR(server.Watch(server.home_.names().get()));
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
    if (!OnSignals()) break;
    for (int i = 0; i < count; i++) OnEvent(events[i].data.fd);
    if (Clock::now() >= next_scan_) Rescan();
    if (Clock::now() >= next_tick_) Tick();
  }
  NotifySystemd("STOPPING=1");
  clients_.log().Read();
  clients_.log().Tick();
  listeners_.Leave();
  return absl::OkStatus();
}

int Server::TimeoutMs() const {
  const auto left =
      std::chrono::ceil<milliseconds>(std::min(next_scan_, next_tick_) - Clock::now()).count();
  return static_cast<int>(std::max<int64_t>(left, 0));
}

void Server::Rescan() {
  listeners_.Sync(FindBlocks(bpffs_, listeners_.Uplinks()), clients_.closer());
  for (const auto& [path, listener] : listeners_.all()) {
    // Known ones answer EEXIST; closed ones have left epoll by themselves.
    epoll_event event = {.events = EPOLLIN, .data = {.fd = listener.fd.get()}};
    epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, listener.fd.get(), &event);
  }
  home_.Look();
  next_scan_ = Clock::now() + scan_delay_;
  scan_delay_ = std::min(scan_delay_ * 3, kSlowestScan);
  NotifySystemd("WATCHDOG=1");
}

void Server::Tick() {
  clients_.Tick();
  next_tick_ = Clock::now() + kTick;
}

bool Server::OnSignals() {
  signalfd_siginfo info;
  bool go_on = true;
  while (read(signals_.get(), &info, sizeof(info)) == sizeof(info))
    go_on &= info.ssi_signo == SIGCHLD;
  for (pid_t pid; (pid = waitpid(-1, nullptr, WNOHANG)) > 0;)
    if (!home_.Reap(pid)) clients_.Reap(pid);
  return go_on;
}

// What happened does not matter, and ENOBUFS, that some of it was lost, neither.
void Server::OnLinkEvents() {
  char buffer[8192];
  const int fd = nl_socket_get_fd(nl_.sock());
  for (int i = 0; i < kPerRound; i++) {
    if (recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT | MSG_TRUNC) < 0 && errno != ENOBUFS) break;
  }
  LookSoon();
}

void Server::LookSoon() {
  scan_delay_ = kFirstScan;
  next_scan_ = std::min(next_scan_, Clock::now() + scan_delay_);
}

void Server::OnEvent(int fd) {
  if (fd == signals_.get()) return;
  if (fd == nl_socket_get_fd(nl_.sock())) return OnLinkEvents();
  if (fd == clients_.log().out().get()) return clients_.log().Read();
  if (fd == home_.names().get()) {
    home_.ReadNames();
    return LookSoon();
  }
  for (const auto& [path, listener] : listeners_.all()) {
    if (listener.fd.get() == fd) return Accept(listener);
  }
}

void Server::Accept(const Listener& listener) {
  for (int i = 0; i < kPerRound; i++) {
    Fd fd(accept4(listener.fd.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!fd) return;
    clients_.Admit(listener, std::move(fd));
  }
}

}  // namespace xsw
