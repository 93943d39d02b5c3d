// SPDX-License-Identifier: Apache-2.0
// The loop of xswd: it follows the ports and lets clients in, and waits for none of them.
#ifndef XSW_TOOLS_XSWD_SERVER_H_
#define XSW_TOOLS_XSWD_SERVER_H_

#include <chrono>
#include <string>

#include "absl/status/statusor.h"
#include "tools/xswd/clients.h"
#include "tools/xswd/home.h"
#include "tools/xswd/listeners.h"
#include "userspace/fd.h"
#include "userspace/netlink.h"

namespace xsw {

class Server {
 public:
  using Clock = std::chrono::steady_clock;

  // Serves the ports of the caller's network namespace. bpffs is FindBpffs()'s; uid_memory_max as
  // Account has it.
  static absl::StatusOr<Server> Start(const std::string& bpffs, const std::string& run,
                                      uint64_t uid_memory_max);

  // Until SIGTERM or SIGINT; then its sockets are gone. To be destroyed by the end of the process
  // alone: closing a listener may wait for clients in its queue, and a process that ends does not.
  absl::Status Run();

 private:
  Server(std::string bpffs, Listeners listeners, Netlink nl, Clients clients, Home home)
      : bpffs_(std::move(bpffs)),
        listeners_(std::move(listeners)),
        nl_(std::move(nl)),
        clients_(std::move(clients)),
        home_(std::move(home)) {}

  absl::Status Watch(int fd);
  int TimeoutMs() const;
  void Rescan();
  void Tick();
  void OnEvent(int fd);
  // False: it is to end.
  bool OnSignals();
  void OnLinkEvents();
  void LookSoon();
  void Accept(const Listener& listener);

  std::string bpffs_;
  Listeners listeners_;
  Netlink nl_;
  Clients clients_;
  Home home_;
  Fd epoll_, signals_;
  // Netlink tells of a port's netdev before the port is ready, and of an owner's change not at all:
  // so we look again, soon after an event and then once a second.
  Clock::time_point next_scan_, next_tick_;
  std::chrono::milliseconds scan_delay_{};
};

}  // namespace xsw

#endif  // XSW_TOOLS_XSWD_SERVER_H_
