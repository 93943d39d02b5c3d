// SPDX-License-Identifier: Apache-2.0
#include "tools/xswd/xdp_socket.h"

#include <bpf/bpf.h>
#include <linux/if_xdp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "userspace/link.h"
#include "userspace/netns.h"
#include "userspace/status.h"
#include "userspace/xdp_features.h"

// Newer than Debian 12's headers.
#ifndef SO_PREFER_BUSY_POLL
#define SO_PREFER_BUSY_POLL 69
#define SO_BUSY_POLL_BUDGET 70
#endif
#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

namespace xsw {
namespace {

// What a client may have on its way to the switch, headers and all: the 256 frames of 9000 bytes
// that a veth's ring takes. The kernel doubles it, and its default is 92 short frames.
constexpr int kSendMemory = 4 << 20;
constexpr int kTries = 40;
constexpr useconds_t kPause = 5000;
constexpr uint32_t kMaxBusyTimeout = 10000, kMaxBusyBudget = 512;

absl::Status SetOption(const Fd& socket, int option, const void* value, socklen_t size,
                       const std::string& what) {
  if (!setsockopt(socket.get(), SOL_XDP, option, value, size)) return absl::OkStatus();
  return ErrnoStatus(errno, what);
}

absl::Status HasEnough(const Account& account, uint64_t size) {
  return absl::ResourceExhaustedError(absl::StrCat(
      "memory of ", size, " bytes: uid ", account.uid, "'s queues would have more than ",
      account.memory_max, " together (xswd --uid-memory-max): close one, or ask for less"));
}

// The kernel keeps the pages; the mapping is needed for this moment only.
absl::Status RegisterMemory(const Fd& socket, const OpenRequest& request,
                            const ClientMemory& memory, const Account& account) {
  const xdp_umem_reg umem = {.addr = reinterpret_cast<uint64_t>(memory.at()),
                             .len = memory.size(),
                             .chunk_size = request.chunk,
                             .headroom = request.headroom,
                             .flags = 0};
  // It gives the memory of closed sockets back some milliseconds later.
  for (int i = 0; setsockopt(socket.get(), SOL_XDP, XDP_UMEM_REG, &umem, sizeof(umem)); i++) {
    if (errno != ENOBUFS) return ErrnoStatus(errno, "register the client's memory");
    if (i == kTries) return HasEnough(account, memory.size());
    usleep(kPause);
  }
  return absl::OkStatus();
}

absl::Status SetRings(const Fd& socket, const OpenRequest& request) {
  constexpr socklen_t kSize = sizeof(uint32_t);
  XSW_RETURN_IF_ERROR(
      SetOption(socket, XDP_UMEM_FILL_RING, &request.fill, kSize, "make the fill ring"));
  XSW_RETURN_IF_ERROR(SetOption(socket, XDP_UMEM_COMPLETION_RING, &request.comp, kSize,
                                "make the completion ring"));
  XSW_RETURN_IF_ERROR(SetOption(socket, XDP_RX_RING, &request.rx, kSize, "make the rx ring"));
  return SetOption(socket, XDP_TX_RING, &request.tx, kSize, "make the tx ring");
}

absl::Status Taken(const QueueBlock& block, uint32_t queue) {
  return absl::UnavailableError(
      absl::StrCat("queue ", queue, " of port ", HandleOf(block), " is taken"));
}

// False: errno says why.
bool BindOnce(const XdpSocket& socket, uint16_t flags) {
  const sockaddr_xdp address = {.sxdp_family = AF_XDP,
                                .sxdp_flags = flags,
                                .sxdp_ifindex = static_cast<uint32_t>(socket.ifindex),
                                .sxdp_queue_id = socket.queue,
                                .sxdp_shared_umem_fd = 0};
  return !bind(socket.fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address));
}

bool BindNow(XdpSocket* socket) {
  constexpr uint16_t kFlags = XDP_COPY | XDP_USE_NEED_WAKEUP;
  socket->multi_buffer = BindOnce(*socket, kFlags | XDP_USE_SG);
  if (socket->multi_buffer) return true;
  return errno == EINVAL && BindOnce(*socket, kFlags);  // before Linux 6.6
}

// BPF_NOEXIST: a slot that somebody has stays his.
absl::Status Enter(const QueueBlock& block, uint32_t queue, const Fd& socket) {
  XSW_ASSIGN_OR_RETURN(Fd map, OpenXskMap(block));
  const int fd = socket.get();
  if (!bpf_map_update_elem(map.get(), &queue, &fd, BPF_NOEXIST)) return absl::OkStatus();
  if (errno == EEXIST) return Taken(block, queue);
  // Whoever was given the map by the handshake may do that to himself. A new owner gets a new map.
  if (errno == EPERM)
    return absl::FailedPreconditionError(
        absl::StrCat("port ", HandleOf(block), ": a program of its owner's has frozen its XSKMAP"));
  return ErrnoStatus(errno, absl::StrCat("enter queue ", queue, " of port ", HandleOf(block)));
}

// The socket belongs for ever to the namespace that it is made in.
absl::StatusOr<XdpSocket> MakeSocket(const QueueBlock& block) {
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
  XSW_ASSIGN_OR_RETURN(Link function, GetLink(nl, block.ifindex));
  XdpSocket made{.ifindex = function.ifindex, .mtu = function.mtu, .hw_addr = function.mac};
  made.fd = Fd(socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0));
  if (!made.fd) return ErrnoStatus(errno, "make an AF_XDP socket");
  if (setsockopt(made.fd.get(), SOL_SOCKET, SO_SNDBUFFORCE, &kSendMemory, sizeof(kSendMemory)))
    return ErrnoStatus(errno, "set the send memory of an AF_XDP socket");
  return made;
}

