// SPDX-License-Identifier: Apache-2.0
// Sockets that live in another namespace, with the demo's waits.
#ifndef XSW_TOOLS_XSW_DEMO_SOCKET_H_
#define XSW_TOOLS_XSW_DEMO_SOCKET_H_

#include <netinet/in.h>

#include "absl/status/statusor.h"
#include "tools/xsw/demo/lab.h"

namespace xsw {

inline constexpr int kDemoWaitMs = 1500;  // ARP asks once a second

sockaddr_in DemoAddress(const std::string& address, uint16_t port);

// Nonblocking, bound to the node's port, any address.
absl::StatusOr<Fd> DemoListener(const DemoNode& node, uint16_t port);
absl::StatusOr<Fd> DemoBroadcaster(const DemoNode& node, uint16_t port);

// The two ends of a new connection, both nonblocking.
struct DemoConnection {
  Fd client;
  Fd server;
};
absl::StatusOr<DemoConnection> DemoConnect(const DemoNode& from, const DemoNode& to,
                                           const Fd& listener, uint16_t port,
                                           const HeldSignals& signals);

// What one end sends the other must receive.
absl::Status DemoPass(const Fd& sender, const Fd& receiver, uint64_t what,
                      const HeldSignals& signals);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_DEMO_SOCKET_H_
