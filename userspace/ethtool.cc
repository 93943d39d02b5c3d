// SPDX-License-Identifier: Apache-2.0
#include "userspace/ethtool.h"

#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <thread>

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

absl::Status SetOffloadsOff(const std::string& netdev) {
  for (uint32_t command : {ETHTOOL_STXCSUM, ETHTOOL_STSO, ETHTOOL_SGSO}) {
    ethtool_value value = {.cmd = command, .data = 0};
    XSW_RETURN_IF_ERROR(Ethtool(netdev, &value, absl::StrCat("turn offloads of ", netdev, " off")));
  }
  ethtool_value value = {.cmd = ETHTOOL_GFLAGS};
  XSW_RETURN_IF_ERROR(Ethtool(netdev, &value, absl::StrCat("read offloads of ", netdev)));
  value.cmd = ETHTOOL_SFLAGS;
  value.data &= ~uint32_t{ETH_FLAG_RXVLAN | ETH_FLAG_TXVLAN};
  return Ethtool(netdev, &value, absl::StrCat("turn vlan offloads of ", netdev, " off"));
}

// sysfs shows the network namespace in which it was mounted, so a thread mounts one for itself.
absl::Status SetThreadedNapi(const std::string& netdev) {
  int err = 0;
  std::thread writer([&] {
    const std::string path = absl::StrCat("/sys/class/net/", netdev, "/threaded");
    if (unshare(CLONE_FS | CLONE_NEWNS) ||
        mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) ||
        mount("sysfs", "/sys", "sysfs", 0, nullptr)) {
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
