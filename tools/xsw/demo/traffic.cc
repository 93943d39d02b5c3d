// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/demo/traffic.h"

#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <optional>

#include "tools/xsw/demo/socket.h"
#include "tools/xsw/demo/stream.h"
#include "userspace/netlink.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr uint16_t kEchoPort = 7;
constexpr uint16_t kBroadcastPort = 9;
constexpr int kEchos = 8;
constexpr int kLateMs = 30;  // how long a second copy may take to come
// Indices in DemoNodes: container to container, in from the wire, to the host.
constexpr size_t kStreams[][2] = {{2, 3}, {0, 2}, {3, 1}};

using Clock = std::chrono::steady_clock;

uint64_t MicrosSince(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start).count();
}

// What the kernel of this namespace has learnt of an IPv4 address by ARP.
absl::StatusOr<std::optional<Mac>> Neighbour(const DemoNode& node, const std::string& address) {
  return InNetns(node.fd, [&]() -> absl::StatusOr<std::optional<Mac>> {
    XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
    const in_addr wanted = DemoAddress(address, 0).sin_addr;
    std::optional<Mac> found;
    NlMsg msg = NewMessage(RTM_GETNEIGH, NLM_F_DUMP, ndmsg{.ndm_family = AF_INET});
    XSW_RETURN_IF_ERROR(nl.Send(msg, "read the neighbour table", [&](nlmsghdr* header) {
      nlattr* dst = nlmsg_find_attr(header, sizeof(ndmsg), NDA_DST);
      nlattr* lladdr = nlmsg_find_attr(header, sizeof(ndmsg), NDA_LLADDR);
      if (!dst || !lladdr || nla_len(dst) != sizeof(wanted) || nla_len(lladdr) != 6) return;
      if (std::memcmp(nla_data(dst), &wanted, sizeof(wanted)) != 0) return;
      std::memcpy(found.emplace().data(), nla_data(lladdr), 6);
    }));
    return found;
  });
}

absl::Status Echo(const DemoNodes& nodes, const Fd& listener, DemoPath& path,
                  const HeldSignals& signals) {
  XSW_ASSIGN_OR_RETURN(DemoConnection both,
                       DemoConnect(nodes[path.from], nodes[path.to], listener, kEchoPort, signals));
  for (uint64_t i = 0; i < kEchos; i++) {
    const Clock::time_point start = Clock::now();
    XSW_RETURN_IF_ERROR(DemoPass(both.client, both.server, i, signals));
    XSW_RETURN_IF_ERROR(DemoPass(both.server, both.client, ~i, signals));
    const uint32_t us = MicrosSince(start);
    path.echo_us = i ? std::min(path.echo_us, us) : us;
  }
  return absl::OkStatus();
}

absl::Status TryPath(const DemoNodes& nodes, const Fd& listener, DemoPath& path,
                     const HeldSignals& signals) {
  absl::Status echo = Echo(nodes, listener, path, signals);
  if (absl::IsCancelled(echo)) return echo;
  XSW_ASSIGN_OR_RETURN(std::optional<Mac> learnt,
                       Neighbour(nodes[path.from], nodes[path.to].address));
  if (learnt) path.lladdr = *learnt;
  path.resolved = learnt == nodes[path.to].mac;
  if (!learnt)
    path.error = "no answer to ARP";
  else if (!path.resolved)
    path.error = absl::StrCat("ARP found ", FormatMac(*learnt));
  else if (!echo.ok())
    path.error = std::string(echo.message());
  return absl::OkStatus();
}

template <typename Opener>
absl::StatusOr<std::vector<Fd>> OpenAll(const DemoNodes& nodes, Opener open, uint16_t port) {
  std::vector<Fd> all;
  for (const DemoNode& node : nodes) {
    XSW_ASSIGN_OR_RETURN(Fd sock, open(node, port));
    all.push_back(std::move(sock));
  }
  return all;
}

// Copies of each node's broadcast at one node. Its own comes back from its own stack, not from us.
using Copies = std::array<uint32_t, std::tuple_size_v<DemoNodes>>;

