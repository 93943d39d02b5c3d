// SPDX-License-Identifier: Apache-2.0
#include "userspace/xswd/xdp_socket.h"

#include <bpf/bpf.h>
#include <fcntl.h>
#include <linux/if_xdp.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cerrno>

#include "absl/cleanup/cleanup.h"
#include "switchdev_model/queues.h"
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

constexpr int64_t kMinMemory = 65536;
constexpr int64_t kMaxMemory = 256 << 20;  // pinning takes some 60 us a MiB, and others wait
// What a client may have on its way to the switch, headers and all: the 256 frames of 9000 bytes
// that a veth's ring takes. The kernel doubles it, and its default is 92 short frames.
constexpr int kSendMemory = 4 << 20;
constexpr uint32_t kMaxBusyTimeout = 10000, kMaxBusyBudget = 512;

// Only memory that nothing but the kernel's shmem can be behind: a page fault on a file of any
// other kind (FUSE) could make us wait for the client.
absl::StatusOr<uint64_t> MemorySize(const Fd& memory, uint32_t chunk) {
  struct stat info;
  if (!memory) return absl::InvalidArgumentError("/open came without a memfd");
  if (fcntl(memory.get(), F_GET_SEALS) < 0 || fstat(memory.get(), &info))
    return absl::InvalidArgumentError("what came with /open is not a memfd");
  if (info.st_size < kMinMemory || info.st_size > kMaxMemory || info.st_size % chunk ||
      info.st_size % sysconf(_SC_PAGESIZE))
    return absl::InvalidArgumentError(absl::StrCat("memory of ", info.st_size,
                                                   " bytes is not whole chunks and pages from ",
                                                   kMinMemory, " to ", kMaxMemory, " bytes"));
  // Pages that we would have to allocate would be charged to us.
  if (info.st_blocks * 512 < info.st_size)
    return absl::InvalidArgumentError("the memfd has holes: map it with MAP_POPULATE first");
  return info.st_size;
}

absl::Status SetOption(const Fd& socket, int option, const void* value, socklen_t size,
                       const std::string& what) {
  if (!setsockopt(socket.get(), SOL_XDP, option, value, size)) return absl::OkStatus();
  return ErrnoStatus(errno, what);
}

// The kernel keeps the pages; the mapping is needed for this moment only.
absl::Status RegisterMemory(const Fd& socket, const OpenRequest& request, const Fd& memory) {
  XSW_ASSIGN_OR_RETURN(uint64_t size, MemorySize(memory, request.chunk));
  void* at = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, memory.get(), 0);
  if (at == MAP_FAILED)
    return absl::InvalidArgumentError(
        ErrnoStatus(errno, "map the client's memfd for reading and writing").message());
  const xdp_umem_reg umem = {.addr = reinterpret_cast<uint64_t>(at),
                             .len = size,
                             .chunk_size = request.chunk,
                             .headroom = request.headroom,
                             .flags = 0};
  absl::Status status =
      SetOption(socket, XDP_UMEM_REG, &umem, sizeof(umem), "register the client's memory");
  munmap(at, size);
  return status;
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

absl::Status Bind(const QueueBlock& block, XdpSocket* socket) {
  const uint32_t queue = socket->queue;
  sockaddr_xdp address = {.sxdp_family = AF_XDP,
                          .sxdp_flags = XDP_COPY | XDP_USE_NEED_WAKEUP | XDP_USE_SG,
                          .sxdp_ifindex = static_cast<uint32_t>(socket->ifindex),
                          .sxdp_queue_id = queue,
                          .sxdp_shared_umem_fd = 0};
  auto bind_it = [&] {
    return bind(socket->fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  };
  socket->multi_buffer = bind_it();
  if (socket->multi_buffer) return absl::OkStatus();
  address.sxdp_flags &= ~XDP_USE_SG;  // before Linux 6.6
  if (errno == EINVAL && bind_it()) return absl::OkStatus();
  if (errno == EBUSY) return Taken(block, queue);
  return ErrnoStatus(errno, absl::StrCat("bind to queue ", queue, " of port ", HandleOf(block)));
}

// BPF_NOEXIST: a slot that somebody took by the handshake stays his.
absl::Status Enter(const QueueBlock& block, uint32_t queue, const Fd& socket) {
  XSW_ASSIGN_OR_RETURN(Fd map, OpenXskMap(block));
  const int fd = socket.get();
  if (!bpf_map_update_elem(map.get(), &queue, &fd, BPF_NOEXIST)) return absl::OkStatus();
  if (errno == EEXIST) return Taken(block, queue);
  return ErrnoStatus(errno, absl::StrCat("enter queue ", queue, " of port ", HandleOf(block)));
}

// The socket belongs for ever to the namespace that it is made in.
absl::StatusOr<XdpSocket> SocketIn(const QueueBlock& block) {
  XSW_ASSIGN_OR_RETURN(Fd netns, OpenFunctionNetns(block));
  XSW_ASSIGN_OR_RETURN(ScopedNetns there, ScopedNetns::Enter(netns));
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
  XSW_ASSIGN_OR_RETURN(Link function, GetLink(nl, QueuesIfindex(block.index)));
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

absl::StatusOr<uint64_t> FunctionNetnsCookie(const QueueBlock& block) {
  XSW_ASSIGN_OR_RETURN(Fd netns, OpenFunctionNetns(block));
  XSW_ASSIGN_OR_RETURN(ScopedNetns there, ScopedNetns::Enter(netns));
  return NetnsCookie();
}

}  // namespace

absl::StatusOr<XdpSocket> MakeXdpSocket(const QueueBlock& block, const OpenRequest& request,
                                        const Fd& memory) {
  XSW_ASSIGN_OR_RETURN(XdpSocket socket, SocketIn(block));
  XSW_RETURN_IF_ERROR(RegisterMemory(socket.fd, request, memory));
  XSW_RETURN_IF_ERROR(SetRings(socket.fd, request));
  socket.queue = request.queue;
  return socket;
}

absl::Status BindXdpSocket(const QueueBlock& block, XdpSocket* socket) {
  XSW_RETURN_IF_ERROR(Bind(block, socket));
  XSW_RETURN_IF_ERROR(Enter(block, socket->queue, socket->fd));
  socket->bound = true;
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
  XSW_ASSIGN_OR_RETURN(uint64_t ours, FunctionNetnsCookie(block));
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
