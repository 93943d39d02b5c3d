// SPDX-License-Identifier: Apache-2.0
#include "userspace/route_news.h"

#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "absl/types/span.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// For the news of some thousand addresses at once.
constexpr int kBufferBytes = 4 << 20;
constexpr int kGroupOption = NETLINK_ADD_MEMBERSHIP;
constexpr int kRouteGroups[] = {RTNLGRP_LINK, RTNLGRP_NEIGH, RTNLGRP_BRVLAN, RTNLGRP_TC};
constexpr int kFilterGroups[] = {NFNLGRP_NFTABLES};

absl::StatusOr<Fd> Listen(int protocol, absl::Span<const int> groups) {
  Fd fd(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol));
  // Without an address of its own it is taken for the kernel, which hears no news of its own.
  const sockaddr_nl address = {.nl_family = AF_NETLINK};
  if (!fd || bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)))
    return ErrnoStatus(errno, "open netlink");
  // Without the right to it the buffer is smaller, and news are lost sooner, which is noticed.
  setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUFFORCE, &kBufferBytes, sizeof(kBufferBytes));
  for (int group : groups) {
    if (setsockopt(fd.get(), SOL_NETLINK, kGroupOption, &group, sizeof(group)))
      return ErrnoStatus(errno, "listen to netlink");
  }
  return fd;
}

// A neighbour of the host's own, of which there are many, is no bridge's.
void Add(const char* data, ssize_t size, RouteNews::News* news) {
  const auto* header = reinterpret_cast<const nlmsghdr*>(data);
  for (auto left = static_cast<int>(size); NLMSG_OK(header, left);
       header = NLMSG_NEXT(header, left)) {
    const bool neighbour = header->nlmsg_type == RTM_NEWNEIGH || header->nlmsg_type == RTM_DELNEIGH;
    const bool address =
        neighbour && static_cast<const ndmsg*>(NLMSG_DATA(header))->ndm_family == AF_BRIDGE;
    news->addresses |= address;
    news->any |= address || !neighbour;
  }
}

void ReadAll(const Fd& fd, RouteNews::News* news) {
  alignas(nlmsghdr) std::array<char, 32768> data;
  for (;;) {
    const ssize_t size = recv(fd.get(), data.data(), data.size(), MSG_TRUNC);
    if (size < 0 && errno != ENOBUFS && errno != EINTR) return;
    if (size > static_cast<ssize_t>(data.size()) || (size < 0 && errno == ENOBUFS))
      *news = {.any = true, .addresses = true, .lost = true};
    else if (size >= 0)
      Add(data.data(), size, news);
  }
}

}  // namespace

absl::StatusOr<RouteNews> RouteNews::Open() {
  RouteNews news;
  XSW_ASSIGN_OR_RETURN(Fd route, Listen(NETLINK_ROUTE, kRouteGroups));
  news.fds_.push_back(std::move(route));
  // Without nftables in the kernel there are none of its rules.
  absl::StatusOr<Fd> filter = Listen(NETLINK_NETFILTER, kFilterGroups);
  if (filter.ok()) news.fds_.push_back(*std::move(filter));
  return news;
}

RouteNews::News RouteNews::Read() {
  News news;
  for (const Fd& fd : fds_) ReadAll(fd, &news);
  return news;
}

}  // namespace xsw
