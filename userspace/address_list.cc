// SPDX-License-Identifier: Apache-2.0
// The addresses beside its own that a netdev accepts, as the kernel has them.
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/socket.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "userspace/link.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr size_t kMacSize = std::tuple_size_v<Mac>;

void AddAddress(nlmsghdr* reply, std::set<Mac>* list) {
  const nlattr* address = nlmsg_find_attr(reply, sizeof(ndmsg), NDA_LLADDR);
  const auto* header = static_cast<const ndmsg*>(nlmsg_data(reply));
  if (!address || nla_len(address) != static_cast<int>(kMacSize) || !(header->ndm_flags & NTF_SELF))
    return;
  Mac mac;
  std::copy_n(static_cast<const uint8_t*>(nla_data(address)), kMacSize, mac.begin());
  list->insert(mac);
}

}  // namespace

// On a socket of its own: only one that checks strictly asks of one netdev and not of all.
absl::StatusOr<std::set<Mac>> SelfAddresses(int ifindex) {
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
  const int on = 1;
  if (setsockopt(nl_socket_get_fd(nl.sock()), SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof(on)))
    return ErrnoStatus(errno, "NETLINK_GET_STRICT_CHK");
  const NlMsg msg =
      NewMessage(RTM_GETNEIGH, NLM_F_DUMP, ndmsg{.ndm_family = PF_BRIDGE, .ndm_ifindex = ifindex});
  std::set<Mac> list;
  XSW_RETURN_IF_ERROR(nl.Send(msg, absl::StrCat("list what netdev ", ifindex, " accepts"),
                              [&](nlmsghdr* reply) { AddAddress(reply, &list); }));
  return list;
}

}  // namespace xsw
