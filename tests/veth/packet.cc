// SPDX-License-Identifier: Apache-2.0
#include "tests/veth/packet.h"

#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <utility>

#include "tests/veth/sandbox.h"

namespace xsw::test {
namespace {

void SetOption(int fd, int option, int value) {
  Must(setsockopt(fd, SOL_PACKET, option, &value, sizeof(value)) == 0, "setsockopt SOL_PACKET");
}

// What the kernel tells beside the data.
void TakeAux(const msghdr& message, Received& received) {
  for (cmsghdr* c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(const_cast<msghdr*>(&message), c)) {
    if (c->cmsg_level != SOL_PACKET || c->cmsg_type != PACKET_AUXDATA) continue;
    tpacket_auxdata aux;
    std::memcpy(&aux, CMSG_DATA(c), sizeof(aux));
    received.checksum_partial = aux.tp_status & TP_STATUS_CSUMNOTREADY;
    if (!(aux.tp_status & TP_STATUS_VLAN_VALID)) continue;
    Bytes tag;
    Append16(tag, aux.tp_vlan_tpid);
    Append16(tag, aux.tp_vlan_tci);
    received.frame.insert(received.frame.begin() + 12, tag.begin(), tag.end());
    received.accelerated = true;
  }
}

// return bpf_redirect(ifindex, 0)
Fd LoadRedirect(int ifindex) {
  const bpf_insn insns[] = {
      {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_1, .imm = ifindex},
      {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_2, .imm = 0},
      {.code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_redirect},
      {.code = BPF_JMP | BPF_EXIT},
  };
  Fd program(
      bpf_prog_load(BPF_PROG_TYPE_XDP, "test_redirect", "GPL", insns, std::size(insns), nullptr));
  Must(static_cast<bool>(program), "load a redirecting XDP program");
  return program;
}

}  // namespace

PacketSocket::PacketSocket(const std::string& netns, const std::string& dev, uint16_t protocol)
    : name_(netns + "/" + dev) {
  InNetns in(netns);
  fd_ = Fd(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  Must(static_cast<bool>(fd_), "socket AF_PACKET");
  SetOption(fd_.get(), PACKET_AUXDATA, 1);
  SetOption(fd_.get(), PACKET_IGNORE_OUTGOING, 1);
  const int room = 64 << 20;
  setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
  sockaddr_ll where = {};
  where.sll_family = AF_PACKET;
  where.sll_protocol = htons(protocol);
  where.sll_ifindex = static_cast<int>(if_nametoindex(dev.c_str()));
  Must(where.sll_ifindex != 0, "find " + name_);
  Must(bind(fd_.get(), reinterpret_cast<sockaddr*>(&where), sizeof(where)) == 0, "bind " + name_);
}

bool PacketSocket::Send(const Bytes& frame) const {
  // Twice: a socket whose netdev was down meanwhile says so once although it is up again.
  for (int attempt = 0; attempt < 2; attempt++) {
    if (send(fd_.get(), frame.data(), frame.size(), 0) == static_cast<ssize_t>(frame.size()))
      return true;
    // ENOBUFS: a queue behind the netdev has dropped it, which is what some tests are about.
    if (errno == ENOBUFS) return true;
    Must(errno == ENETDOWN || errno == ENXIO || errno == ENODEV, "send on " + name_);
  }
  return false;
}

bool PacketSocket::SendBypassingTc(const Bytes& frame) const {
  SetOption(fd_.get(), PACKET_QDISC_BYPASS, 1);
  const bool sent = Send(frame);
  SetOption(fd_.get(), PACKET_QDISC_BYPASS, 0);
  return sent;
}

std::optional<Received> PacketSocket::Receive(int limit_ms) const {
  pollfd readable = {.fd = fd_.get(), .events = POLLIN, .revents = 0};
  if (poll(&readable, 1, limit_ms) != 1 || !(readable.revents & POLLIN)) return std::nullopt;
  // One for all: tests keep some hundred thousand frames.
  static thread_local Bytes room(1 << 17);
  iovec data = {.iov_base = room.data(), .iov_len = room.size()};
  alignas(cmsghdr) char control[256];
  sockaddr_ll from = {};
  msghdr message = {};
  message.msg_name = &from;
  message.msg_namelen = sizeof(from);
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  const ssize_t n = recvmsg(fd_.get(), &message, 0);
  if (n < ETH_HLEN) return std::nullopt;
  Received received;
  received.frame.assign(room.begin(), room.begin() + n);
  received.pkttype = from.sll_pkttype;
  TakeAux(message, received);
  return received;
}

XdpSender::XdpSender(const std::string& netns, const std::string& dev) : netns_(netns) {
  InNetns in(netns);
  program_ = LoadRedirect(static_cast<int>(if_nametoindex(dev.c_str())));
}

void XdpSender::Send(const Bytes& frame, uint32_t times) const {
  InNetns in(netns_);
  bpf_test_run_opts opts = {};
  opts.sz = sizeof(opts);
  opts.data_in = frame.data();
  opts.data_size_in = static_cast<uint32_t>(frame.size());
  opts.repeat = static_cast<int>(times);
  opts.flags = BPF_F_TEST_XDP_LIVE_FRAMES;
  opts.batch_size = times > 1 ? 64 : 1;
  Must(bpf_prog_test_run_opts(program_.get(), &opts) == 0, "live BPF_PROG_TEST_RUN");
}

Bytes Numbered(const Frame& frame, uint32_t id) {
  Bytes bytes = frame.bytes;
  std::memcpy(bytes.data() + bytes.size() - sizeof(id), &id, sizeof(id));
  return bytes;
}

uint32_t IdOf(const Bytes& frame) {
  uint32_t id;
  std::memcpy(&id, frame.data() + frame.size() - sizeof(id), sizeof(id));
  return id;
}

bool IsTestFrame(const Bytes& frame) {
  size_t at = 12;
  auto type = [&] { return static_cast<uint16_t>(frame[at] << 8 | frame[at + 1]); };
  while (at + 6 <= frame.size() && (type() == ETH_P_8021Q || type() == ETH_P_8021AD)) at += 4;
  return at + 2 <= frame.size() && type() == kTestType;
}

}  // namespace xsw::test
