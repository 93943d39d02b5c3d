// SPDX-License-Identifier: Apache-2.0
#include "userspace/ethtool.h"

#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/ethtool_netlink.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <span>
#include <vector>

#include "userspace/fd.h"
#include "userspace/netlink.h"
#include "userspace/status.h"
#include "userspace/thread.h"

namespace xsw {
namespace {

constexpr const char* kGro[] = {"rx-gro"};
constexpr const char* kRxVlan[] = {"rx-vlan-hw-parse"};
constexpr const char* kOffloads[] = {
    "tx-checksum-ip-generic", "tx-checksum-sctp",        "tx-tcp-segmentation",
    "tx-tcp6-segmentation",   "tx-tcp-ecn-segmentation", "tx-generic-segmentation",
    "tx-udp-segmentation",    "tx-vlan-hw-insert",       "tx-vlan-stag-hw-insert",
    "rx-vlan-hw-parse",       "rx-vlan-stag-hw-parse"};

absl::StatusOr<NlMsg> Request(Netlink& nl, int command, int ifindex) {
  const int family = genl_ctrl_resolve(nl.sock(), ETHTOOL_GENL_NAME);
  if (family < 0)
    return absl::InternalError(absl::StrCat("find ethtool's netlink: ", nl_geterror(family)));
  NlMsg msg(nlmsg_alloc());
  genlmsg_put(msg.get(), NL_AUTO_PORT, NL_AUTO_SEQ, family, 0, NLM_F_REQUEST, command,
              ETHTOOL_GENL_VERSION);
  nlattr* header = nla_nest_start(msg.get(), ETHTOOL_A_FEATURES_HEADER | NLA_F_NESTED);
  nla_put_u32(msg.get(), ETHTOOL_A_HEADER_DEV_INDEX, static_cast<uint32_t>(ifindex));
  nla_nest_end(msg.get(), header);
  return msg;
}

// The names in one of an answer's lists.
std::vector<std::string> Names(nlmsghdr* header, int list) {
  std::vector<std::string> names;
  nlattr* set = nlmsg_find_attr(header, GENL_HDRLEN, list);
  nlattr* bits =
      set ? nla_find(static_cast<nlattr*>(nla_data(set)), nla_len(set), ETHTOOL_A_BITSET_BITS)
          : nullptr;
  if (!bits) return names;
  nlattr* bit;
  int left;
  nla_for_each_nested(bit, bits, left) {
    nlattr* name =
        nla_find(static_cast<nlattr*>(nla_data(bit)), nla_len(bit), ETHTOOL_A_BITSET_BIT_NAME);
    if (name) names.push_back(nla_get_string(name));
  }
  return names;
}

void PutWanted(const NlMsg& msg, std::span<const char* const> features, bool on) {
  nlattr* wanted = nla_nest_start(msg.get(), ETHTOOL_A_FEATURES_WANTED | NLA_F_NESTED);
  nlattr* bits = nla_nest_start(msg.get(), ETHTOOL_A_BITSET_BITS | NLA_F_NESTED);
  for (const char* name : features) {
    // In the list and without ETHTOOL_A_BITSET_BIT_VALUE: off.
    nlattr* bit = nla_nest_start(msg.get(), ETHTOOL_A_BITSET_BITS_BIT | NLA_F_NESTED);
    nla_put_string(msg.get(), ETHTOOL_A_BITSET_BIT_NAME, name);
    if (on) nla_put_flag(msg.get(), ETHTOOL_A_BITSET_BIT_VALUE);
    nla_nest_end(msg.get(), bit);
  }
  nla_nest_end(msg.get(), bits);
  nla_nest_end(msg.get(), wanted);
}

absl::Status SetFeatures(int ifindex, std::span<const char* const> features, bool on) {
  const std::string what =
      absl::StrCat("turn ", features.front(), features.size() > 1 ? " and other offloads" : "",
                   on ? " on" : " off", " on netdev ", ifindex);
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::OpenGeneric());
  XSW_ASSIGN_OR_RETURN(NlMsg msg, Request(nl, ETHTOOL_MSG_FEATURES_SET, ifindex));
  PutWanted(msg, features, on);
  // The kernel does what it can, says no error, and answers what is not as it was wanted.
  std::vector<std::string> refused;
  XSW_RETURN_IF_ERROR(nl.Send(
      msg, what, [&](nlmsghdr* header) { refused = Names(header, ETHTOOL_A_FEATURES_WANTED); }));
  if (refused.empty()) return absl::OkStatus();
  return absl::UnimplementedError(
      absl::StrCat(what, ": its driver cannot change ", refused.front()));
}

// Into the file of a netdev that sysfs shows by its name. Its directory stays that netdev's
// whatever happens to the name.
absl::Status WriteThreaded(const std::string& netdev, int ifindex, const std::string& what) {
  const std::string path = absl::StrCat("/sys/class/net/", netdev);
  Fd dir(open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!dir) return ErrnoStatus(errno, what);
  Fd index(openat(dir.get(), "ifindex", O_RDONLY | O_CLOEXEC));
  char text[16] = {};
  if (!index || read(index.get(), text, sizeof(text) - 1) < 0) return ErrnoStatus(errno, what);
  if (std::atoi(text) != ifindex)
    return absl::FailedPreconditionError(absl::StrCat(what, ": the name is another netdev's"));
  Fd file(openat(dir.get(), "threaded", O_WRONLY | O_CLOEXEC));
  if (!file || write(file.get(), "1", 1) != 1) return ErrnoStatus(errno, what);
  return absl::OkStatus();
}

}  // namespace