absl::StatusOr<uint64_t> SocketNetnsCookie(const Fd& socket) {
  uint64_t cookie = 0;
  socklen_t size = sizeof(cookie);
  if (getsockopt(socket.get(), SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &size))
    return ErrnoStatus(errno, "read the namespace of a socket");
  return cookie;
}

}  // namespace

absl::StatusOr<XdpSocket> TakeQueue(const QueueBlock& block, uint32_t queue) {
  XSW_ASSIGN_OR_RETURN(Fd netns, OpenFunctionNetns(block));
  XSW_ASSIGN_OR_RETURN(XdpSocket socket, InNetns(netns, [&] { return MakeSocket(block); }));
  XSW_RETURN_IF_ERROR(Enter(block, queue, socket.fd));
  socket.queue = queue;
  return socket;
}

absl::Status GiveMemory(const XdpSocket& socket, const OpenRequest& request,
                        const ClientMemory& memory, const Account& account) {
  XSW_RETURN_IF_ERROR(
      ChargeTo(account, [&] { return RegisterMemory(socket.fd, request, memory, account); }));
  return SetRings(socket.fd, request);
}

// The kernel gives a queue back some milliseconds after its last socket is closed and the slot is
// free.
absl::Status BindXdpSocket(const QueueBlock& block, XdpSocket* socket) {
  for (int i = 0; !(socket->bound = BindNow(socket)); i++) {
    if (errno == EBUSY && i == kTries) return Taken(block, socket->queue);
    if (errno != EBUSY)
      return ErrnoStatus(
          errno, absl::StrCat("bind to queue ", socket->queue, " of port ", HandleOf(block)));
    usleep(kPause);
  }
  return absl::OkStatus();
}

absl::Status SetBusyPoll(const QueueBlock& block, const Fd& socket, uint32_t timeout,
                         uint32_t budget) {
  int domain = 0;
  socklen_t size = sizeof(domain);
  if (!socket || getsockopt(socket.get(), SOL_SOCKET, SO_DOMAIN, &domain, &size) ||
      domain != AF_XDP)
    return absl::InvalidArgumentError("not an AF_XDP socket");
  XSW_ASSIGN_OR_RETURN(uint64_t theirs, SocketNetnsCookie(socket));
  XSW_ASSIGN_OR_RETURN(Fd netns, OpenFunctionNetns(block));
  XSW_ASSIGN_OR_RETURN(uint64_t ours, NetnsCookieOf(netns));
  if (theirs != ours) return absl::InvalidArgumentError("a socket of another network namespace");
  if (timeout > kMaxBusyTimeout || budget == 0 || budget > kMaxBusyBudget)
    return absl::InvalidArgumentError(absl::StrCat("timeout ", timeout, " us or budget ", budget,
                                                   " is above ", kMaxBusyTimeout, " and ",
                                                   kMaxBusyBudget));
  const int on = 1;
  if (setsockopt(socket.get(), SOL_SOCKET, SO_PREFER_BUSY_POLL, &on, sizeof(on)) ||
      setsockopt(socket.get(), SOL_SOCKET, SO_BUSY_POLL, &timeout, sizeof(timeout)) ||
      setsockopt(socket.get(), SOL_SOCKET, SO_BUSY_POLL_BUDGET, &budget, sizeof(budget)))
    return ErrnoStatus(errno, "set busy polling");
  return absl::OkStatus();
}

}  // namespace xsw
