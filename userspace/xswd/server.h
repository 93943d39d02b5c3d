// SPDX-License-Identifier: Apache-2.0
// The loop of xswd: one thread, which waits for nobody.
#ifndef XSW_USERSPACE_XSWD_SERVER_H_
#define XSW_USERSPACE_XSWD_SERVER_H_

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "userspace/fd.h"
#include "userspace/netlink.h"
#include "userspace/xswd/listeners.h"
#include "userspace/xswd/message.h"
#include "userspace/xswd/peer.h"
#include "userspace/xswd/xdp_socket.h"

namespace xsw {

class Server {
 public:
  using Clock = std::chrono::steady_clock;

  // Serves the ports of the caller's network namespace. bpffs is FindBpffs()'s.
  static absl::StatusOr<Server> Start(const std::string& bpffs, const std::string& run);

  // Until SIGTERM or SIGINT.
  absl::Status Run();

 private:
  struct Connection {
    Fd fd;
    Peer peer;
    std::string uplink;
    uint32_t index = 0;
    bool connected = false;            // has begun the afxdp-plugins handshake
    std::optional<XdpSocket> unbound;  // sent with /open_map
    Clock::time_point deadline;
  };

  Server(std::string bpffs, Listeners listeners, Netlink nl)
      : bpffs_(std::move(bpffs)), listeners_(std::move(listeners)), nl_(std::move(nl)) {}

  absl::Status Watch(int fd);
  int TimeoutMs() const;
  void Rescan();
  void OnLinkEvents();
  void OnEvent(int fd);
  void Accept(const Listener& listener);
  void Admit(const Listener& listener, Fd fd);
  void OnRequest(int fd);
  // False: the connection is done.
  bool Answer(Connection& connection, Message& request);
  bool AnswerOpen(Connection& connection, const QueueBlock& block, const Message& request);
  bool AnswerBind(Connection& connection, const QueueBlock& block);
  static void LogGiven(const Connection& connection, uint32_t queue);
  // Sends the refusal and logs it; false, for the end of the connection.
  bool Refuse(Connection& connection, const absl::Status& status);
  void CloseIdle();

  std::string bpffs_;
  Listeners listeners_;
  Netlink nl_;
  Fd epoll_, signals_;
  std::map<int, Connection> connections_;  // by fd
  // Netlink tells of a port's netdev before the port is ready, and of an owner's change not at all:
  // so we look again, soon after an event and then once a second.
  Clock::time_point next_scan_;
  std::chrono::milliseconds scan_delay_{};
};

}  // namespace xsw

#endif  // XSW_USERSPACE_XSWD_SERVER_H_