absl::Status SetGro(int ifindex, bool on) { return SetFeatures(ifindex, kGro, on); }

absl::StatusOr<bool> GetRxVlan(int ifindex) { return HasFeature(ifindex, kRxVlan[0]); }

absl::Status SetRxVlan(int ifindex, bool on) { return SetFeatures(ifindex, kRxVlan, on); }

absl::StatusOr<std::string> DriverOf(const std::string& netdev) {
  const Fd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ethtool_drvinfo info = {};
  info.cmd = ETHTOOL_GDRVINFO;
  ifreq request = {};
  netdev.copy(request.ifr_name, sizeof(request.ifr_name) - 1);
  request.ifr_data = reinterpret_cast<char*>(&info);
  if (!socket || ioctl(socket.get(), SIOCETHTOOL, &request))
    return ErrnoStatus(errno, absl::StrCat("ask for the driver of ", netdev));
  return std::string(info.driver, strnlen(info.driver, sizeof(info.driver)));
}

absl::StatusOr<bool> HasFeature(int ifindex, const std::string& feature) {
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::OpenGeneric());
  XSW_ASSIGN_OR_RETURN(NlMsg msg, Request(nl, ETHTOOL_MSG_FEATURES_GET, ifindex));
  bool on = false;
  XSW_RETURN_IF_ERROR(
      nl.Send(msg, absl::StrCat("read offloads of netdev ", ifindex), [&](nlmsghdr* header) {
        for (const std::string& name : Names(header, ETHTOOL_A_FEATURES_ACTIVE))
          on = on || name == feature;
      }));
  return on;
}

absl::Status SetOffloadsOff(int ifindex) { return SetFeatures(ifindex, kOffloads, false); }

// sysfs shows the network namespace in which it was mounted, so a thread mounts one for itself.
absl::Status SetThreadedNapi(const std::string& netdev, int ifindex) {
  const std::string what = absl::StrCat("thread NAPI of ", netdev);
  return InThread([&] {
    // EBUSY: what is mounted there shows our namespace already, as on a host.
    if (unshare(CLONE_FS | CLONE_NEWNS) ||
        mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) ||
        (mount("sysfs", "/sys", "sysfs", 0, nullptr) && errno != EBUSY))
      return ErrnoStatus(errno, what);
    return WriteThreaded(netdev, ifindex, what);
  });
}

}  // namespace xsw
