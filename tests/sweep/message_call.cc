// SPDX-License-Identifier: Apache-2.0
#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <cerrno>
#include <iterator>

#include "tests/sweep/call.h"

namespace xsw::test {
namespace {

// The first bytes of what is sent.
uint64_t AddressOfData(const Tracee& tracee, const SystemCall& call) {
  if (call.number == SYS_sendto) return call.args[1];
  const auto message = tracee.Get<msghdr>(call.args[1]);
  const auto part = tracee.Get<iovec>(reinterpret_cast<uint64_t>(message.msg_iov));
  return reinterpret_cast<uint64_t>(part.iov_base);
}

// NETLINK_ROUTE, NETLINK_GENERIC ...; -1: no netlink socket.
int NetlinkProtocol(const Tracee& tracee, int fd) {
  const Fd file = tracee.File(fd);
  int domain = 0, protocol = -1;
  socklen_t length = sizeof(int);
  if (!file || getsockopt(file.get(), SOL_SOCKET, SO_DOMAIN, &domain, &length) ||
      domain != AF_NETLINK || getsockopt(file.get(), SOL_SOCKET, SO_PROTOCOL, &protocol, &length))
    return -1;
  return protocol;
}

std::string NameOfType(int type) {
  // rtnetlink numbers its messages in fours, an object each: new, del, get, set.
  constexpr const char* kVerbs[] = {"new", "del", "get", "set"};
  constexpr const char* kObjects[] = {"link", "addr",  "route",  "neigh",
                                      "rule", "qdisc", "tclass", "tfilter"};
  const size_t object = static_cast<size_t>(type - RTM_BASE) / 4;
  std::string name = object < std::size(kObjects) ? kObjects[object] : "#" + std::to_string(object);
  if (type >= RTM_NEWNSID && type < RTM_NEWNSID + 4) name = "nsid";
  if (type >= RTM_NEWLINKPROP && type < RTM_NEWLINKPROP + 4) name = "linkprop";
  return kVerbs[type & 3] + name;
}

}  // namespace

std::optional<Call> RecogniseMessage(const Tracee& tracee, const SystemCall& call) {
  const int protocol = NetlinkProtocol(tracee, static_cast<int>(call.args[0]));
  if (protocol != NETLINK_ROUTE && protocol != NETLINK_GENERIC) return std::nullopt;
  const uint64_t data = AddressOfData(tracee, call);
  const auto header = tracee.Get<nlmsghdr>(data);
  const std::vector<int> errnos = {ENOMEM, ENOBUFS, EINTR};
  if (protocol == NETLINK_ROUTE) {
    if (header.nlmsg_type < RTM_BASE || (header.nlmsg_type & 3) == (RTM_GETLINK & 3))
      return std::nullopt;
    // "No memory" is how a full unicast list is said, which is no failure but means promiscuous.
    const bool neigh = header.nlmsg_type == RTM_NEWNEIGH;
    return Call{"netlink " + NameOfType(header.nlmsg_type), errnos,
                neigh ? std::vector<int>{EPERM} : std::vector<int>{EBUSY, ENOMEM}};
  }
  // Of the families that xsw speaks with, ethtool's alone changes something.
  const auto generic = tracee.Get<genlmsghdr>(data + NLMSG_HDRLEN);
  if (header.nlmsg_type == GENL_ID_CTRL || generic.cmd != ETHTOOL_MSG_FEATURES_SET)
    return std::nullopt;
  return Call{"netlink ethtool features", errnos, {EBUSY, ENOMEM}};
}

}  // namespace xsw::test