absl::Status Receive(const Fd& sock, size_t self, Copies& copies, const HeldSignals& signals) {
  auto complete = [&] {
    for (size_t i = 0; i < copies.size(); i++) {
      if (i != self && !copies[i]) return false;
    }
    return true;
  };
  while (true) {
    absl::Status ready = signals.WaitFor(sock.get(), POLLIN, complete() ? kLateMs : 500);
    if (absl::IsDeadlineExceeded(ready)) return absl::OkStatus();
    XSW_RETURN_IF_ERROR(ready);
    uint64_t from = 0;
    if (recv(sock.get(), &from, sizeof(from), 0) == sizeof(from) && from < copies.size())
      copies[from]++;
  }
}

}  // namespace

absl::StatusOr<std::vector<DemoPath>> TryPaths(const DemoNodes& nodes, const HeldSignals& signals) {
  XSW_ASSIGN_OR_RETURN(std::vector<Fd> listeners, OpenAll(nodes, DemoListener, kEchoPort));
  std::vector<DemoPath> paths;
  for (size_t from = 0; from < nodes.size(); from++) {
    for (size_t to = 0; to < nodes.size(); to++) {
      if (from == to) continue;
      DemoPath& path = paths.emplace_back(DemoPath{.from = from, .to = to});
      XSW_RETURN_IF_ERROR(TryPath(nodes, listeners[to], path, signals));
    }
  }
  return paths;
}

absl::StatusOr<DemoBroadcast> TryBroadcast(const DemoNodes& nodes, const HeldSignals& signals) {
  XSW_ASSIGN_OR_RETURN(std::vector<Fd> socks, OpenAll(nodes, DemoBroadcaster, kBroadcastPort));
  const sockaddr_in everyone = DemoAddress(kDemoEveryone, kBroadcastPort);
  // What cannot be sent does not arrive either.
  for (uint64_t from = 0; from < nodes.size(); from++)
    (void)!sendto(socks[from].get(), &from, sizeof(from), 0,
                  reinterpret_cast<const sockaddr*>(&everyone), sizeof(everyone));
  DemoBroadcast result;
  for (size_t to = 0; to < nodes.size(); to++) {
    Copies copies = {};
    XSW_RETURN_IF_ERROR(Receive(socks[to], to, copies, signals));
    for (size_t from = 0; from < nodes.size(); from++) {
      if (from == to) continue;
      result.expected++;
      result.arrived += copies[from] > 0;
      result.again += copies[from] > 1 ? copies[from] - 1 : 0;
    }
  }
  return result;
}

absl::StatusOr<std::vector<DemoStream>> TryStreams(const DemoNodes& nodes,
                                                   const HeldSignals& signals) {
  std::vector<DemoStream> streams;
  for (const auto& [from, to] : kStreams) {
    DemoStream& stream = streams.emplace_back(DemoStream{.from = from, .to = to});
    absl::Status status = RunStream(nodes[from], nodes[to], stream, signals);
    if (absl::IsCancelled(status)) return status;
    stream.error = std::string(status.message());
  }
  return streams;
}

size_t DemoTraffic::paths_ok() const {
  return std::count_if(paths.begin(), paths.end(), [](const auto& p) { return p.error.empty(); });
}

size_t DemoTraffic::resolved() const {
  return std::count_if(paths.begin(), paths.end(), [](const auto& p) { return p.resolved; });
}

bool DemoTraffic::ok() const {
  return paths_ok() == paths.size() && broadcast.ok() &&
         std::all_of(streams.begin(), streams.end(), [](const auto& s) { return s.error.empty(); });
}

std::string DemoTraffic::FirstError(const DemoNodes& nodes) const {
  auto line = [&](const auto& it, const char* what) {
    return absl::StrCat(what, nodes[it.from].name, " -> ", nodes[it.to].name, ": ", it.error);
  };
  for (const DemoPath& path : paths) {
    if (!path.error.empty()) return line(path, "");
  }
  if (!broadcast.ok())
    return absl::StrCat("broadcast: ", broadcast.arrived, " of ", broadcast.expected,
                        " copies arrived, ", broadcast.again, " more than once");
  for (const DemoStream& stream : streams) {
    if (!stream.error.empty()) return line(stream, "TCP stream ");
  }
  return "";
}

}  // namespace xsw
