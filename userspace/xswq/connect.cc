// SPDX-License-Identifier: Apache-2.0
// The one request that this library makes of xswd; see tools/xswd/open.h for its words.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "userspace/xswq/queue_pair.h"

namespace {

using xswq_internal::Fail;

constexpr char kStart[] = "start it with `systemctl start xswd`, or `xswd &` as root";
constexpr timeval kPatience = {.tv_sec = 5, .tv_usec = 0};

// "eth0/3" -> "/run/xsw/eth0/3.sock".
int SocketPath(const char* port, sockaddr_un* address) {
  address->sun_family = AF_UNIX;
  const char* slash = port ? std::strrchr(port, '/') : nullptr;
  if (!slash || slash[1] == '\0')
    return Fail(-EINVAL, "open %s: not a port like eth0/3, nor the path of its socket",
                port ? port : "(null)");
  const int length = std::snprintf(address->sun_path, sizeof(address->sun_path),
                                   port[0] == '/' ? "%s" : "/run/xsw/%s.sock", port);
  if (length >= static_cast<int>(sizeof(address->sun_path)))
    return Fail(-ENAMETOOLONG, "open %s: the path of its socket is too long", port);
  return 0;
}

// Why there is no connection, as far as one can tell without rights.
int NoConnection(const char* port, sockaddr_un address, int error) {
  char* path = address.sun_path;
  if (error == ECONNREFUSED)
    return Fail(-error, "open %s: xswd has ended (nobody listens on %s): %s", port, path, kStart);
  if (error == EACCES)
    return Fail(-error,
                "open %s: this user is not its owner (xsw port function set %s owner USER:GROUP)",
                port, port);
  if (error == EAGAIN) return Fail(-ETIMEDOUT, "open %s: xswd does not answer", port);
  if (error != ENOENT) return Fail(-error, "open %s: %s: %s", port, path, std::strerror(error));
  *std::strrchr(path, '/') = '\0';
  if (access(path, F_OK))
    return Fail(-error, "open %s: xswd does not run here (there is no %s): %s", port, path, kStart);
  return Fail(
      -error,
      "open %s: xswd serves no such port: it must exist and be of class queues with program "
      "xsk (xsw port show %s)",
      port, port);
}

int SendRequest(int sock, const xswq_attr& attr, int memfd) {
  char text[64];
  const int length = std::snprintf(text, sizeof(text), "/open,%u,%u,%u,%u,%u,%u,%u", attr.queue,
                                   attr.recv_depth, attr.send_depth, attr.recv_depth,
                                   attr.send_depth, attr.buffer_size, attr.headroom);
  iovec piece = {.iov_base = text, .iov_len = static_cast<size_t>(length)};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr message = {};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(header), &memfd, sizeof(memfd));
  // A refusal may have come, and the connection gone, before our request: it can still be read.
  return sendmsg(sock, &message, MSG_NOSIGNAL) < 0 && errno != EPIPE ? -errno : 0;
}

// Bytes of the reply, 0-terminated; *fd is -1 if it brought none.
ssize_t ReceiveReply(int sock, char* text, size_t size, int* fd) {
  iovec piece = {.iov_base = text, .iov_len = size - 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))];
  msghdr message = {};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = CMSG_LEN(sizeof(int));
  *fd = -1;
  const ssize_t length = recvmsg(sock, &message, MSG_CMSG_CLOEXEC);
  if (length < 0) return -errno;
  text[length] = '\0';
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
    std::memcpy(fd, CMSG_DATA(header), sizeof(*fd));
  return length;
}

// Before Linux 6.4 the rings are mapped before the socket is bound.
int MapThenBind(const char* port, int sock, const xswq_attr& attr, xswq_qp* qp) {
  constexpr char kBind[] = "/bind";
  if (int error = xswq_internal::MapRings(attr, qp)) return error;
  if (send(sock, kBind, sizeof(kBind) - 1, MSG_NOSIGNAL) < 0 && errno != EPIPE)
    return Fail(-errno, "open %s: ask xswd: %s", port, std::strerror(errno));
  return 0;
}

int ReadReply(const char* port, int sock, const xswq_attr& attr, xswq_qp* qp) {
  char text[512];
  int error = 0, offset = 0, fd = -1;
  ssize_t length = ReceiveReply(sock, text, sizeof(text), &qp->fd);
  if (length > 0 && std::strcmp(text, "/open_map") == 0 && qp->fd >= 0) {
    error = MapThenBind(port, sock, attr, qp);
    if (error) return error;
    length = ReceiveReply(sock, text, sizeof(text), &fd);
    if (fd >= 0) close(fd);
  }
  if (length == -EAGAIN) return Fail(-ETIMEDOUT, "open %s: xswd does not answer", port);
  if (length <= 0) return Fail(-ECONNRESET, "open %s: xswd closed the connection", port);
  xswq_info& info = qp->info;
  uint8_t* mac = info.hw_addr;
  if (std::sscanf(text, "/open_ok,%u,%u,%u,%u,%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &info.ifindex,
                  &info.queue, &info.mtu, &info.multi_buffer, mac, mac + 1, mac + 2, mac + 3,
                  mac + 4, mac + 5) == 10 &&
      qp->fd >= 0)
    return 0;
  if (std::sscanf(text, "/open_nak,%d,%n", &error, &offset) == 1 && offset && error > 0)
    return Fail(-error, "open %s: %s", port, text + offset);
  return Fail(-EPROTO, "open %s: xswd answers \"%s\": is it of another version?", port, text);
}

}  // namespace

int xswq_internal::Connect(const char* port, const xswq_attr& attr, int memfd, xswq_qp* qp) {
  sockaddr_un address = {};
  if (int error = SocketPath(port, &address)) return error;
  const int sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  if (sock < 0) return Fail(-errno, "open %s: make a socket: %s", port, std::strerror(errno));
  setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof(kPatience));
  setsockopt(sock, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof(kPatience));
  int error = 0;
  if (connect(sock, reinterpret_cast<sockaddr*>(&address), sizeof(address)))
    error = NoConnection(port, address, errno);
  if (!error) {
    error = SendRequest(sock, attr, memfd);
    if (error) Fail(error, "open %s: ask xswd: %s", port, std::strerror(-error));
  }
  if (!error) error = ReadReply(port, sock, attr, qp);
  close(sock);
  return error;
}
