// SPDX-License-Identifier: Apache-2.0
#include "bench/bare_queue.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <linux/if_xdp.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>

#include "bare_queue.skel.h"
#include "bench/sandbox.h"
#include "bench/scoped_netns.h"
#include "tools/xswd/message.h"
#include "userspace/attach.h"
#include "userspace/netns.h"
#include "userspace/status.h"

// Newer than Debian 12's headers.
#ifndef XDP_USE_SG
#define XDP_USE_SG (1 << 4)
#endif

namespace xsw::bench {
namespace {

constexpr int kAskMs = 5000;
constexpr int kSendMemory = 4 << 20;  // as xswd gives
constexpr int kMtu = 1500;

// Fields of /open after the queue.
struct Sizes {
  uint32_t rx, tx, fill, comp, chunk, headroom;
};

bool Option(const Fd& sock, int option, const void* value, socklen_t size) {
  return !setsockopt(sock.get(), SOL_XDP, option, value, size);
}

bool RegisterMemory(const Fd& sock, const Fd& memory, const Sizes& sizes) {
  struct stat info = {};
  fstat(memory.get(), &info);
  const auto size = static_cast<size_t>(info.st_size);
  void* at = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, memory.get(), 0);
  if (at == MAP_FAILED) return false;
  const xdp_umem_reg umem = {.addr = reinterpret_cast<uint64_t>(at),
                             .len = size,
                             .chunk_size = sizes.chunk,
                             .headroom = sizes.headroom,
                             .flags = 0};
  const bool done = Option(sock, XDP_UMEM_REG, &umem, sizeof(umem));
  const int err = errno;
  munmap(at, size);
  errno = err;
  return done;
}

// As tools/xswd/xdp_socket.cc makes them. No socket, and errno, on failure.
Fd MakeSocket(int ifindex, const Fd& memory, const Sizes& sizes) {
  Fd sock(socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0));
  const sockaddr_xdp address = {.sxdp_family = AF_XDP,
                                .sxdp_flags = XDP_COPY | XDP_USE_NEED_WAKEUP | XDP_USE_SG,
                                .sxdp_ifindex = static_cast<uint32_t>(ifindex),
                                .sxdp_queue_id = 0,
                                .sxdp_shared_umem_fd = 0};
  if (sock && RegisterMemory(sock, memory, sizes) &&
      !setsockopt(sock.get(), SOL_SOCKET, SO_SNDBUFFORCE, &kSendMemory, sizeof(kSendMemory)) &&
      Option(sock, XDP_UMEM_FILL_RING, &sizes.fill, sizeof(sizes.fill)) &&
      Option(sock, XDP_UMEM_COMPLETION_RING, &sizes.comp, sizeof(sizes.comp)) &&
      Option(sock, XDP_RX_RING, &sizes.rx, sizeof(sizes.rx)) &&
      Option(sock, XDP_TX_RING, &sizes.tx, sizeof(sizes.tx)) &&
      !bind(sock.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)))
    return sock;
  return Fd();
}

absl::Status WaitFor(const Fd& sock) {
  pollfd wait = {.fd = sock.get(), .events = POLLIN, .revents = 0};
  if (poll(&wait, 1, kAskMs) == 1) return absl::OkStatus();
  return absl::DeadlineExceededError("no application asks for its queue");
}

}  // namespace

void BareQueue::Destroy::operator()(bare_queue_bpf* skeleton) const {
  bare_queue_bpf__destroy(skeleton);
}

BareQueue::BareQueue(Skeleton skeleton, const World& world, Netdev netdev)
    : skeleton_(std::move(skeleton)),
      netns_(fcntl(world.netns[netdev.place].get(), F_DUPFD_CLOEXEC, 0)),
      netdev_(std::move(netdev)) {}
BareQueue::~BareQueue() = default;

absl::StatusOr<std::unique_ptr<BareQueue>> BareQueue::Make(const World& world, const Netdev& netdev,
                                                           const std::string& path) {
  Skeleton skeleton(bare_queue_bpf__open_and_load());
  if (!skeleton) return ErrnoStatus(errno, "load the redirect to a socket");
  std::unique_ptr<BareQueue> self(new BareQueue(std::move(skeleton), world, netdev));
  XSW_ASSIGN_OR_RETURN(self->ifindex_, world.Ifindex(netdev));
  XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(self->netns_));
  XSW_RETURN_IF_ERROR(AttachXdp(bpf_program__fd(self->skeleton_->progs.bench_to_socket),
                                self->ifindex_, NewPin(),
                                absl::StrCat("attach the redirect to a socket to ", netdev.name)));
  XSW_RETURN_IF_ERROR(self->Listen(path));
  return self;
}

absl::Status BareQueue::Listen(const std::string& path) {
  sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = {}};
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  listener_ = Fd(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  if (!listener_ || bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) ||
      listen(listener_.get(), 4))
    return ErrnoStatus(errno, absl::StrCat("listen on ", path));
  return absl::OkStatus();
}

absl::StatusOr<int> BareQueue::ServeOne() {
  XSW_RETURN_IF_ERROR(WaitFor(listener_));
  Fd client(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  XSW_RETURN_IF_ERROR(WaitFor(client));
  Message message;
  Sizes sizes = {};
  if (Receive(client, &message) != xsw::Received::kMessage) return EBUSY;  // it has given up
  if (sscanf(message.text.c_str(), "/open,0,%u,%u,%u,%u,%u,%u", &sizes.rx, &sizes.tx, &sizes.fill,
             &sizes.comp, &sizes.chunk, &sizes.headroom) != 6)
    return absl::InternalError("an application does not ask for queue 0");
  XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(netns_));
  const Fd sock = MakeSocket(ifindex_, message.fd, sizes);
  const uint32_t zero = 0;
  const int fd = sock.get();
  if (!sock || bpf_map_update_elem(bpf_map__fd(skeleton_->maps.bench_xsks), &zero, &fd, BPF_ANY)) {
    const int err = errno;
    Send(client, absl::StrCat("/open_nak,", err, ",no queue"));
    return err;
  }
  Send(client,
       absl::StrCat("/open_ok,", ifindex_, ",0,", kMtu, ",1,", FormatMac(MacOf(netdev_.place))),
       sock);
  return 0;
}

// The kernel frees a queue some milliseconds after its last owner has ended; applications ask
// again.
absl::Status BareQueue::Serve() {
  for (int tries = 0; tries < 10; tries++) {
    XSW_ASSIGN_OR_RETURN(int err, ServeOne());
    if (err == 0) return absl::OkStatus();
    if (err != EBUSY) return ErrnoStatus(err, absl::StrCat("open a queue of ", netdev_.name));
  }
  return absl::UnavailableError(absl::StrCat("the queue of ", netdev_.name, " stays taken"));
}

}  // namespace xsw::bench
