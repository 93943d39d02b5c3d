// SPDX-License-Identifier: Apache-2.0
#include "tests/sweep/refusal.h"

#include <sys/socket.h>
#include <sys/syscall.h>

#include "tests/veth/sandbox.h"

namespace xsw::test {
namespace {

struct Sent {
  uint64_t data;
  long bytes;
};

Sent WhatIsSent(const Tracee& tracee, const SystemCall& send) {
  if (send.number == SYS_sendto) return {send.args[1], static_cast<long>(send.args[2])};
  const auto message = tracee.Get<msghdr>(send.args[1]);
  const auto part = tracee.Get<iovec>(reinterpret_cast<uint64_t>(message.msg_iov));
  return {reinterpret_cast<uint64_t>(part.iov_base), static_cast<long>(part.iov_len)};
}

__u32 PortOf(const Fd& socket) {
  sockaddr_nl address = {};
  socklen_t length = sizeof(address);
  Must(getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &length) == 0,
       "getsockname");
  return address.nl_pid;
}

}  // namespace

void Refusal::Begin(const Tracee& tracee, const SystemCall& send, int error) {
  const Sent sent = WhatIsSent(tracee, send);
  socket_ = static_cast<int>(send.args[0]);
  waiting_ = true;
  answer_.error.error = -error;
  answer_.error.msg = tracee.Get<nlmsghdr>(sent.data);
  answer_.header = {sizeof(answer_), NLMSG_ERROR, NLM_F_CAPPED, answer_.error.msg.nlmsg_seq,
                    PortOf(tracee.File(socket_))};
  tracee.Skip(sent.bytes);
}

bool Refusal::Answer(const Tracee& tracee, const SystemCall& call) {
  if (!waiting_ || call.number != SYS_recvmsg || static_cast<int>(call.args[0]) != socket_)
    return false;
  auto message = tracee.Get<msghdr>(call.args[1]);
  const auto part = tracee.Get<iovec>(reinterpret_cast<uint64_t>(message.msg_iov));
  const sockaddr_nl kernel = {.nl_family = AF_NETLINK};
  if (message.msg_name && message.msg_namelen >= sizeof(kernel)) {
    tracee.Write(reinterpret_cast<uint64_t>(message.msg_name), &kernel, sizeof(kernel));
    message.msg_namelen = sizeof(kernel);
  }
  const bool fits = part.iov_len >= sizeof(answer_);
  tracee.Write(reinterpret_cast<uint64_t>(part.iov_base), &answer_,
               fits ? sizeof(answer_) : part.iov_len);
  message.msg_controllen = 0;
  message.msg_flags = fits ? 0 : MSG_TRUNC;
  tracee.Write(call.args[1], &message, sizeof(message));
  tracee.Skip(sizeof(answer_));
  // Who peeks asks again.
  waiting_ = call.args[2] & MSG_PEEK;
  return true;
}

}  // namespace xsw::test
