// SPDX-License-Identifier: Apache-2.0
#include "tests/veth/queues/snares.h"

#include <fcntl.h>
#include <linux/fuse.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "tests/veth/sandbox.h"

namespace xsw::test {
namespace {

constexpr char kMountPoint[] = "/run/snare";

void WriteMap(const char* path, const std::string& text) {
  Fd map(open(path, O_WRONLY));
  Must(write(map.get(), text.data(), text.size()) > 0, path);
}

void BecomeRootOfOwnNamespaces() {
  const std::string uid = "0 " + std::to_string(getuid()) + " 1";
  const std::string gid = "0 " + std::to_string(getgid()) + " 1";
  prctl(PR_SET_DUMPABLE, 1);  // else /proc/self is root's since this process left it
  Must(unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0, "unshare a user namespace");
  WriteMap("/proc/self/uid_map", uid);
  WriteMap("/proc/self/setgroups", "deny");
  WriteMap("/proc/self/gid_map", gid);
}

template <typename Body>
void Reply(const Fd& fuse, const fuse_in_header& request, const Body& body, size_t size) {
  struct {
    fuse_out_header header;
    Body body;
  } reply = {{static_cast<uint32_t>(sizeof(fuse_out_header) + size), 0, request.unique}, body};
  if (write(fuse.get(), &reply, reply.header.len) < 0) _exit(1);
}

void Refuse(const Fd& fuse, const fuse_in_header& request) {
  const fuse_out_header reply = {sizeof(reply), -ENOSYS, request.unique};
  if (write(fuse.get(), &reply, sizeof(reply)) < 0) _exit(1);
}

// The one file, which is the root of its filesystem.
fuse_attr_out Attributes() {
  fuse_attr_out out = {};
  out.attr.ino = FUSE_ROOT_ID;
  out.attr.mode = S_IFREG | 0666;
  out.attr.nlink = 1;
  return out;
}

fuse_init_out Version() {
  fuse_init_out out = {};
  out.major = FUSE_KERNEL_VERSION;
  out.minor = FUSE_KERNEL_MINOR_VERSION;
  out.max_write = 4096;
  return out;
}

void Answer(const Fd& fuse, const fuse_in_header& request, uint32_t owner, const Fd& caught) {
  switch (request.opcode) {
    case FUSE_INIT:
      return Reply(fuse, request, Version(), sizeof(fuse_init_out));
    case FUSE_GETATTR:
      return Reply(fuse, request, Attributes(), sizeof(fuse_attr_out));
    case FUSE_OPEN:
      return Reply(fuse, request, fuse_open_out{}, sizeof(fuse_open_out));
    case FUSE_FLUSH:
      // The owner's end must not wait for what ends with it.
      if (request.pid == owner) return Refuse(fuse, request);
      Must(write(caught.get(), "", 1) == 1, "say that somebody is caught");
      return;
    default:
      return Refuse(fuse, request);
  }
}

// A process of its own: at the end of one that had the file too, the file would be closed before
// /dev/fuse.
void Serve(const Fd& fuse, uint32_t owner, const Fd& caught) {
  alignas(8) static char buffer[FUSE_MIN_READ_BUFFER + 4096];
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  while (read(fuse.get(), buffer, sizeof(buffer)) > 0)
    Answer(fuse, *reinterpret_cast<const fuse_in_header*>(buffer), owner, caught);
}

}  // namespace

FuseFile::FuseFile() {
  BecomeRootOfOwnNamespaces();
  Fd fuse(open("/dev/fuse", O_RDWR | O_CLOEXEC));
  int ends[2];
  Must(fuse && pipe(ends) == 0, "open /dev/fuse");
  caught_ = Fd(ends[0]);
  const Fd caught(ends[1]);
  const std::string options =
      "fd=" + std::to_string(fuse.get()) + ",rootmode=100666,user_id=0,group_id=0";
  Must(mount("snare", kMountPoint, "fuse", MS_NOSUID | MS_NODEV, options.c_str()) == 0,
       "mount FUSE");
  const pid_t owner = getpid();
  if (fork() == 0) {
    Serve(fuse, static_cast<uint32_t>(owner), caught);
    _exit(0);
  }
  fuse = Fd();
  file_ = Fd(open(kMountPoint, O_RDWR));
  Must(static_cast<bool>(file_), "open a file of FUSE");
}

void FuseFile::WaitForCatch() const {
  char byte;
  Must(read(caught_.get(), &byte, 1) == 1, "nobody is caught");
}

LingeringSocket::LingeringSocket()
    : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      client_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = {.sin_family = AF_INET};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  const int little = 4096;
  setsockopt(listener_.get(), SOL_SOCKET, SO_RCVBUF, &little, sizeof(little));
  Must(bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size) == 0 &&
           listen(listener_.get(), 1) == 0 &&
           getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0 &&
           connect(client_.get(), reinterpret_cast<sockaddr*>(&address), size) == 0,
       "connect over the loopback");
  server_ = Fd(accept(listener_.get(), nullptr, nullptr));
  const linger hour = {.l_onoff = 1, .l_linger = 3600};
  setsockopt(client_.get(), SOL_SOCKET, SO_LINGER, &hour, sizeof(hour));
  const std::string much(1 << 16, 'x');
  while (send(client_.get(), much.data(), much.size(), MSG_DONTWAIT) > 0) {
  }
}

}  // namespace xsw::test
