// SPDX-License-Identifier: Apache-2.0
#include "userspace/netlink.h"

#include <linux/netlink.h>
#include <netlink/handlers.h>
#include <sys/socket.h>

#include <cerrno>

#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw {
namespace {

struct Reply {
  const std::function<void(nlmsghdr*)>* each;
  uint32_t seq = 0;  // the request's
  int err = 0;       // positive
  bool done = false;
  std::string extack;
};

// libnl's own check expects an answer to each request: after one whose sending or whose answer
// failed, it would refuse all answers to come.
int OnSequence(nl_msg* msg, void* arg) {
  return nlmsg_hdr(msg)->nlmsg_seq == static_cast<Reply*>(arg)->seq ? NL_OK : NL_SKIP;
}

int OnValid(nl_msg* msg, void* arg) {
  auto* reply = static_cast<Reply*>(arg);
  if (*reply->each) (*reply->each)(nlmsg_hdr(msg));
  return NL_OK;
}

int OnDone(nl_msg*, void* arg) {
  static_cast<Reply*>(arg)->done = true;
  return NL_STOP;
}

// The error's TLVs follow nlmsgerr directly: NETLINK_CAP_ACK keeps our own request out of it.
int OnError(sockaddr_nl*, nlmsgerr* error, void* arg) {
  auto* reply = static_cast<Reply*>(arg);
  reply->err = -error->error;
  reply->done = true;
  auto* header = reinterpret_cast<nlmsghdr*>(reinterpret_cast<char*>(error) - NLMSG_HDRLEN);
  int len = static_cast<int>(header->nlmsg_len) - NLMSG_HDRLEN - static_cast<int>(sizeof(*error));
  if (!(header->nlmsg_flags & NLM_F_ACK_TLVS) || len <= 0) return NL_STOP;
  nlattr* text = nla_find(reinterpret_cast<nlattr*>(error + 1), len, NLMSGERR_ATTR_MSG);
  if (text) reply->extack = nla_get_string(text);
  return NL_STOP;
}

}  // namespace

absl::StatusOr<Netlink> Netlink::Connect(int protocol) {
  NlSock sock(nl_socket_alloc());
  int on = 1;
  if (!sock) return absl::ResourceExhaustedError("open netlink: out of memory");
  if (int err = nl_connect(sock.get(), protocol))
    return absl::InternalError(absl::StrCat("open netlink: ", nl_geterror(err)));
  const int fd = nl_socket_get_fd(sock.get());
  if (setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on)) ||
      setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on)))
    return ErrnoStatus(errno, "open netlink");
  // A link's message with all its statistics is larger than libnl's default of one page.
  nl_socket_set_msg_buf_size(sock.get(), 1 << 16);
  return Netlink(std::move(sock));
}

absl::StatusOr<Netlink> Netlink::Open() { return Connect(NETLINK_ROUTE); }

absl::StatusOr<Netlink> Netlink::OpenGeneric() { return Connect(NETLINK_GENERIC); }

absl::StatusOr<Netlink> Netlink::OpenNetfilter() { return Connect(NETLINK_NETFILTER); }

absl::StatusOr<Netlink> Netlink::OpenIn(const Fd& netns) {
  return InNetns(netns, [] { return Open(); });
}

absl::Status Netlink::Send(const NlMsg& msg, const std::string& what,
                           const std::function<void(nlmsghdr*)>& each) {
  Reply reply{.each = &each};
  nlmsghdr* header = nlmsg_hdr(msg.get());
  header->nlmsg_flags |= NLM_F_ACK;
  header->nlmsg_seq = NL_AUTO_SEQ;  // a new one, also for a message that was sent before
  std::unique_ptr<nl_cb, FreeWith<nl_cb_put>> cb(nl_cb_alloc(NL_CB_DEFAULT));
  nl_cb_set(cb.get(), NL_CB_SEQ_CHECK, NL_CB_CUSTOM, OnSequence, &reply);
  nl_cb_set(cb.get(), NL_CB_VALID, NL_CB_CUSTOM, OnValid, &reply);
  nl_cb_set(cb.get(), NL_CB_FINISH, NL_CB_CUSTOM, OnDone, &reply);
  nl_cb_set(cb.get(), NL_CB_ACK, NL_CB_CUSTOM, OnDone, &reply);
  nl_cb_err(cb.get(), NL_CB_CUSTOM, OnError, &reply);
  if (int err = nl_send_auto(sock_.get(), msg.get()); err < 0)
    return absl::InternalError(absl::StrCat(what, ": ", nl_geterror(err)));
  reply.seq = header->nlmsg_seq;
  bool interrupted = false;
  while (!reply.done) {
    int err = nl_recvmsgs(sock_.get(), cb.get());
    interrupted |= err == -NLE_DUMP_INTR;
    if (err < 0 && err != -NLE_DUMP_INTR && !reply.done)
      return absl::InternalError(absl::StrCat(what, ": ", nl_geterror(err)));
  }
  if (interrupted && !reply.err)
    return absl::AbortedError(absl::StrCat(what, ": the list changed while it was read"));
  if (!reply.err) return absl::OkStatus();
  absl::Status status = ErrnoStatus(reply.err, what);
  if (reply.extack.empty()) return status;
  return absl::Status(status.code(), absl::StrCat(status.message(), " (", reply.extack, ")"));
}

}  // namespace xsw
