// SPDX-License-Identifier: Apache-2.0
#include "userspace/ethtool.h"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

#include "userspace/fd.h"
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

absl::StatusOr<std::string> DriverName(const std::string& netdev) {
  ethtool_drvinfo info = {};
  info.cmd = ETHTOOL_GDRVINFO;
  XSW_RETURN_IF_ERROR(Ethtool(netdev, &info, absl::StrCat("read driver of ", netdev)));
  return std::string(info.driver, strnlen(info.driver, sizeof(info.driver)));
}

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

}  // namespace xsw
