// SPDX-License-Identifier: Apache-2.0
// A netlink socket of libnl, with the kernel's own words in its errors.
#ifndef XSW_USERSPACE_NETLINK_H_
#define XSW_USERSPACE_NETLINK_H_

#include <netlink/msg.h>
#include <netlink/netlink.h>

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "userspace/fd.h"

namespace xsw {

// The function that frees T, as deleter of a unique_ptr.
template <auto kFree>
struct FreeWith {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using NlMsg = std::unique_ptr<nl_msg, FreeWith<nlmsg_free>>;
using NlSock = std::unique_ptr<nl_sock, FreeWith<nl_socket_free>>;

// Acts in the network namespace in which it was opened, wherever its owner goes later. One thread.
class Netlink {
 public:
  static absl::StatusOr<Netlink> Open();
  // Generic netlink, in the calling thread's namespace.
  static absl::StatusOr<Netlink> OpenGeneric();
  // Netfilter's, in the calling thread's namespace.
  static absl::StatusOr<Netlink> OpenNetfilter();
  // In another namespace, to which the caller does not go.
  static absl::StatusOr<Netlink> OpenIn(const Fd& netns);

  // Request and acknowledgement. what is "create eth0sf1"; the error is
  // "create eth0sf1: File exists (kernel's extended message)". Dump replies go to each. Aborted:
  // what was dumped changed meanwhile, and something may be missing or twice. Internal: the request
  // or its answer was lost on the way, so it may have been carried out or not; what the kernel
  // itself answers to a request that it understands and refuses (EINVAL, ENOMEM, ENOSPC,
  // EOPNOTSUPP, see status.cc) is never Internal. Requests after a failed one are not disturbed by
  // it.
  absl::Status Send(const NlMsg& msg, const std::string& what,
                    const std::function<void(nlmsghdr*)>& each = nullptr);

  nl_sock* sock() const { return sock_.get(); }

 private:
  static absl::StatusOr<Netlink> Connect(int protocol);
  explicit Netlink(NlSock sock) : sock_(std::move(sock)) {}
  NlSock sock_;
};

// A request of type (RTM_*), NLM_F_REQUEST and flags, with the family's fixed header.
template <typename Header>
NlMsg NewMessage(int type, int flags, const Header& header) {
  NlMsg msg(nlmsg_alloc_simple(type, NLM_F_REQUEST | flags));
  Header copy = header;
  nlmsg_append(msg.get(), &copy, sizeof(copy), NLMSG_ALIGNTO);
  return msg;
}

}  // namespace xsw

#endif  // XSW_USERSPACE_NETLINK_H_
