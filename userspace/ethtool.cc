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

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

#include "userspace/fd.h"
#include "userspace/netlink.h"
#include "userspace/status.h"

namespace xsw {
namespace {

template <typename T>
absl::Status Ethtool(const std::string& netdev, T* command, const std::string& what) {
  Fd sock(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request = {};
  std::strncpy(request.ifr_name, netdev.c_str(), IFNAMSIZ - 1);
  request.ifr_data = reinterpret_cast<char*>(command);
  if (!sock || ioctl(sock.get(), SIOCETHTOOL, &request)) return ErrnoStatus(errno, what);
  return absl::OkStatus();
}

}  // namespace

absl::Status SetGro(const std::string& netdev, bool on) {
  ethtool_value value = {.cmd = ETHTOOL_SGRO, .data = on};
  return Ethtool(netdev, &value, absl::StrCat("set gro of ", netdev));
}

absl::StatusOr<bool> GetRxVlan(const std::string& netdev) {
  ethtool_value value = {.cmd = ETHTOOL_GFLAGS};
  XSW_RETURN_IF_ERROR(Ethtool(netdev, &value, absl::StrCat("read offloads of ", netdev)));
  return (value.data & ETH_FLAG_RXVLAN) != 0;
}

absl::Status SetRxVlan(const std::string& netdev, bool on) {
  ethtool_value value = {.cmd = ETHTOOL_GFLAGS};
  XSW_RETURN_IF_ERROR(Ethtool(netdev, &value, absl::StrCat("read offloads of ", netdev)));
  value.cmd = ETHTOOL_SFLAGS;
  value.data = on ? value.data | ETH_FLAG_RXVLAN : value.data & ~uint32_t{ETH_FLAG_RXVLAN};
  return Ethtool(netdev, &value, absl::StrCat("set rxvlan of ", netdev));
}

absl::StatusOr<bool> HasFeature(const std::string& netdev, const std::string& feature) {
  const std::string what = absl::StrCat("read offloads of ", netdev);
  constexpr uint32_t kMax = 256;
  // As the kernel has them: a header, and as much behind it as the header says. A length that is not the
  // kernel's own gets no names, 0 gets all.
  std::vector<uint8_t> names(sizeof(ethtool_gstrings) + kMax * ETH_GSTRING_LEN);
  std::vector<uint8_t> blocks(sizeof(ethtool_gfeatures) +
                              kMax / 32 * sizeof(ethtool_get_features_block));
  auto* strings = reinterpret_cast<ethtool_gstrings*>(names.data());
  auto* features = reinterpret_cast<ethtool_gfeatures*>(blocks.data());
  *strings = {.cmd = ETHTOOL_GSTRINGS, .string_set = ETH_SS_FEATURES, .len = 0};
  *features = {.cmd = ETHTOOL_GFEATURES, .size = kMax / 32};
  XSW_RETURN_IF_ERROR(Ethtool(netdev, strings, what));
  XSW_RETURN_IF_ERROR(Ethtool(netdev, features, what));
  for (uint32_t i = 0; i < std::min(strings->len, kMax); i++) {
    const char* name = reinterpret_cast<const char*>(strings->data) + i * ETH_GSTRING_LEN;
    if (feature == std::string(name, strnlen(name, ETH_GSTRING_LEN)))
      return (features->features[i / 32].active >> (i % 32) & 1) != 0;
  }
  return false;
}

// By netlink: the ioctl knows no 802.1ad features.
absl::Status SetOffloadsOff(const std::string& netdev) {
  constexpr const char* kOffloads[] = {
      "tx-checksum-ip-generic", "tx-checksum-sctp",        "tx-tcp-segmentation",
      "tx-tcp6-segmentation",   "tx-tcp-ecn-segmentation", "tx-generic-segmentation",
      "tx-udp-segmentation",    "tx-vlan-hw-insert",       "tx-vlan-stag-hw-insert",
      "rx-vlan-hw-parse",       "rx-vlan-stag-hw-parse"};
  NlSock sock(nl_socket_alloc());
  int err = genl_connect(sock.get());
  const int family = err ? err : genl_ctrl_resolve(sock.get(), ETHTOOL_GENL_NAME);
  NlMsg msg(nlmsg_alloc());
  genlmsg_put(msg.get(), NL_AUTO_PORT, NL_AUTO_SEQ, family, 0, 0, ETHTOOL_MSG_FEATURES_SET,
              ETHTOOL_GENL_VERSION);
  nlattr* header = nla_nest_start(msg.get(), ETHTOOL_A_FEATURES_HEADER | NLA_F_NESTED);
  nla_put_string(msg.get(), ETHTOOL_A_HEADER_DEV_NAME, netdev.c_str());
  nla_nest_end(msg.get(), header);
  nlattr* wanted = nla_nest_start(msg.get(), ETHTOOL_A_FEATURES_WANTED | NLA_F_NESTED);
  nlattr* bits = nla_nest_start(msg.get(), ETHTOOL_A_BITSET_BITS | NLA_F_NESTED);
  for (const char* name : kOffloads) {
    // In the list and without ETHTOOL_A_BITSET_BIT_VALUE: off.
    nlattr* bit = nla_nest_start(msg.get(), ETHTOOL_A_BITSET_BITS_BIT | NLA_F_NESTED);
    nla_put_string(msg.get(), ETHTOOL_A_BITSET_BIT_NAME, name);
    nla_nest_end(msg.get(), bit);
  }
  nla_nest_end(msg.get(), bits);
  nla_nest_end(msg.get(), wanted);
  if (family >= 0) err = nl_send_sync(sock.get(), msg.release());
  if (family >= 0 && err >= 0) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("turn offloads of ", netdev, " off: ", nl_geterror(family < 0 ? family : err)));
}

// sysfs shows the network namespace in which it was mounted, so a thread mounts one for itself.
absl::Status SetThreadedNapi(const std::string& netdev) {
  int err = 0;
  std::thread writer([&] {
    const std::string path = absl::StrCat("/sys/class/net/", netdev, "/threaded");
    // EBUSY: what is mounted there shows our namespace already, as on a host.
    if (unshare(CLONE_FS | CLONE_NEWNS) ||
        mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) ||
        (mount("sysfs", "/sys", "sysfs", 0, nullptr) && errno != EBUSY)) {
      err = errno;
      return;
    }
    Fd file(open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!file || write(file.get(), "1", 1) != 1) err = errno;
  });
  writer.join();
  return err ? ErrnoStatus(err, absl::StrCat("thread NAPI of ", netdev)) : absl::OkStatus();
}

}  // namespace xsw
